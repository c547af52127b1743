import { Client, Connection } from '@temporalio/client';
import { LandfallClient, type TakenDelivery } from '../../src';
import { intakeWorkflowId } from '../../src/layout/workflow-names';
import { readTemporalTarget } from '../../src/temporal-connection';
import { runLandfall, startTestWorker, type TestWorker } from '../support/run-landfall';
import { createTestPipeline, PREFIX, type TestPipeline } from '../support/test-pipeline';

const HEADER = 'id,name,price,day\n';
const rows = (from: number, count: number): string =>
  HEADER + Array.from({ length: count }, (_, index) => `${from + index},n,1.50,2024-01-01\n`).join('');

let client: LandfallClient;
let pipeline: TestPipeline;
let worker: TestWorker;

beforeEach(async () => {
  client = await LandfallClient.connect();
  pipeline = await createTestPipeline();
  worker = await startTestWorker([pipeline.module]);
});
afterEach(async () => {
  await worker.stop();
  await client.close();
  pipeline.remove();
});

test('eight triggers at once for the same land content are one run, and all get its result', async () => {
  await pipeline.land('orders-data/data.csv', rows(1, 100));
  const clients = await Promise.all(Array.from({ length: 8 }, () => LandfallClient.connect()));
  const results = await Promise.all(clients.map((each) => each.run(pipeline.name)));
  await Promise.all(clients.map((each) => each.close()));
  expect(results[0]).toMatchObject({ outcome: 'published' });
  for (const result of results) expect(result).toEqual(results[0]);
  expect(await client.listRuns(pipeline.name)).toHaveLength(1);
});

test('what lands during a run is the next delivery, and is taken after it', async () => {
  await pipeline.land('orders-data/data.csv', rows(1, 20_000));
  const first = await client.takeDelivery(pipeline.name);
  await pipeline.land('orders-data/later.csv', rows(50_000, 10));
  const second = await client.takeDelivery(pipeline.name);
  if (first.kind !== 'run' || second.kind !== 'run') throw new Error('two runs were expected');
  expect(second.fileLandTimestamp).toBeGreaterThan(first.fileLandTimestamp);
  expect((await client.result(pipeline.name, first.fileLandTimestamp)).tables[0]).toMatchObject({
    files: 1,
    landed: 20_000,
  });
  expect((await client.result(pipeline.name, second.fileLandTimestamp)).tables[0]).toMatchObject({
    landed: 10,
    published: 20_010,
  });
});

test('a worker killed in the middle of a run loses nothing: its successor ends the run', async () => {
  await pipeline.land('orders-data/data.csv', rows(1, 60_000));
  const taken = await client.takeDelivery(pipeline.name);
  if (taken.kind !== 'run') throw new Error('a run was expected');
  await worker.kill();
  worker = await startTestWorker([pipeline.module]);
  const result = await client.result(pipeline.name, taken.fileLandTimestamp);
  expect(result.tables[0]).toMatchObject({ landed: 60_000, published: 60_000 });
  expect(await pipeline.list('land')).toEqual([]);
  expect(await pipeline.list('rawHist')).toHaveLength(1);
  expect(await pipeline.list('curated')).toHaveLength(1);
}, 120_000);

test('a cancelled run leaves land as it was before the archive, and goes on when it is run again', async () => {
  await pipeline.land('orders-data/data.csv', rows(1, 200_000));
  const taken = await client.takeDelivery(pipeline.name);
  if (taken.kind !== 'run') throw new Error('a run was expected');
  await client.cancel(pipeline.name, taken.fileLandTimestamp);
  await expect(client.result(pipeline.name, taken.fileLandTimestamp)).rejects.toMatchObject({
    outcome: 'cancelled',
  });
  const result = await client.run(pipeline.name);
  expect(result).toMatchObject({ outcome: 'published', fileLandTimestamp: taken.fileLandTimestamp });
  expect(result?.tables[0]).toMatchObject({ landed: 200_000, published: 200_000 });
});

test('a run that was cancelled this moment is not attached to: whoever runs again goes on from it', async () => {
  await pipeline.land('orders-data/data.csv', rows(1, 60_000));
  let taken = await client.takeDelivery(pipeline.name);
  for (let again = 0; again < 5; again += 1) {
    if (taken.kind !== 'run') throw new Error('a run was expected');
    await client.cancel(pipeline.name, taken.fileLandTimestamp);
    await client.result(pipeline.name, taken.fileLandTimestamp).catch(() => undefined);
    taken = await client.takeDelivery(pipeline.name);
    expect(taken).toMatchObject({ kind: 'run', attached: false });
  }
  expect(await client.run(pipeline.name)).toMatchObject({ outcome: 'published' });
});

