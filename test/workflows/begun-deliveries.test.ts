import { Client, Connection } from '@temporalio/client';
import { LandfallClient } from '../../src/client';
import { intakeWorkflowId } from '../../src/layout/workflow-names';
import { readTemporalTarget } from '../../src/temporal-connection';
import { Bench } from '../activities/bench';
import { toArchived } from '../activities/take-through';
import { startTestWorker, type TestWorker } from '../support/run-landfall';

const numbers = (from: number, count: number): string =>
  `id\n${Array.from({ length: count }, (_, index) => from + index).join('\n')}\n`;

let client: LandfallClient;
let bench: Bench;
let worker: TestWorker | undefined;

beforeEach(async () => {
  client = await LandfallClient.connect();
  bench = await Bench.create({ tables: `numbers: table({ columns: { id: column.int64() } }),` });
});
afterEach(async () => {
  await worker?.stop();
  await client.close();
  bench.close();
});

async function terminateIntake(): Promise<void> {
  const { connectionOptions, namespace } = readTemporalTarget();
  const connection = await Connection.connect(connectionOptions);
  const { workflow } = new Client({ connection, namespace });
  await workflow.getHandle(intakeWorkflowId(bench.pipeline.name)).terminate('by a test');
  await connection.close();
}

test('a run that ended between its archive and its delete: the next one clears land, and nothing is taken twice', async () => {
  await bench.land('numbers-data/data.csv', numbers(1, 3));
  const delivery = await bench.take();
  await toArchived(bench.run(), delivery);
  expect(await bench.keys('land')).toHaveLength(1);

  worker = await startTestWorker([bench.pipeline.module]);
  expect(await client.run(bench.pipeline.name)).toMatchObject({
    fileLandTimestamp: delivery.fileLandTimestamp,
    tables: [{ landed: 3, published: 3 }],
  });
  expect(await bench.keys('land')).toEqual([]);
  expect(await client.takeDelivery(bench.pipeline.name)).toEqual({ kind: 'nothing-landed' });
  expect(await bench.keys('rawHist')).toHaveLength(1);
});

test('an intake that was terminated finds the run that is under way, and takes what landed since after it', async () => {
  worker = await startTestWorker([bench.pipeline.module]);
  const { name } = bench.pipeline;
  await bench.land('numbers-data/data.csv', numbers(1, 300_000));
  const first = await client.takeDelivery(name);
  await terminateIntake();
  await bench.land('numbers-data/later.csv', numbers(500_000, 2));
  const again = await client.takeDelivery(name);
  expect(again).toEqual({ ...first, attached: true });

  const { fileLandTimestamp } = first as { fileLandTimestamp: number };
  expect((await client.result(name, fileLandTimestamp)).tables).toMatchObject([{ landed: 300_000 }]);
  expect((await client.run(name))?.tables).toMatchObject([{ landed: 2, published: 300_002 }]);
  expect(await bench.keys('rawHist')).toHaveLength(2);
  expect(await bench.keys('land')).toEqual([]);
});

test('a timestamp in milliseconds, or of no known century, is refused and does not stop the intake', async () => {
  worker = await startTestWorker([bench.pipeline.module]);
  const { name } = bench.pipeline;
  await bench.land('numbers-data/data.csv', numbers(1, 3));
  for (const fileLandTimestamp of [1_534_968_800_000, Number.MAX_SAFE_INTEGER]) {
    await expect(client.takeDelivery(name, { fileLandTimestamp })).rejects.toThrow('at most ten digits');
  }
  expect((await client.run(name))?.tables).toMatchObject([{ landed: 3, published: 3 }]);
});
