import { LandfallClient } from '../../src/client';
import type { RunFailedError } from '../../src/run-failed-error';
import { runLandfall, startTestWorker, type TestWorker } from '../support/run-landfall';
import { createTestPipeline, PREFIX, type TestPipeline } from '../support/test-pipeline';

const tables = (price: string, rest = ''): string => `orders: table({
  columns: { id: column.int64(), price: ${price} }, ${rest}
}),
events: table({ columns: { id: column.int64() }, files: { required: false } }),`;
const GOOD = 'id,price\n1,1.00\n2,2.50\n';
const BAD = 'id,price\n1,1.00\n2,banana\n';

let client: LandfallClient;
let pipeline: TestPipeline;
let worker: TestWorker | undefined;

beforeEach(async () => {
  client = await LandfallClient.connect();
});
afterEach(async () => {
  await worker?.stop();
  await client.close();
  pipeline.remove();
});

async function begin(source: Parameters<typeof createTestPipeline>[0]): Promise<void> {
  pipeline = await createTestPipeline(source);
  worker = await startTestWorker([pipeline.module]);
}

async function release(source: Parameters<TestPipeline['release']>[0]): Promise<void> {
  pipeline.release(source);
  await worker?.stop();
  worker = await startTestWorker([pipeline.module]);
}

async function refusalOf(run: Promise<unknown>): Promise<RunFailedError> {
  const failure = await run.catch((error: unknown) => error);
  expect(failure).toMatchObject({ outcome: 'refused' });
  return failure as RunFailedError;
}

test('a refused delivery moves to quarantine, whole; what lands next is not kept waiting; a mended pipeline replays it', async () => {
  await begin({ hasQuarantine: true, tables: tables('column.decimal(6, 2)') });
  await pipeline.land('orders-data/data.csv', BAD);
  const { delivery, message } = await refusalOf(client.run(pipeline.name));
  const { fileLandTimestamp } = delivery;
  expect(message).toContain(`landfall replay ${pipeline.name} --timestamp ${fileLandTimestamp}`);
  const inQuarantine = `${PREFIX}orders-data/file_land_timestamp=${fileLandTimestamp}/data_${fileLandTimestamp}.csv`;
  expect(await pipeline.list('land')).toEqual([]);
  expect(await pipeline.list('rawHist')).toEqual([]);
  expect(await pipeline.list('quarantine')).toEqual([inQuarantine]);
  expect((await pipeline.read('quarantine', inQuarantine)).toString()).toBe(BAD);

  await expect(client.run(pipeline.name, { fileLandTimestamp })).rejects.toThrow(/is in quarantine.*replay/s);
  await pipeline.land('orders-data/data.csv', GOOD);
  expect((await client.run(pipeline.name))?.tables[0]).toMatchObject({ published: 2 });

  const decision = { kind: 'replay', by: 'Ann', why: 'try again' } as const;
  await refusalOf(client.run(pipeline.name, { fileLandTimestamp, decision }));
  expect(await pipeline.list('quarantine')).toEqual([inQuarantine]);

  await release({ tables: tables('column.string()') });
  const replayed = await runLandfall([
    'replay',
    pipeline.name,
    ...['--timestamp', String(fileLandTimestamp)],
    ...['--why', 'prices may be words', '--by', 'Ann', '--json'],
  ]);
  expect(replayed.code).toBe(0);
  expect(JSON.parse(replayed.stdout)).toMatchObject({ fileLandTimestamp, outcome: 'published' });
  expect(await pipeline.list('quarantine')).toEqual([]);
  expect((await pipeline.read('rawHist', inQuarantine)).toString()).toBe(BAD);
}, 120_000);

test('keys across files are compared where a replay finds them, and told by the keys that landed', async () => {
  const twoFiles = `orders: table({ columns: { id: column.int64() }, primaryKey: ['id'] }),`;
  await begin({ hasQuarantine: true, tables: twoFiles });
  await pipeline.land('orders-data/north.csv', 'id\n1\n2\n');
  await pipeline.land('orders-data/south.csv', 'id\n2\n3\n');
  const { delivery } = await refusalOf(client.run(pipeline.name));
  expect(await pipeline.list('land')).toEqual([]);

  const { fileLandTimestamp } = delivery;
  const decision = { kind: 'replay', by: 'Ann', why: 'try again' } as const;
  const { message } = await refusalOf(client.run(pipeline.name, { fileLandTimestamp, decision }));
  expect(message).toMatch(
    /orders-data\/south\.csv, column id: 1 row .* "2" as in row 2 \(line 3\) of \S*orders-data\/north\.csv/,
  );

  await release({ tables: twoFiles.replace("primaryKey: ['id']", '') });
  const replayed = await client.run(pipeline.name, { fileLandTimestamp, decision });
  expect(replayed?.tables).toMatchObject([{ table: 'orders', published: 4 }]);
}, 120_000);

