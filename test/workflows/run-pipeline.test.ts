import { gunzipSync } from 'node:zlib';
import { createAthenaQueryEngine } from '../../src/adapters/athena-query';
import { LandfallClient } from '../../src/client';
import type { RunResult } from '../../src/layout/delivery';
import { startTestWorker, type TestWorker } from '../support/run-landfall';
import { createTestPipeline, PREFIX, type TestPipeline } from '../support/test-pipeline';

const ADDED = '"etl_version":"v1.2.3","source_file":"data.csv"';
const CSV = 'id,name,price,day\r\n1,"Ann, ""A""",12.30,2024-02-29\r\n9007199254740993,007,,1999-12-31\r\n';

let client: LandfallClient;
let pipeline: TestPipeline;
let worker: TestWorker;

beforeAll(async () => {
  client = await LandfallClient.connect();
  pipeline = await createTestPipeline();
  worker = await startTestWorker([pipeline.module]);
});
afterAll(async () => {
  await worker.stop();
  await client.close();
  pipeline.remove();
});

async function runToEnd(): Promise<RunResult> {
  const result = await client.run(pipeline.name);
  if (!result) throw new Error('nothing had landed');
  return result;
}

describe('a delivery from land to Glue', () => {
  let result: RunResult;
  beforeAll(async () => {
    await pipeline.land('orders-data/data.csv', CSV);
    result = await runToEnd();
  });

  test('leaves the specification’s tree in every area, and land and raw empty', async () => {
    const partition = `${PREFIX}orders-data/file_land_timestamp=${result.fileLandTimestamp}/`;
    const name = `data_${result.fileLandTimestamp}`;
    expect(await pipeline.list('land')).toEqual([]);
    expect(await pipeline.list('rawHist')).toEqual([`${partition}${name}.csv`]);
    expect(await pipeline.list('raw')).toEqual([]);
    expect(await pipeline.list('processed')).toEqual([`${partition}${name}.jsonl.gz`]);
    expect(await pipeline.list('curated')).toEqual([
      expect.stringMatching(
        /^production-environment\/my-database-test-[0-9a-f]{8}\/orders\/snapshot=[0-9a-f]{16}\/data-part-0\.parquet$/,
      ),
    ]);
  });

  test('raw-hist holds the landed bytes', async () => {
    const [key = ''] = await pipeline.list('rawHist');
    expect((await pipeline.read('rawHist', key)).equals(Buffer.from(CSV))).toBe(true);
  });

  test('processed holds every value exactly, with the version that made it', async () => {
    const [key = ''] = await pipeline.list('processed');
    const lines = gunzipSync(await pipeline.read('processed', key)).toString();
    expect(lines).toBe(
      `{"id":1,"name":"Ann, \\"A\\"","price":"12.30","day":"2024-02-29",${ADDED}}\n` +
        `{"id":9007199254740993,"name":"007","price":null,"day":"1999-12-31",${ADDED}}\n`,
    );
  });

  test('Athena returns the rows, typed, with their timestamp', async () => {
    const { rows } = await createAthenaQueryEngine().query(
      'SELECT id, name, price, day, etl_version, file_land_timestamp FROM orders ORDER BY name',
      { database: pipeline.database, outputLocation: `s3://${pipeline.areas.log}/athena/` },
    );
    const timestamp = String(result.fileLandTimestamp);
    expect(rows).toEqual([
      ['9007199254740993', '007', null, '1999-12-31', 'v1.2.3', timestamp],
      ['1', 'Ann, "A"', '12.30', '2024-02-29', 'v1.2.3', timestamp],
    ]);
  });

  test('accounts for every row in its result and its report', async () => {
    const table = {
      table: 'orders',
      files: 1,
      landed: 2,
      processed: 2,
      rejected: 0,
      addedByTransform: 0,
      published: 2,
    };
    expect(result).toMatchObject({
      outcome: 'published',
      version: 'v1.2.3',
      files: 1,
      bytes: CSV.length,
      tables: [table],
    });
    const key = `${PREFIX}deliveries/file_land_timestamp=${result.fileLandTimestamp}/published.json`;
    expect(result.report).toBe(`s3://${pipeline.areas.log}/${key}`);
    const report = JSON.parse((await pipeline.read('log', key)).toString()) as {
      result: RunResult;
      files: unknown[];
    };
    expect(report.result).toEqual(result);
    expect(report.files).toHaveLength(1);
  });

  test('the same timestamp again returns what it returned, and changes nothing', async () => {
    const before = await pipeline.list('log');
    expect(await client.run(pipeline.name, { fileLandTimestamp: result.fileLandTimestamp })).toEqual(result);
    expect(await pipeline.list('log')).toEqual(before);
  });

  test('an empty land is nothing to do', async () => {
    expect(await client.takeDelivery(pipeline.name)).toEqual({ kind: 'nothing-landed' });
  });

  test('the next delivery is added under a later timestamp, and the table holds both', async () => {
    await pipeline.land('orders-data/data.csv', 'id,name,price,day\n3,Cy,0.05,2024-03-01\n');
    const second = await runToEnd();
    expect(second.fileLandTimestamp).toBeGreaterThan(result.fileLandTimestamp);
    expect(second.tables[0]).toMatchObject({ landed: 1, published: 3 });
    expect(await pipeline.list('rawHist')).toHaveLength(2);
  });
});

describe('a bad delivery', () => {
  const bad = 'id,name,price,day\n1,a,1.234,2024-01-01\n1,b,,2024-02-30\nx,,1.00,2024-01-01\n';

  test('is refused with all that is wrong with all of it, and nothing moves', async () => {
    await pipeline.land('orders-data/bad.csv', bad);
    await pipeline.land('orders-data/good.csv', CSV);
    await pipeline.land('strangers-data/data.csv', CSV);
    const before = [
      await pipeline.list('land'),
      await pipeline.list('rawHist'),
      await pipeline.list('curated'),
    ];
    const failure = await client.run(pipeline.name).catch((error: unknown) => error);
    expect(failure).toMatchObject({ name: 'RunFailedError', outcome: 'refused' });
    const { message } = failure as Error;
    expect(message).toContain('strangers-data/data.csv');
    expect(message).toMatch(/bad\.csv, column price: 1 row .*row 1 \(line 2\) "1\.234"/);
    expect(message).toMatch(/bad\.csv, column day: .*row 2 \(line 3\) "2024-02-30"/);
    expect(message).toMatch(/bad\.csv, column id: .*row 3 \(line 4\) "x"/);
    expect(message).toContain('Nothing was moved');
    expect([
      await pipeline.list('land'),
      await pipeline.list('rawHist'),
      await pipeline.list('curated'),
    ]).toEqual(before);
  });

  test('keeps its timestamp when it is tried again, and does not pile up', async () => {
    const first = await client.takeDelivery(pipeline.name);
    await client.run(pipeline.name).catch(() => undefined);
    const log = await pipeline.list('log');
    const second = await client.takeDelivery(pipeline.name);
    expect(second).toMatchObject({
      kind: 'run',
      fileLandTimestamp: (first as { fileLandTimestamp: number }).fileLandTimestamp,
    });
    await client.run(pipeline.name).catch(() => undefined);
    const records = (keys: string[]): string[] => keys.filter((key) => key.includes('/deliveries/'));
    expect(records(await pipeline.list('log'))).toEqual(records(log));
  });
});
