import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import pl from 'nodejs-polars';
import { gunzipSync } from 'node:zlib';
import { LandfallClient } from '../../src/client';
import { zstd } from '../engine/compress';
import { startTestWorker, type TestWorker } from '../support/run-landfall';
import { createTestPipeline, type TestPipeline } from '../support/test-pipeline';

const COLUMNS = `{ id: column.int64(), name: column.string().nullable(), price: column.decimal(12, 2).nullable(), at: column.timestamp() }`;
const TABLES = `exports: table({
      files: { required: false },
      format: csv({ encoding: 'utf-16', delimiter: ';', trailer: { pattern: /T;(\\d+)/ } }),
      columns: ${COLUMNS},
    }),
    extracts: table({ files: { required: false }, format: parquet(), columns: ${COLUMNS} }),
    mainframe: table({
      files: { required: false },
      format: fixedWidth({ fields: { id: { width: 6, pad: '0' }, name: 8, opened: 8 }, trailer: { pattern: /T(\\d+) */ } }),
      columns: { id: column.int32(), name: column.string().nullable(), opened: column.date({ format: '%Y%m%d' }) },
    }),
    nested: table({ files: { required: false }, format: parquet(), columns: {
      id: column.int64(),
      tags: column.array(column.string().nullable()).nullable(),
      items: column.array(column.struct({
        sku: column.string().nullable(),
        prices: column.array(column.decimal(10, 2).nullable()).nullable(),
        at: column.timestamp().nullable(),
      }).nullable()).nullable(),
      place: column.struct({
        ok: column.boolean().nullable(),
        deep: column.struct({ n: column.int8().nullable() }).nullable(),
      }).nullable(),
      grid: column.array(column.array(column.int64().nullable())),
      bytes: column.binary({ encoding: 'hex' }).nullable(),
      fixed: column.binary({ encoding: 'base64' }),
    } }),`;
const NESTED = join(__dirname, '..', 'engine', 'fixtures', 'parquet');

const LINES =
  '{"id":9007199254740993,"name":"Zoë, \\"Z\\"\\nsecond line","price":"-0.05","at":"2024-02-29 12:00:00.000001","etl_version":"v1.2.3"}\n' +
  '{"id":2,"name":"","price":null,"at":"1999-12-31 23:59:59.000000","etl_version":"v1.2.3"}\n';

let client: LandfallClient;
let pipeline: TestPipeline;
let worker: TestWorker;

beforeAll(async () => {
  client = await LandfallClient.connect();
  pipeline = await createTestPipeline({ tables: TABLES, options: 'sourceFileColumn: false,' });
  worker = await startTestWorker([pipeline.module]);
});
afterAll(async () => {
  await worker.stop();
  await client.close();
  pipeline.remove();
});

async function writeParquet(): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'landfall-test-'));
  try {
    const path = join(folder, 'extract.parquet');
    await pl
      .DataFrame({
        id: ['9007199254740993', '2'],
        name: ['Zoë, "Z"\nsecond line', ''],
        price: ['-0.05', null],
        at: ['2024-02-29T12:00:00.000001', '1999-12-31T23:59:59'],
      })
      .lazy()
      .select(
        pl.col('at').cast(pl.Datetime('us')),
        pl.col('price').cast(pl.Decimal(10, 2)),
        pl.col('name'),
        pl.col('id').cast(pl.Int64),
      )
      .sinkParquet(path)
      .collect();
    return await readFile(path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function readProcessed(table: string): Promise<string> {
  const [key = ''] = (await pipeline.list('processed')).filter((each) => each.includes(`/${table}-data/`));
  return gunzipSync(await pipeline.read('processed', key)).toString();
}

test('UTF-16 in zstd and Parquet go from land to Athena’s files with every value as it was', async () => {
  const text =
    'at;id;name;price\r\n2024-02-29T12:00:00.000001;9007199254740993;"Zoë, ""Z""\nsecond line";-0.05\r\n1999-12-31T23:59:59;2;"";\r\nT;2';
  const csv = await zstd(Buffer.from(`\uFEFF${text}`, 'utf16le'));
  const parquet = await writeParquet();
  await pipeline.land('exports-data/a.csv.zst', csv);
  await pipeline.land('extracts-data/b.parquet', parquet);
  const result = await client.run(pipeline.name);
  expect(result).toMatchObject({ outcome: 'published', files: 2 });

  const archived = await pipeline.list('rawHist');
  expect(archived.map((key) => key.replace(/.*_\d+/, ''))).toEqual(['.csv.zst', '.parquet']);
  for (const [index, landed] of [csv, parquet].entries())
    expect((await pipeline.read('rawHist', archived[index] ?? '')).equals(landed)).toBe(true);

  expect(await readProcessed('exports')).toBe(LINES);
  expect(await readProcessed('extracts')).toBe(LINES);
});

test('fields of fixed widths and nested Parquet do, too', async () => {
  await pipeline.land(
    'mainframe-data/cases.txt',
    '000007 Zoë    20240229\r\n000012        19991231\r\nT2                    \r\n',
  );
  await pipeline.land('nested-data/v1.parquet', await readFile(join(NESTED, 'v1.parquet')));
  expect(await client.run(pipeline.name)).toMatchObject({ outcome: 'published', files: 2 });

  expect(await readProcessed('mainframe')).toBe(
    '{"id":7,"name":"Zoë","opened":"2024-02-29","etl_version":"v1.2.3"}\n' +
      '{"id":12,"name":null,"opened":"1999-12-31","etl_version":"v1.2.3"}\n',
  );
  const rows = await readFile(join(NESTED, 'rows.jsonl'), 'utf8');
  expect(await readProcessed('nested')).toBe(rows.replaceAll('}\n', ',"etl_version":"v1.2.3"}\n'));
});