test('a transform that fails after the archive is mended by a release: the delivery goes on from raw-hist', async () => {
  const tables = (apply: string): string => `orders: table({
    columns: { id: column.int64() },
    transform: { columns: { id: column.int64() }, apply: ${apply} },
  }),`;
  pipeline.release({ tables: tables("() => { throw new Error('not today'); }") });
  await worker.stop();
  worker = await startTestWorker([pipeline.module]);
  await pipeline.land('orders-data/data.csv', 'id\n1\n2\n');
  const failure = await client.run(pipeline.name).catch((error: unknown) => error);
  expect(failure).toMatchObject({
    name: 'RunFailedError',
    outcome: 'failed',
    message: expect.stringContaining('not today') as string,
  });
  expect(await pipeline.list('land')).toEqual([]);
  expect(await pipeline.list('processed')).toEqual([]);

  pipeline.release({ tables: tables('({ frame }) => frame') });
  await worker.stop();
  worker = await startTestWorker([pipeline.module]);
  await pipeline.land('orders-data/next.csv', 'id\n3\n');
  const resumed = await client.run(pipeline.name);
  expect(resumed?.fileLandTimestamp).toBe(
    (failure as { delivery: { fileLandTimestamp: number } }).delivery.fileLandTimestamp,
  );
  expect(resumed?.tables[0]).toMatchObject({ landed: 2, published: 2 });
  expect((await client.run(pipeline.name))?.tables[0]).toMatchObject({ landed: 1, published: 3 });
});

test('a timestamp that the trigger gives names the delivery, and may not fall back behind an earlier one', async () => {
  await pipeline.land('orders-data/data.csv', rows(1, 1));
  expect(await client.run(pipeline.name, { fileLandTimestamp: 1_534_968_800 })).toMatchObject({
    fileLandTimestamp: 1_534_968_800,
  });
  expect(await pipeline.list('rawHist')).toEqual([
    `${PREFIX}orders-data/file_land_timestamp=1534968800/data_1534968800.csv`,
  ]);
  await pipeline.land('orders-data/data.csv', rows(2, 1));
  await expect(client.takeDelivery(pipeline.name, { fileLandTimestamp: 1_534_968_799 })).rejects.toThrow(
    /1534968799, given by trigger, is not later than 1534968800.*Nothing was taken from land/s,
  );
});

test('keys that carry partition and suffix already are kept as they are', async () => {
  const carried = 'orders-data/file_land_timestamp=1534968800/data_1534968800.csv';
  await pipeline.land(carried, rows(1, 1));
  await pipeline.land('orders-data/file_land_timestamp=1534978800/data_1534978800.csv', rows(2, 1));
  expect(await client.run(pipeline.name)).toMatchObject({ fileLandTimestamp: 1_534_968_800, files: 1 });
  expect(await pipeline.list('rawHist')).toEqual([PREFIX + carried]);
  expect(await client.run(pipeline.name)).toMatchObject({ fileLandTimestamp: 1_534_978_800, files: 1 });
  expect(await pipeline.list('land')).toEqual([]);
});

test('what is not complete is no delivery yet, at whatever trigger; with its marker it is', async () => {
  pipeline.release({ options: "complete: { marker: 'DONE' }," });
  await worker.stop();
  worker = await startTestWorker([pipeline.module]);
  await pipeline.land('orders-data/data.csv', rows(1, 3));
  const incomplete = { kind: 'not-complete', missing: [`the marker DONE in ${PREFIX}`] };
  expect(await client.takeDelivery(pipeline.name)).toEqual(incomplete);
  expect(await client.takeDelivery(pipeline.name, { fileLandTimestamp: 1_534_968_800 })).toEqual(incomplete);
  expect(await client.run(pipeline.name)).toBeUndefined();
  expect(await client.listRuns(pipeline.name)).toEqual([]);
  expect(await pipeline.list('log')).toEqual([]);
  expect(await pipeline.list('land')).toHaveLength(1);

  await pipeline.land('DONE', '');
  const both = await Promise.all([client.run(pipeline.name), client.run(pipeline.name)]);
  for (const result of both) expect(result?.tables[0]).toMatchObject({ landed: 3, published: 3 });
  expect(await pipeline.list('land')).toEqual([]);
  expect(await client.takeDelivery(pipeline.name)).toEqual({ kind: 'nothing-landed' });
});