test('what no table claims goes to quarantine under a name that nothing in it has chosen', async () => {
  await begin({ hasQuarantine: true, tables: tables('column.decimal(6, 2)') });
  await pipeline.land('orders-data/data.csv', GOOD);
  await pipeline.land('orders-data/_hidden/../notes.txt', 'hello');
  const { delivery } = await refusalOf(client.run(pipeline.name));
  const partition = `file_land_timestamp=${delivery.fileLandTimestamp}`;
  expect(await pipeline.list('quarantine')).toEqual([
    `${PREFIX}orders-data/${partition}/data_${delivery.fileLandTimestamp}.csv`,
    `${PREFIX}unclaimed/${partition}/0`,
  ]);
  expect(await pipeline.list('land')).toEqual([]);
});

test('where not all must pass, only the tables with something wrong stay behind, as the next delivery', async () => {
  await begin({ options: 'allMustPass: false,', tables: tables('column.decimal(6, 2)') });
  await pipeline.land('orders-data/data.csv', BAD);
  await pipeline.land('events-data/events.csv', 'id\n7\n');
  const partly = await runLandfall(['run', pipeline.name]);
  expect(partly.code).toBe(3);
  expect(partly.stdout).toMatch(
    /Refused and left in land, as the next delivery: orders \(1 file\)\. What is wrong: s3:\/\/.*\/validation\.html\n/,
  );
  const published = (await pipeline.list('log')).find((key) => key.endsWith('/published.json')) ?? '';
  const { result } = JSON.parse(String(await pipeline.read('log', published))) as {
    result: { leftOut: { report: string; page: string } };
  };
  const read = async (uri: string): Promise<string> =>
    String(await pipeline.read('log', uri.slice(`s3://${pipeline.areas.log}/`.length)));
  expect(JSON.parse(await read(result.leftOut.report))).toMatchObject({
    verdict: 'refused',
    leftOut: ['orders'],
    findings: [{ table: 'orders', code: 'type', samples: [{ value: 'banana' }] }],
  });
  expect(await read(result.leftOut.page)).toContain('banana');
  expect(await pipeline.list('land')).toEqual([`${PREFIX}orders-data/data.csv`]);
  expect(await pipeline.list('rawHist')).toHaveLength(1);

  const { delivery } = await refusalOf(client.run(pipeline.name));
  const again = await refusalOf(client.run(pipeline.name));
  expect(again.delivery).toEqual(delivery);
  await release({ tables: tables('column.string()') });
  expect(await client.run(pipeline.name)).toMatchObject({
    ...delivery,
    tables: [
      { table: 'orders', published: 2 },
      { table: 'events', files: 0, published: 1 },
    ],
  });
  expect(await pipeline.list('land')).toEqual([]);
}, 120_000);

test('what concerns no table keeps all of it back, also where not all must pass', async () => {
  await begin({ options: 'allMustPass: false,', tables: tables('column.decimal(6, 2)') });
  await pipeline.land('orders-data/data.csv', GOOD);
  await pipeline.land('elsewhere/data.csv', 'x\n');
  await refusalOf(client.run(pipeline.name));
  expect(await pipeline.list('rawHist')).toEqual([]);
  expect(await pipeline.list('land')).toHaveLength(2);
});

test('amounts can be accepted, with who and why in the report; a wrong value cannot', async () => {
  await begin({ tables: tables('column.decimal(6, 2)', 'rows: { min: 5 },') });
  await pipeline.land('orders-data/data.csv', GOOD);
  const { delivery } = await refusalOf(client.run(pipeline.name));
  const decision = { kind: 'accept', by: 'Ann', why: 'a quiet month' } as const;
  const { fileLandTimestamp } = delivery;
  const result = await client.run(pipeline.name, { fileLandTimestamp, decision });
  expect(result).toMatchObject({ fileLandTimestamp, outcome: 'published' });
  const report = JSON.parse(
    (await pipeline.read('log', (result?.report ?? '').replace(/^s3:\/\/[^/]+\//, ''))).toString(),
  ) as unknown;
  expect(report).toMatchObject({
    accepted: { by: 'Ann', why: 'a quiet month', findings: [{ code: 'too-few-rows', table: 'orders' }] },
  });

  await pipeline.land('orders-data/data.csv', BAD);
  const bad = await refusalOf(client.run(pipeline.name));
  await refusalOf(client.run(pipeline.name, { ...bad.delivery, decision }));
  await expect(client.run(pipeline.name, { fileLandTimestamp: 1, decision })).rejects.toThrow(
    'was not refused',
  );
}, 120_000);
