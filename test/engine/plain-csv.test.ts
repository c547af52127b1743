import fc from 'fast-check';
import { collectFindings } from '../../src/checks/collect-findings';
import type { Finding } from '../../src/checks/finding';
import { column, type ColumnSchema } from '../../src/definition/column';
import { csv, type CsvFormat } from '../../src/definition/format';
import { STRICT_HEADER } from '../../src/definition/header-policy';
import { readColumn } from '../../src/definition/read-column';
import { checkCsvRows } from '../../src/engine/check-csv-rows';
import { CsvJudge } from '../../src/engine/judge-csv-rows';
import { readCsv, readCsvFrom } from '../../src/engine/read-csv';
import { PlainCsvReader } from '../../src/engine/read-plain-csv';
import { toRowBatches } from '../../src/engine/row-batch';
import { borders, inChunks } from './chunks';
import { gatherRows } from './gather-rows';

const COLUMNS: Record<string, ColumnSchema> = {
  id: column.int32().min(0).max(5000),
  name: column.string({ pattern: /[a-zé"\n, ]+\d?/ }).max(6),
  fee: column.decimal(6, 2, { min: '-1' }).nullable(),
  seen: column.timestamp({ format: '%d/%m/%Y %H:%M' }).nullable(),
  kind: column.oneOf(['a', 'b"c', 'é'], { nullTexts: ['', 'NA'] }).nullable(),
};
const columns = Object.entries(COLUMNS).map(([name, schema]) => readColumn(name, schema));
const header = Object.keys(COLUMNS).join(',');

interface Read {
  rows: unknown[];
  findings: Finding[];
}

/** As text from the first record on. */
async function readAsText(bytes: Buffer, format: CsvFormat): Promise<Read> {
  const findings = collectFindings('t', 'f');
  const rows: unknown[] = [];
  const judge = new CsvJudge({ columns, header: STRICT_HEADER, format }, findings, undefined);
  const records = readCsv(inChunks(bytes, []), format);
  await gatherRows(toRowBatches(checkCsvRows(records, judge), columns.length), rows);
  return { rows, findings: findings.list() };
}

async function readPlain(
  bytes: Buffer,
  format: CsvFormat,
  places: readonly number[],
  window: number,
): Promise<Read & { plain: number }> {
  const findings = collectFindings('t', 'f');
  const rows: unknown[] = [];
  const judge = new CsvJudge({ columns, header: STRICT_HEADER, format }, findings, undefined);
  const reader = new PlainCsvReader(format, judge, window);
  await gatherRows(reader.read(inChunks(bytes, places)), rows);
  const plain = rows.length;
  if (reader.rest)
    await gatherRows(
      toRowBatches(checkCsvRows(readCsvFrom(reader.rest, format), judge), columns.length),
      rows,
    );
  else judge.end();
  return { rows, findings: findings.list(), plain };
}

const field = fc.oneof(
  fc.nat(9999).map(String),
  fc.constantFrom('', 'NA', 'a', 'b"c', 'é', 'abc1', 'é,\n"x', '1.5', '-0.00', '12.345', '007'),
  fc.constantFrom('31/12/2024 23:59', '1/2/2024 1:5', '30/02/2024 00:00'),
  fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', 'é', '🎉', ' '), maxLength: 6 }),
);
const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`;
const written = fc
  .tuple(field, fc.boolean())
  .map(([text, always]) => (always || /[",\r\n]/.test(text) ? quote(text) : text));
const goodRow = fc
  .tuple(fc.nat(5000), fc.constantFrom('abc', '"a""b"', 'é'), fc.constantFrom('1.50', '1.5', ''))
  .map(([id, name, fee]) => `${id},${name},${fee},31/12/2024 23:59,a`);
const record = fc.oneof(
  { weight: 6, arbitrary: goodRow },
  { weight: 4, arbitrary: fc.array(written, { minLength: 5, maxLength: 5 }).map((row) => row.join(',')) },
  { weight: 1, arbitrary: fc.array(written, { maxLength: 7 }).map((row) => row.join(',')) },
  {
    weight: 1,
    arbitrary: fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', 'é'), maxLength: 9 }),
  },
);
const file = fc
  .tuple(
    fc.constantFrom(header, header, header, header.toUpperCase(), ''),
    fc.array(record, { maxLength: 14 }),
    fc.constantFrom('\n', '\r\n'),
    fc.boolean(),
    fc.option(fc.nat(400)),
  )
  .map(([first, records, lineEnd, ended, damaged]) => {
    const bytes = Buffer.from([first, ...records].join(lineEnd) + (ended ? lineEnd : ''));
    if (damaged !== null && damaged < bytes.length) bytes[damaged] = 0xff;
    return bytes;
  });

describe('plain-csv', () => {
  it('gives every file the rows, values and findings that reading it as text gives, at any borders', async () => {
    const formats = fc.constantFrom(csv(), csv({ limits: { rowCharacters: 40 } }), csv({ header: false }));
    await fc.assert(
      fc.asyncProperty(
        file,
        formats,
        borders,
        fc.constantFrom(1, 7, 64, 100_000),
        async (bytes, format, places, window) => {
          const { plain, ...read } = await readPlain(bytes, format, places, window);
          expect(plain).toBeLessThanOrEqual(read.rows.length);
          expect(read).toEqual(await readAsText(bytes, format));
        },
      ),
      { numRuns: 3000, seed: 20_261_123 },
    );
  });

  it('reads a file without faults, and values that are at fault, from bytes alone', async () => {
    const good = `${header}\n1,abc,1.50,31/12/2024 23:59,a\n2,"a""b",,,"b""c"\n3,é,x,,é\n`;
    const { plain, rows } = await readPlain(Buffer.from(good), csv(), [], 100_000);
    expect(plain).toBe(3);
    expect(rows).toEqual([
      [1, 2, 1, ['1', 'abc', '1.50', '2024-12-31 23:59:00.000000', 'a'], undefined],
      [2, 3, 1, ['2', 'a"b', null, null, 'b"c'], undefined],
      [3, 4, 0, ['3', 'é', undefined, null, 'é'], '["3","é","x","","é"]'],
    ]);
  });

  it('goes on as text at the first record that may have a fault', async () => {
    const text = `${header}\n1,abc,,,\n2,a"b,,,\n3,abc,,,\n`;
    const { plain, rows } = await readPlain(Buffer.from(text), csv(), [], 100_000);
    expect(plain).toBe(1);
    expect(rows).toHaveLength(3);
  });
});
