import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pl from 'nodejs-polars';
import { createEngine } from '../../src/engine/engine';
import type { CheckFileResult, Engine } from '../../src/engine/tasks';
import { createBucket, land } from '../adapters/test-buckets';
import { describeShortly } from './describe-shortly';
import { frameToParquet } from './frame-to-parquet';
import { store } from './task-context';

const MODULE = join(__dirname, 'fixtures', 'parquet-tables.ts');
const DATA = join(__dirname, '..', 'corpora', 'parquet-testing', 'data');

// hyparquet is an ES module, which Jest does not load; the engine's own processes do.
let engine: Engine;
let bucket: string;
beforeAll(async () => {
  bucket = await createBucket('parquet');
  engine = createEngine({ pipelineModules: [MODULE], maxProcesses: 1 });
});
afterAll(() => engine.close());

async function check(table: string, body: Buffer): Promise<CheckFileResult> {
  const source = await land(store, { bucket, key: `land/${table}.parquet` }, body);
  return engine.checkFile({ pipeline: 'parquet-tables', table, source });
}

const people = (count: number) =>
  pl.DataFrame({
    id: pl.Series(
      'id',
      Array.from({ length: count }, (_, index) => index),
      pl.Int32,
    ),
    name: Array.from({ length: count }, (_, index) => (index % 3 === 0 ? null : `n${index % 50}`)),
    size: pl.Series(
      'size',
      Array.from({ length: count }, (_, index) => index / 8),
      pl.Float64,
    ),
  });

describe('Parquet', () => {
  it('passes with types that lose nothing, over row groups and pages', async () => {
    expect(await check('people', await frameToParquet(people(25_000), 1000))).toMatchObject({
      rows: 25_000,
      findings: [],
    });
  });

  it('tells rows and values at fault, as for every other format', async () => {
    const frame = people(5).withColumns(
      pl.Series('name', ['ok', null, 'too long a name', 'ok', 'ok']),
      pl.Series('id', [1, 2, 3, 3, 5], pl.Int32),
    );
    expect(describeShortly(await check('people', await frameToParquet(frame, 1000)))).toEqual([
      'max-length name 1 3=too long a name',
      'duplicate-key id 1 4=3',
    ]);
  });

  it('is not narrowed, and columns that are missing, unknown or of another type are named', async () => {
    const frame = pl.DataFrame({
      id: pl.Series('id', [1n], pl.Int64),
      name: [7],
      more: ['x'],
    });
    expect(describeShortly(await check('narrow', await frameToParquet(frame, 1000)))).toEqual([
      'missing-column size 1',
      'unknown-column more 1  / column 3',
      'column-type id 1 int32, or a narrower one / int64',
      'column-type name 1 string, or a narrower one / DOUBLE',
    ]);
  });

  it.each([
    ['int32_decimal', 24],
    ['int64_decimal', 24],
    ['fixed_length_decimal', 24],
    ['byte_array_decimal', 24],
  ])('%s gives exact decimals', async (name, rows) => {
    const result = await check('decimals', readFileSync(join(DATA, `${name}.parquet`)));
    expect(result).toMatchObject({ rows, findings: [] });
  });

  it('nanoseconds that are no microseconds are refused, never rounded', async () => {
    const result = await check('spark', readFileSync(join(DATA, 'int96_from_spark.parquet')));
    expect(result.rows).toBe(6);
    expect(result.findings.map(({ code, count }) => [code, count])).toEqual([['type', 1]]);
  });

  it('a wrong checksum, a cut and a file of another kind are refused with words', async () => {
    const whole = await frameToParquet(people(3000), 1000);
    const corrupt = readFileSync(join(DATA, 'datapage_v1-corrupt-checksum.parquet'));
    expect(describeShortly(await check('checksums', corrupt))).toEqual([
      'malformed-parquet 1  / column "a" has a page whose checksum is wrong',
    ]);
    for (const body of [
      whole.subarray(0, whole.length - 20),
      whole.subarray(0, 100),
      Buffer.from('id,name\n1,a\n'),
    ]) {
      const codes = (await check('people', body)).findings.map(({ code }) => code);
      expect(codes).toContain('malformed-parquet');
    }
  });

  it('nested columns are refused where the table has others', async () => {
    const nested = readFileSync(join(DATA, 'list_columns.parquet'));
    expect(describeShortly(await check('lists', nested))).toEqual([
      'column-type int64_list 1 int64, or a narrower one / list<int64>',
      'column-type utf8_list 1 string, or a narrower one / list<BYTE_ARRAY as STRING>',
    ]);
  });
});
