import fc from 'fast-check';
import { collectFindings } from '../../src/checks/collect-findings';
import type { Finding } from '../../src/checks/finding';
import { column, type ColumnSchema } from '../../src/definition/column';
import { jsonLines, type JsonLinesFormat } from '../../src/definition/format';
import { STRICT_HEADER } from '../../src/definition/header-policy';
import { readColumn } from '../../src/definition/read-column';
import { checkJsonRows, createJsonJudge } from '../../src/engine/check-json-rows';
import { readJsonLines, readJsonLinesRows } from '../../src/engine/read-json';
import { toRowBatches } from '../../src/engine/row-batch';
import { borders, inChunks } from './chunks';
import { gatherRows } from './gather-rows';

const COLUMNS: Record<string, ColumnSchema> = {
  id: column.int32().min(0).max(5000),
  name: column.string({ header: 'náme "x"' }).max(6),
  fee: column.decimal(6, 2, { min: '-1' }).nullable(),
  seen: column.timestamp({ format: '%Y-%m-%dT%H:%M:%S' }).nullable(),
  good: column.boolean(),
  size: column.float64().nullable(),
};
const columns = Object.entries(COLUMNS).map(([name, schema]) => readColumn(name, schema));
const keys = columns.map(({ header }) => header);

type Read = { rows: unknown[]; findings: Finding[] };
type Reading = Parameters<typeof readJsonLinesRows>;

async function read(reader: (judge: Reading[3]) => ReturnType<typeof toRowBatches>): Promise<Read> {
  const findings = collectFindings('t', 'f');
  const rows = await gatherRows(reader(createJsonJudge({ columns, header: STRICT_HEADER }, findings)));
  return { rows, findings: findings.list() };
}

const readPlain = (bytes: Buffer, format: JsonLinesFormat, places: readonly number[]): Promise<Read> =>
  read((judge) => readJsonLinesRows(inChunks(bytes, places), columns, format, judge));

const readAsText = (bytes: Buffer, format: JsonLinesFormat): Promise<Read> =>
  read((judge) =>
    toRowBatches(checkJsonRows(readJsonLines(inChunks(bytes, []), keys, format), judge), columns.length),
  );

const value = fc.oneof(
  fc.integer({ min: -10, max: 6000 }).map(String),
  fc.constantFrom(
    'null',
    'true',
    'false',
    '1.5',
    '1.50',
    '-0',
    '1e3',
    '01',
    '1.',
    'nul',
    'truex',
    '[1]',
    '{}',
    '',
  ),
  fc.constantFrom(
    '"2024-02-29T12:00:00"',
    '"a\\"b"',
    '"\\u00e9"',
    '"\\n"',
    '"\\x"',
    '"é"',
    '"a',
    '"true"',
    '"1.5"',
  ),
  fc
    .string({ unit: fc.constantFrom('a', '"', '\\', '/', 'é', '🎉', ',', '}', '\t'), maxLength: 6 })
    .map((text) => `"${text}"`),
  fc.string({ maxLength: 5 }).map((text) => JSON.stringify(text)),
);
const good = fc
  .tuple(fc.nat(5000), fc.string({ maxLength: 6 }), fc.constantFrom('null', '"1.50"', '1.5'))
  .map(([id, name, fee]) => [String(id), JSON.stringify(name), fee, '"2024-02-29T12:00:00"', 'true', '1.25']);
const line = fc
  .tuple(
    fc.oneof({ weight: 3, arbitrary: good }, fc.array(value, { minLength: 6, maxLength: 6 })),
    fc.constantFrom('', '', '', '', ' ', 'x'),
    fc.nat(20),
    fc.boolean(),
  )
  .map(([values, extra, place, turned]) => {
    const members = values.map((each, index) => `${JSON.stringify(keys[index])}:${each}`);
    const text = `{${(turned && place === 7 ? members.reverse() : members).join(',')}}`;
    return extra === '' ? text : text.slice(0, place) + extra + text.slice(place);
  });
const file = fc
  .tuple(
    fc.array(fc.oneof({ weight: 12, arbitrary: line }, fc.constantFrom('', ' ', '{}', 'null', '[]')), {
      maxLength: 10,
    }),
    fc.constantFrom('\n', '\r\n'),
    fc.boolean(),
    fc.option(fc.nat(600), { freq: 6 }),
  )
  .map(([lines, lineEnd, ended, damaged]) => {
    const bytes = Buffer.from(lines.join(lineEnd) + (ended ? lineEnd : ''));
    if (damaged !== null && damaged < bytes.length) bytes[damaged] = 0xff;
    return bytes;
  });

describe('plain-json', () => {
  it('gives every file the rows, values and findings that reading it as text gives, at any borders', async () => {
    const formats = fc.constantFrom(
      jsonLines(),
      jsonLines({ limits: { rowCharacters: 110 } }),
      jsonLines({ blankLines: 'skipped' }),
    ) as fc.Arbitrary<JsonLinesFormat>;
    await fc.assert(
      fc.asyncProperty(file, formats, borders, async (bytes, format, places) => {
        expect(await readPlain(bytes, format, places)).toEqual(await readAsText(bytes, format));
      }),
      { numRuns: 3000, seed: 20_261_123 },
    );
  });
});
