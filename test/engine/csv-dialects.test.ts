import fc from 'fast-check';
import { csv, type CsvFormat, type CsvOptions } from '../../src/definition/format';
import { readCsv } from '../../src/engine/read-csv';
import type { CsvRow } from '../../src/engine/scan-csv';
import { all, borders, bytesOf, inChunks } from './chunks';

const dialect = (options: CsvOptions): CsvFormat => csv(options);
const read = (text: string, options: CsvOptions): Promise<CsvRow[]> =>
  all(readCsv(bytesOf(text), dialect(options)));
const shortly = (rows: readonly CsvRow[]): string[] =>
  rows.map(({ row, line, fault, fields }) => `${row}/${line} ${fault ?? fields.join('|')}`);

describe('comments, skipped lines and blank lines', () => {
  it('are no rows, and lines are still counted', async () => {
    const text = 'Report of May\n"not a quote\na,b\n# nothing, "here\n1,2\n\n\r\n#\n3,"x\n#y"\n';
    const rows = await read(text, { skipLines: 2, comment: '#', blankLines: 'skipped' });
    expect(shortly(rows)).toEqual(['0/3 a|b', '1/5 1|2', '2/9 3|x\n#y']);
  });

  it('end with the file as any line does', async () => {
    expect(shortly(await read('a\n1\n# end', { comment: '#' }))).toEqual(['0/1 a', '1/2 1']);
    expect(shortly(await read('only\nthese', { skipLines: 5 }))).toEqual([]);
  });

  it('are the same at any borders of chunks', async () => {
    const text = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', '#', '\\'), maxLength: 60 });
    const options = fc.record({
      comment: fc.constant('#'),
      skipLines: fc.nat(2),
      blankLines: fc.constantFrom('refused' as const, 'skipped' as const),
      escape: fc.constantFrom('doubled' as const, 'backslash' as const),
      lineEnd: fc.constantFrom('lf-or-crlf' as const, 'cr' as const),
      quote: fc.constantFrom('"', null),
    });
    await fc.assert(
      fc.asyncProperty(text, options, borders, async (body, chosen, places) => {
        const format = dialect(chosen);
        const whole = await all(readCsv(bytesOf(body), format));
        expect(await all(readCsv(inChunks(Buffer.from(body), places), format))).toEqual(whole);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('escapes', () => {
  const field = fc.string({ unit: fc.constantFrom('a', ',', '"', '\\', '\n', 'N'), maxLength: 6 });
  const write = (text: string): string => `"${text.replaceAll(/["\\]/g, '\\$&')}"`;

  it('behind a backslash give back any field', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(field, { minLength: 1, maxLength: 4 }), async (fields) => {
        const [row] = await read(`${fields.map(write).join(',')}\n`, { escape: 'backslash' });
        expect(row).toMatchObject({ fields, quoted: fields.map(() => true) });
      }),
      { numRuns: 1000 },
    );
  });

  it('stand in bare fields too, and \\N is told from a field that says so', async () => {
    const [row] = await read('a\\,b,c\\"d,\\N,\\\\N,\\\\\n', { escape: 'backslash' });
    expect(row?.fields).toEqual(['a,b', 'c"d', '\\N', '\\N', '\\']);
    expect(row?.quoted).toEqual([undefined, undefined, undefined, true]);
  });

  it.each(['"a\\n"', 'a\\n', '\\', 'x\\N', '"a""b"', '"a\\"'])('%s is a fault', async (text) => {
    expect(shortly(await read(`${text}\n`, { escape: 'backslash' }))[0]).toBe('0/1 bad-quote');
  });

  it('a quote is a character like any other where the dialect has none', async () => {
    expect(shortly(await read('"a"b,"\n', { quote: null }))).toEqual(['0/1 "a"b|"']);
  });
});

describe('line ends', () => {
  it('of carriage returns alone are taken where the dialect says so, and no others', async () => {
    const rows = await read('a,b\r1,"x\r\ny"\r2,z\n\r', { lineEnd: 'cr' });
    expect(shortly(rows)).toEqual(['0/1 a|b', '1/2 1|x\r\ny', '2/4 bad-quote']);
  });

  it('without a header the first record is row 1', async () => {
    expect(shortly(await read('1,2\n3,4', { header: false }))).toEqual(['1/1 1|2', '2/2 3|4']);
  });
});

describe('encodings', () => {
  const texts = fc.string({ unit: fc.constantFrom('a', 'é', '🎉', ',', '\n', '"x\n"', '€'), maxLength: 30 });
  const encodeBigEndian = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();

  it.each([
    ['utf-16', (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le')],
    ['utf-16', (text: string) => encodeBigEndian(`\uFEFF${text}`)],
    ['utf-16le', (text: string) => Buffer.from(text, 'utf16le')],
    ['utf-16le', (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le')],
    ['utf-16be', encodeBigEndian],
    ['utf-8', (text: string) => Buffer.from(`\uFEFF${text}`)],
  ] as const)('%s gives the records that UTF-8 gives, at any borders of chunks', async (encoding, encode) => {
    await fc.assert(
      fc.asyncProperty(texts, borders, async (text, places) => {
        const expected = await read(text, {});
        const found = await all(readCsv(inChunks(encode(text), places), dialect({ encoding })));
        expect(found).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  it('of one byte a character', async () => {
    const bytes = Buffer.from([0xe9, 0x80, 0x2c, 0x93, 0x0a]);
    const [latin1] = await all(readCsv(inChunks(bytes, [1]), dialect({ encoding: 'latin1' })));
    const [windows] = await all(readCsv(inChunks(bytes, [1]), dialect({ encoding: 'windows-1252' })));
    expect(latin1?.fields).toEqual(['é\u0080', '\u0093']);
    expect(windows?.fields).toEqual(['é€', '“']);
  });

  it('bytes that have no meaning are a fault of the record that they are in', async () => {
    const windows = Buffer.from('h,i\nok,1\n"a\n\x81",2\nok,3\n', 'latin1');
    const utf16 = Buffer.from('h,i\nok,1\n"a\n\uD83C",2\nok,3\n', 'utf16le');
    await fc.assert(
      fc.asyncProperty(borders, async (places) => {
        for (const [bytes, encoding] of [
          [windows, 'windows-1252'],
          [utf16, 'utf-16le'],
        ] as const) {
          const rows = await all(readCsv(inChunks(bytes, places), dialect({ encoding })));
          expect(rows.map(({ fault }) => fault)).toEqual([undefined, undefined, 'undecodable', undefined]);
        }
      }),
    );
  });

  it('in a file of carriage returns only the record itself is at fault', async () => {
    const bytes = Buffer.from('h\rok\r\xe9\rok\r', 'latin1');
    const rows = await all(readCsv(inChunks(bytes, []), dialect({ lineEnd: 'cr' })));
    expect(rows.map(({ fault }) => fault)).toEqual([undefined, undefined, 'not-utf-8', undefined]);
  });

  it('half a character at the end of UTF-16 is a fault', async () => {
    const bytes = Buffer.concat([Buffer.from('h\nab', 'utf16le'), Buffer.from([0x41])]);
    const rows = await all(readCsv(inChunks(bytes, [3]), dialect({ encoding: 'utf-16le' })));
    expect(rows.map(({ fault }) => fault)).toEqual([undefined, 'undecodable']);
  });

  it.each([
    ['utf-8', Buffer.from('\uFEFFa\n', 'utf16le'), 'UTF-16 (little-endian), as its byte order mark says'],
    ['utf-16', Buffer.from('a\n', 'utf16le'), 'no byte order mark, which says which UTF-16 it is'],
    ['utf-16le', encodeBigEndian('\uFEFFa\n'), 'UTF-16 (big-endian), as its byte order mark says'],
    ['latin1', Buffer.from('\uFEFFa\n'), 'UTF-8, as its byte order mark says'],
  ] as const)('%s is refused where the file says otherwise', async (encoding, bytes, received) => {
    await expect(all(readCsv(inChunks(bytes, [1]), dialect({ encoding })))).rejects.toMatchObject({
      name: 'EncodingFault',
      expected: encoding,
      received,
    });
  });
});
