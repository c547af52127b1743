import type { IncomingMessage, ServerResponse } from 'node:http';
import { createGlueCatalogue } from '../../src/adapters/glue-catalogue';
import type { PublicationReport } from '../../src/activities/report/report';
import { LandfallClient } from '../../src/client';
import { startFaultyStore, type FaultyStore } from '../adapters/faulty-store';
import { must } from '../adapters/test-buckets';
import { runLandfall, startTestWorker, type TestWorker } from '../support/run-landfall';
import { until } from '../support/until';
import { createTestPipeline, PREFIX, type TestPipeline } from '../support/test-pipeline';

const catalogue = createGlueCatalogue();
let client: LandfallClient;
let pipeline: TestPipeline;
let worker: TestWorker;
let athena: FaultyStore;
let fault: (operation: string) => { status: number; body: object } | undefined = () => undefined;

/** What Athena answers in place of the emulator, which neither throttles nor fails on demand. */
function answer(request: IncomingMessage, response: ServerResponse): boolean {
  const operation = String(request.headers['x-amz-target']).replace('AmazonAthena.', '');
  const given = fault(operation);
  if (!given) return false;
  request.resume();
  response.writeHead(given.status, { 'content-type': 'application/x-amz-json-1.1' });
  response.end(JSON.stringify(given.body));
  return true;
}

beforeAll(async () => {
  client = await LandfallClient.connect();
  pipeline = await createTestPipeline();
  pipeline.release({ options: `readerCheck: { database: '${pipeline.database}_checking' },` });
  athena = await startFaultyStore(answer);
  worker = await startTestWorker([pipeline.module], { AWS_ENDPOINT_URL_ATHENA: athena.endpoint });
});
afterAll(async () => {
  await worker.stop();
  await athena.close();
  await client.close();
  pipeline.remove();
});
beforeEach(() => void (fault = () => undefined));

const land = (id: number) =>
  pipeline.land('orders-data/data.csv', `id,name,price,day\n${id},x,,2024-01-01\n`);
const published = async () => must(await catalogue.readDatabase(pipeline.database));
const leftBehind = async () => (await catalogue.readDatabase(`${pipeline.database}_checking`))?.tables;

test('a table is published once Athena, when it is not too busy, has read all of it', async () => {
  let refused = 0;
  fault = (operation) => {
    if (operation !== 'StartQueryExecution' || refused === 4) return undefined;
    refused += 1;
    return { status: 400, body: { __type: 'TooManyRequestsException', message: 'Rate exceeded' } };
  };
  await land(1);

  const result = must(await client.run(pipeline.name));

  expect(refused).toBe(4);
  expect(result.tables[0]).toMatchObject({ published: 1 });
  const key = `${PREFIX}deliveries/file_land_timestamp=${result.fileLandTimestamp}/published.json`;
  const report = JSON.parse((await pipeline.read('log', key)).toString()) as PublicationReport;
  expect(report.readerCheck).toMatchObject([
    { table: 'orders', rows: 1, newest: result.fileLandTimestamp, shortcomings: [] },
  ]);
  expect(await leftBehind()).toEqual([]);
  expect((await pipeline.list('log')).some((each) => each.startsWith(`${PREFIX}athena/`))).toBe(true);
});

test('what Athena cannot read fails the run in its words, readers keep what they have, and the next run goes on', async () => {
  const before = await published();
  const Status = {
    State: 'FAILED',
    StateChangeReason: 'HIVE_BAD_DATA: Malformed Parquet file',
    AthenaError: { ErrorCategory: 2, Retryable: false },
  };
  fault = (operation) =>
    operation === 'GetQueryExecution'
      ? { status: 200, body: { QueryExecution: { QueryExecutionId: 'q-1', Status } } }
      : undefined;
  await land(2);

  const ran = await runLandfall(['run', pipeline.name]);

  expect(ran.code).toBe(1);
  expect(ran.stderr + ran.stdout).toMatch(
    /table "orders": Athena cannot read it: HIVE_BAD_DATA: Malformed Parquet file \(query q-1\)/,
  );
  expect(ran.stderr + ran.stdout).toContain('Readers see the former publish');
  expect(await published()).toEqual(before);
  expect(await leftBehind()).toEqual([]);

  fault = () => undefined;
  const again = await runLandfall(['run', pipeline.name]);

  expect(again.code).toBe(0);
  expect(again.stdout + again.stderr).toContain('Athena has read the 1 that changed');
  expect((await published()).tables[0]?.parameters['landfall.rows']).toBe('2');
});

const STILL_RUNNING = { QueryExecution: { QueryExecutionId: 'q-2', Status: { State: 'RUNNING' } } };

/** Until the table is declared and Athena is asked about it, which it never answers. */
async function begin(): Promise<number> {
  let asked = false;
  fault = (operation) => {
    if (operation !== 'GetQueryExecution') return undefined;
    asked = true;
    return { status: 200, body: STILL_RUNNING };
  };
  const taken = await client.takeDelivery(pipeline.name);
  if (taken.kind !== 'run') throw new Error(`a run was expected, not ${taken.kind}`);
  await until('Athena is asked', () => Promise.resolve(asked));
  expect(await leftBehind()).toHaveLength(1);
  return taken.fileLandTimestamp;
}

test('a run that is cancelled stops its query and leaves no table', async () => {
  const before = await published();
  await land(3);
  const timestamp = await begin();
  let stopped = false;
  const running = fault;
  fault = (operation) => {
    stopped ||= operation === 'StopQueryExecution';
    return running(operation);
  };
  await client.cancel(pipeline.name, timestamp);
  await expect(client.result(pipeline.name, timestamp)).rejects.toMatchObject({ outcome: 'cancelled' });
  expect(stopped).toBe(true);
  expect(await leftBehind()).toEqual([]);
  expect(await published()).toEqual(before);
});

test('a worker that is killed while Athena reads is succeeded by one that asks anew and clears up', async () => {
  // The delivery whose run was cancelled.
  const timestamp = await begin();
  const [left] = must(await leftBehind());
  await worker.kill();
  expect(await leftBehind()).toEqual([left]);
  fault = () => undefined;
  worker = await startTestWorker([pipeline.module], { AWS_ENDPOINT_URL_ATHENA: athena.endpoint });
  await client.result(pipeline.name, timestamp);
  expect(await leftBehind()).toEqual([]);
  expect((await published()).tables[0]?.parameters['landfall.rows']).toBe('3');
});
