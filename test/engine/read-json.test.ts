import fc from 'fast-check';
import { compileFlatRecord } from '../../src/engine/parse-flat-record';
import { parseJsonRecord } from '../../src/engine/parse-json-record';
import { readJsonArray, readJsonLines, type JsonReading } from '../../src/engine/read-json';
import type { JsonRow } from '../../src/engine/scan-json-lines';
import { all, borders, bytesOf, inChunks } from './chunks';

const KEYS = ['a', 'b'];
const reading = (rowCharacters = 1000): JsonReading => ({ limits: { rowCharacters, depth: 32 } });
const lines = (text: string, largestRow?: number) =>
  all(readJsonLines(bytesOf(text), KEYS, reading(largestRow)));
const array = (text: string, largestRow?: number) =>
  all(readJsonArray(bytesOf(text), KEYS, reading(largestRow)));
const faults = (rows: JsonRow[]) => rows.map(({ row, line, fault }) => [row, line, fault ?? 'ok'].join(' '));

const text = fc.string({
  unit: fc.constantFrom('x', '"', '\\', '\n', 'é', '🎉', '{', ']', ','),
  maxLength: 6,
});
const value = fc.oneof(
  text,
  fc.constant(null),
  fc.boolean(),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);
const record = fc.record({ a: value, b: value });

const toText = (row: JsonRow): unknown[] => {
  const values = row.values ?? KEYS.map((key) => row.record?.get(key) ?? null);
  return values.map((each) => each?.text ?? null);
};
const expected = (each: { a: unknown; b: unknown }): unknown[] =>
  [each.a, each.b].map((of) => (of === null ? null : typeof of === 'string' ? of : JSON.stringify(of)));