test('who asks while a run is under way, for what is not complete, is told so and not given that run', async () => {
  pipeline.release({ options: "complete: { marker: 'DONE' }," });
  await worker.stop();
  worker = await startTestWorker([pipeline.module]);
  await pipeline.land('orders-data/data.csv', rows(1, 60_000));
  await pipeline.land('DONE', '');
  const first = await client.takeDelivery(pipeline.name);
  await pipeline.land('orders-data/later.csv', rows(100_000, 1));
  expect(await client.takeDelivery(pipeline.name)).toMatchObject({ kind: 'not-complete' });
  if (first.kind !== 'run') throw new Error('a run was expected');
  expect(await client.result(pipeline.name, first.fileLandTimestamp)).toMatchObject({ outcome: 'published' });
});

test('a quarantined delivery is nobody else’s answer: whoever asks right after its end is told that nothing waits', async () => {
  pipeline.remove();
  pipeline = await createTestPipeline({ hasQuarantine: true });
  await worker.stop();
  worker = await startTestWorker([pipeline.module]);
  for (let again = 0; again < 5; again += 1) {
    await pipeline.land('orders-data/data.csv', `${HEADER}${again},n,banana,2024-01-01\n`);
    await expect(client.run(pipeline.name)).rejects.toMatchObject({ outcome: 'refused' });
    expect(await client.takeDelivery(pipeline.name)).toEqual({ kind: 'nothing-landed' });
  }
}, 60_000);

test('while it is paused nothing is taken, the run under way goes on, and every trigger is told by whom and why', async () => {
  await pipeline.land('orders-data/data.csv', rows(1, 20_000));
  const first = await client.takeDelivery(pipeline.name);
  if (first.kind !== 'run') throw new Error('a run was expected');
  await pipeline.land('orders-data/later.csv', rows(50_000, 10));
  const waiter = client.takeDelivery(pipeline.name);
  const { paused } = await client.pause(pipeline.name, { by: 'Ann', why: 'last year’s files again' });
  expect(paused).toMatchObject({ by: 'Ann', why: 'last year’s files again' });
  expect(await waiter).toEqual({ kind: 'paused', pause: paused });
  expect(await client.result(pipeline.name, first.fileLandTimestamp)).toMatchObject({ outcome: 'published' });
  const told = await runLandfall(['run', pipeline.name]);
  expect(told.code).toBe(8);
  expect(told.stderr).toContain(`was paused by Ann at ${paused?.at}: last year’s files again`);
  expect((await runLandfall(['status', pipeline.name])).stderr).toContain('Paused by Ann');
  expect(await pipeline.list('land')).toEqual([`${PREFIX}orders-data/later.csv`]);

  expect((await runLandfall(['resume', pipeline.name])).code).toBe(0);
  expect((await client.run(pipeline.name))?.tables[0]).toMatchObject({ landed: 10, published: 20_010 });
}, 60_000);

test('hundreds of triggers take it through to a new execution: none is lost, and a pause goes along', async () => {
  await pipeline.land('orders-data/data.csv', rows(1, 5));
  const answers = await askAtOnce(300);
  expect(new Set(answers.map((answer) => answer.kind))).toEqual(new Set(['run', 'nothing-landed']));
  expect(await client.listRuns(pipeline.name)).toMatchObject([{ outcome: 'published' }]);

  const { runId } = await describeIntake();
  const { paused } = await client.pause(pipeline.name, { by: 'Ann', why: 'a test' });
  for (let most = 0; most < 20 && (await describeIntake()).runId === runId; most += 1)
    for (const answer of await askAtOnce(100)) expect(answer).toEqual({ kind: 'paused', pause: paused });
  expect((await describeIntake()).runId).not.toBe(runId);
  await client.resume(pipeline.name);
  expect(await client.takeDelivery(pipeline.name)).toEqual({ kind: 'nothing-landed' });
}, 300_000);

const ASKERS = 10;

async function askAtOnce(times: number): Promise<TakenDelivery[]> {
  const answers: TakenDelivery[] = [];
  const ask = async (): Promise<void> => {
    while (answers.length < times) answers.push(await client.takeDelivery(pipeline.name));
  };
  await Promise.all(Array.from({ length: ASKERS }, ask));
  return answers;
}

async function describeIntake(): Promise<{ runId: string }> {
  const { connectionOptions, namespace } = readTemporalTarget();
  const connection = await Connection.connect(connectionOptions);
  try {
    const temporal = new Client({ connection, namespace });
    return await temporal.workflow.getHandle(intakeWorkflowId(pipeline.name)).describe();
  } finally {
    await connection.close();
  }
}