describe('JSON lines and JSON arrays', () => {
  it('give back any records at any chunk borders, written plainly or not', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(record, { maxLength: 6 }),
        fc.boolean(),
        borders,
        async (records, pretty, places) => {
          const jsonl = Buffer.from(records.map((each) => `${JSON.stringify(each)}\n`).join(''));
          const json = Buffer.from(JSON.stringify(records, null, pretty ? 2 : 0));
          const fromLines = await all(readJsonLines(inChunks(jsonl, places), KEYS));
          const fromArray = await all(readJsonArray(inChunks(json, places), KEYS));
          expect(fromLines.map(toText)).toEqual(records.map(expected));
          expect(fromArray.map(toText)).toEqual(records.map(expected));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('keep every digit of a number', async () => {
    const [row] = await lines('{"a":9007199254740993,"b":0.1000000000000000055511151231257827}\n');
    expect(row && toText(row)).toEqual(['9007199254740993', '0.1000000000000000055511151231257827']);
  });

  it.each([
    ['a missing brace', '{"a":1'],
    ['a comma too many', '{"a":1,}'],
    ['single quotes', "{'a':1}"],
    ['a leading zero', '{"a":01,"b":1}'],
    ['NaN', '{"a":NaN,"b":1}'],

    ['two values', '{"a":1,"b":2} {"a":1,"b":2}'],
    ['half a character', '{"a":"\\ud83c","b":1}'],
    ['a control character', '{"a":"\t","b":1}'],
    ['no object', '[1]'],
    ['a number alone', '1'],
    ['nothing', ''],
  ])('a line with %s is malformed, and the next is read', async (_name, line) => {
    expect(faults(await lines(`${line}\n{"a":1,"b":2}\n`))).toEqual(['1 1 malformed-json', '2 2 ok']);
  });

  it.each([
    ['a key twice', '{"a":1,"a":2}', 'repeated-json-key'],
    ['a key twice with the same value', '{"a":1,"b":2,"a":1}', 'repeated-json-key'],
    ['a key twice, once with an escape', '{"a":1,"\\u0061":1}', 'repeated-json-key'],
    ['a key twice further in', '{"a":[{"x":1,"x":1}],"b":2}', 'repeated-json-key'],
    ['more nesting than is allowed', `{"a":${'['.repeat(32)}${']'.repeat(32)},"b":1}`, 'too-deep'],
    ['endless nesting', `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 'too-deep'],
    ['endless nesting, open', '{"a":'.repeat(50_000), 'too-deep'],
  ])('a line with %s is refused, and the next is read', async (_name, line, fault) => {
    expect(faults(await lines(`${line}\n{"a":1,"b":2}\n`, 1_000_000))).toEqual([`1 1 ${fault}`, '2 2 ok']);
  });

  it('nesting up to the bound, and colons in strings, are no faults', async () => {
    const deep = `{"a":${'['.repeat(31)}${']'.repeat(31)},"b":":{:"}`;
    expect(faults(await lines(`${deep}\n`))).toEqual(['1 1 ok']);
  });

  it('lines may end with CRLF and the file begin with a byte order mark; blank lines are as the format says', async () => {
    const file = '\uFEFF{"a":1,"b":2}\r\n\r\n{"a":3,"b":"x"}\r\n \n{"a":4,"b":5}';
    expect(faults(await lines(file))).toEqual([
      '1 1 ok',
      '2 2 malformed-json',
      '3 3 ok',
      '4 4 malformed-json',
      '5 5 ok',
    ]);
    const skipping = { ...reading(), blankLines: 'skipped' } as const;
    const rows = await all(readJsonLines(bytesOf(file), KEYS, skipping));
    expect(faults(rows)).toEqual(['1 1 ok', '2 3 ok', '3 5 ok']);
    expect(rows.map(toText)).toEqual([
      ['1', '2'],
      ['3', 'x'],
      ['4', '5'],
    ]);
  });

  it('UTF-16 is told by its byte order mark, and that JSON is UTF-8', async () => {
    const utf16 = Buffer.from('\uFEFF{"a":1,"b":2}\n', 'utf16le');
    await expect(all(readJsonLines(inChunks(utf16, [1]), KEYS))).rejects.toMatchObject({
      name: 'EncodingFault',
      expected: 'utf-8, which JSON is always in (RFC 8259)',
      received: 'UTF-16 (little-endian), as its byte order mark says',
    });
  });

  it('a line without an end is refused at its bound, and the next is read', async () => {
    expect(faults(await lines(`{"a":"${'x'.repeat(100)}","b":1}\n{"a":1,"b":2}\n`, 50))).toEqual([
      '1 1 row-too-large',
      '2 2 ok',
    ]);
  });

  it('bytes that are no UTF-8 are a fault of their line or element alone', async () => {
    const bad = (before: string, after: string): Buffer =>
      Buffer.concat([Buffer.from(before), Buffer.from([0xe9]), Buffer.from(after)]);
    const inLines = bad('{"a":1,"b":2}\n{"a":"', '","b":1}\n{"a":1,"b":2}\n');
    expect(faults(await all(readJsonLines(inChunks(inLines, [3, 22]), KEYS)))).toEqual([
      '1 1 ok',
      '2 2 not-utf-8',
      '3 3 ok',
    ]);
    const inArray = bad('[{"a":1,"b":2},{"a":"', '","b":1},\n{"a":1,"b":2}]');
    expect(faults(await all(readJsonArray(inChunks(inArray, [3, 22]), KEYS)))).toEqual([
      '1 1 ok',
      '2 1 not-utf-8',
      '3 2 ok',
    ]);
  });
});

describe('a JSON array', () => {
  it.each([
    ['an object instead', '{"a":1,"b":2}', ['1 1 malformed-json']],
    ['no end', '[{"a":1,"b":2}', ['1 1 ok', '2 1 malformed-json']],
    ['a comma too many', '[{"a":1,"b":2},\n]', ['1 1 ok', '2 2 malformed-json']],
    ['a comma too few', '[{"a":1,"b":2}\n{"a":1,"b":2}]', ['1 1 ok', '2 2 malformed-json']],
    ['text behind it', '[{"a":1,"b":2}]x', ['1 1 ok', '2 1 malformed-json']],
    ['an element that is no object', '[1]', ['1 1 malformed-json']],
    ['nothing at all', ' ', ['1 1 malformed-json']],
    ['a brace too many', '[{"a":1,"b":2}}]', ['1 1 ok', '2 1 malformed-json']],
  ])('with %s is refused', async (_name, json, found) => {
    expect(faults(await array(json))).toEqual(found);
  });

  it('may be empty, and may have anything as space', async () => {
    expect(await array(' \n[ ]\r\n')).toEqual([]);
  });

  it('reads on behind a malformed element, and stops at one that is too large', async () => {
    expect(faults(await array('[{"a":1,},{"a":1,"b":2}]'))).toEqual(['1 1 malformed-json', '2 1 ok']);
    expect(faults(await array(`[{"a":"${'x'.repeat(100)}`, 50))).toEqual(['1 1 row-too-large']);
  });
});

describe('the quick way and the thorough way', () => {
  const almostJson = fc.string({
    unit: fc.constantFrom(
      '{"a":',
      ',"b":',
      '}',
      '1',
      '0',
      '-',
      '.',
      'e',
      '"',
      'x',
      '\\',
      'n',
      '\t',
      'null',
      'true',
      ' ',
      '\\u00e9',
      '\\ud83c',
      '🎉',
    ),
    maxLength: 10,
  });
  const nearlyRecord = fc
    .tuple(
      fc.oneof(
        value.map((each) => JSON.stringify(each)),
        almostJson,
      ),
      fc.oneof(
        value.map((each) => JSON.stringify(each)),
        almostJson,
      ),
    )
    .map(([a, b]) => `{"a":${a},"b":${b}}`);

  it('give the same values wherever the quick way takes a text', () => {
    const parse = compileFlatRecord(KEYS);
    let taken = 0;
    fc.assert(
      fc.property(fc.oneof(nearlyRecord, almostJson), (line) => {
        const values = parse(line);
        if (!values) return;
        taken += 1;
        const thorough = parseJsonRecord(line, 32);
        const record = typeof thorough === 'string' ? new Map<string, never>() : thorough;
        expect(values).toEqual(KEYS.map((key) => record.get(key)));
        expect(record.size).toBe(KEYS.length);
      }),
      { numRuns: 3000 },
    );
    expect(taken).toBeGreaterThan(100);
  });
});
