import { Client, Connection } from '@temporalio/client';
import { LandfallClient } from '../../src/client';
import { intakeWorkflowId, listenerWorkflowId, sweepId } from '../../src/layout/workflow-names';
import { readTemporalTarget } from '../../src/temporal-connection';
import type { Swept } from '../../src/workflows/sweep-land';
import { runLandfall, startTestWorker, type TestWorker } from '../support/run-landfall';
import { createTestPipeline, PREFIX, type TestPipeline } from '../support/test-pipeline';
import { createTestQueue, notificationOf, type TestQueue } from '../support/test-queue';
import { until } from '../support/until';

const HEADER = 'id,name,price,day\n';
const row = (id: number): string => `${id},n,1.50,2024-01-01\n`;
const rows = (from: number, count: number): string =>
  HEADER + Array.from({ length: count }, (_, index) => row(from + index)).join('');

let client: LandfallClient;
let connection: Connection;
let temporal: Client;
let pipeline: TestPipeline;
let queue: TestQueue;
let worker: TestWorker | undefined;

/** The sweep comes so seldom that no test sees it unasked. */
const DECLARED = (name: string): string =>
  `triggers: { events: { queue: '${name}-landed' }, sweep: { every: '7 days' } },`;

async function start(environment: NodeJS.ProcessEnv = {}): Promise<void> {
  worker = await startTestWorker([pipeline.module], environment);
}
async function stop(): Promise<void> {
  await worker?.stop();
}

beforeEach(async () => {
  client = await LandfallClient.connect();
  const { connectionOptions, namespace } = readTemporalTarget();
  connection = await Connection.connect(connectionOptions);
  temporal = new Client({ connection, namespace });
  pipeline = await createTestPipeline();
  pipeline.release({ options: DECLARED(pipeline.name) });
  queue = await createTestQueue(pipeline);
});
afterEach(async () => {
  await stop();
  await client.close();
  await connection.close();
  pipeline.remove();
});

const published = async (): Promise<number> =>
  (await client.listRuns(pipeline.name)).filter(({ outcome }) => outcome === 'published').length;
const untilPublished = (runs: number) => until(`${runs} published`, async () => (await published()) === runs);
const untilEmpty = () => until('an empty queue', async () => (await queue.count()) === 0);
const untilLooked = (found: RegExp) =>
  until(`a look that finds ${String(found)}`, async () =>
    found.test((await client.intakeStatus(pipeline.name))?.lastLook?.found ?? ''),
  );
const sweep = () => temporal.schedule.getHandle(sweepId(pipeline.name)).trigger();

/** Events of the intake's history, by their type's name. */
async function countInIntake(type: string): Promise<number> {
  const { events = [] } = await temporal.workflow.getHandle(intakeWorkflowId(pipeline.name)).fetchHistory();
  return (events ?? []).filter((event) => JSON.stringify(event).includes(type)).length;
}

test('what lands is taken by S3’s own event, without anybody asking, and the message is gone', async () => {
  await start();
  await untilEmpty();
  await pipeline.land('orders-data/data.csv', rows(1, 3));
  await untilPublished(1);
  await untilEmpty();
  expect(await pipeline.list('land')).toEqual([]);
  const { stdout } = await runLandfall(['status', pipeline.name, '--json']);
  expect(JSON.parse(stdout)).toMatchObject({
    triggers: {
      events: { queue: queue.name, listening: true, failing: null, left: 0 },
      sweep: { everySeconds: 604_800, paused: false },
    },
    intake: { lastEvent: expect.any(String) as string },
  });
  const { stderr } = await runLandfall(['status', pipeline.name]);
  expect(stderr).toMatch(new RegExp(`Events of queue ${queue.name}: the latest at `));
  expect(stderr).toMatch(/Sweep every 7 days, the next at/);
});

test('what landed while no worker ran is taken when one starts, also where its event was lost', async () => {
  const lost = await createTestPipeline();
  lost.release({ options: DECLARED(lost.name) });
  await createTestQueue(lost, false);
  await lost.land('orders-data/data.csv', rows(1, 3));
  worker = await startTestWorker([lost.module]);
  await until('a published run', async () => (await client.listRuns(lost.name))[0]?.outcome === 'published');
  expect(await lost.list('land')).toEqual([]);
  lost.remove();
});

test('messages that are doubled, late, of what is gone, S3’s test, anybody else’s or no event at all harm nothing', async () => {
  await queue.set({ VisibilityTimeout: '1' });
  await start();
  await pipeline.land('orders-data/data.csv', rows(1, 3));
  await untilPublished(1);
  const own = notificationOf(pipeline.areas.land, `${PREFIX}orders-data/data.csv`);
  const foreign = notificationOf(pipeline.areas.land, 'production-environment/other-data/x.csv');
  await queue.send([
    own,
    own,
    notificationOf(pipeline.areas.land, `${PREFIX}orders-data/data.csv`, 'ObjectRemoved:Delete'),
    JSON.stringify({ Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: pipeline.areas.land }),
    foreign,
    'banana',
  ]);
  await until('the two that are left', async () => {
    const { events } = await client.triggersStatus(pipeline.name);
    return (events?.left ?? 0) >= 2 && (await queue.count()) === 2;
  });
  await stop();
  const left = new Set<string | undefined>();
  // What was taken comes back after a second, perhaps before the other one comes.
  await until('both messages', async () => left.add(await queue.takeOne()).size === 2);
  expect([...left].sort()).toEqual(['banana', foreign].sort());
  expect(await published()).toBe(1);

  // The next ones still come through.
  await start();
  await pipeline.land('orders-data/data.csv', rows(10, 3));
  await untilPublished(2);
}, 150_000);

test('a burst of 300 events is a few looks, and one run', async () => {
  await start();
  await untilEmpty();
  await untilLooked(/Nothing waits/);
  const before = await countInIntake('pinDelivery');
  await pipeline.land('orders-data/data.csv', rows(1, 3));
  const keys = Array.from({ length: 300 }, (_, index) => `${PREFIX}orders-data/${index}.csv`);
  await queue.send(keys.map((key) => notificationOf(pipeline.areas.land, key)));
  await untilPublished(1);
  await untilEmpty();
  // A burst that a slow machine sends with pauses is several.
  expect((await countInIntake('pinDelivery')) - before).toBeLessThanOrEqual(30);
  expect(await countInIntake('workflowExecutionSignaled')).toBeLessThanOrEqual(30);
  expect(await client.listRuns(pipeline.name)).toHaveLength(1);
}, 150_000);

test('a lost event is made good by the sweep, whose result says what it found', async () => {
  await start();
  await untilLooked(/Nothing waits/);
  const silent = await createTestPipeline({ options: "triggers: { sweep: { every: '7 days' } }," });
  await stop();
  worker = await startTestWorker([silent.module]);
  const schedule = temporal.schedule.getHandle(sweepId(silent.name));
  const seen = new Set<string>();
  const sweptAs = async (kind: Swept['kind']): Promise<Swept> => {
    let found: Swept | undefined;
    await until(`a sweep that came to: ${kind}`, async () => {
      const { recentActions, runningActions } = (await schedule.describe()).info;
      for (const { action } of recentActions) {
        // Two that begin in the same second have the same workflow ID.
        const { workflowId, firstExecutionRunId } = action.workflow;
        if (seen.has(firstExecutionRunId)) continue;
        seen.add(firstExecutionRunId);
        const swept = (await temporal.workflow.getHandle(workflowId, firstExecutionRunId).result()) as Swept;
        if (swept.kind === kind) found = swept;
      }
      // While the one before has not ended, as far as the schedule knows, it begins none.
      if (!found && runningActions.length === 0) await schedule.trigger();
      return found !== undefined;
    });
    return found as Swept;
  };
  expect(await sweptAs('nothing-landed')).toEqual({
    kind: 'nothing-landed',
    found: 'Nothing waits in land.',
  });
  await silent.land('orders-data/data.csv', rows(1, 3));
  const { fileLandTimestamp } = await sweptAs('taken');
  expect((await client.result(silent.name, fileLandTimestamp ?? 0)).outcome).toBe('published');
  silent.remove();
}, 150_000);

test('what lands during a run, and is told of then, is taken after it', async () => {
  await start();
  await pipeline.land('orders-data/data.csv', rows(1, 60_000));
  await until('a run', async () => (await client.listRuns(pipeline.name))[0]?.outcome === 'running');
  await pipeline.land('orders-data/later.csv', rows(100_000, 10));
  await untilPublished(2);
  expect(await pipeline.list('land')).toEqual([]);
}, 150_000);

test('what was refused is not checked again by events or sweeps until it changes', async () => {
  await start();
  await pipeline.land('orders-data/data.csv', `${HEADER}1,n,banana,2024-01-01\n`);
  await until('a refused run', async () => (await client.listRuns(pipeline.name))[0]?.outcome === 'refused');
  for (let again = 0; again < 3; again += 1) {
    await queue.send([notificationOf(pipeline.areas.land, `${PREFIX}orders-data/data.csv`)]);
    await untilEmpty();
    await sweep();
    await untilLooked(/was refused; it is not checked again/);
  }
  expect(await client.listRuns(pipeline.name)).toHaveLength(1);
  await pipeline.land('orders-data/data.csv', rows(1, 3));
  await untilPublished(1);
}, 150_000);

test('a cancelled run is not begun again by itself', async () => {
  await start();
  await pipeline.land('orders-data/data.csv', rows(1, 200_000));
  await until('a run', async () => (await client.listRuns(pipeline.name))[0]?.outcome === 'running');
  const [run] = await client.listRuns(pipeline.name);
  await client.cancel(pipeline.name, run?.fileLandTimestamp ?? 0);
  await client.result(pipeline.name, run?.fileLandTimestamp ?? 0).catch(() => undefined);
  await sweep();
  await untilLooked(/was cancelled; go on with it by: landfall run/);
  expect(await client.listRuns(pipeline.name)).toHaveLength(1);
  expect(await client.run(pipeline.name)).toMatchObject({ outcome: 'published' });
}, 150_000);

test('while it is paused events are kept in mind, and land is looked at when it is resumed', async () => {
  await start();
  await untilLooked(/Nothing waits/);
  await client.pause(pipeline.name, { by: 'Ann', why: 'a test' });
  await pipeline.land('orders-data/data.csv', rows(1, 3));
  await until('an event', async () => (await client.intakeStatus(pipeline.name))?.lastEvent !== null);
  await sweep();
  await untilLooked(/Paused by Ann/);
  expect(await client.listRuns(pipeline.name)).toEqual([]);
  await client.resume(pipeline.name);
  await untilPublished(1);
}, 150_000);

test('a killed worker’s messages come back, and its successor receives them', async () => {
  await queue.set({ VisibilityTimeout: '2' });
  // Somebody receives and dies: what is not deleted is not lost.
  await queue.send([notificationOf(pipeline.areas.land, `${PREFIX}orders-data/data.csv`)]);
  expect(await queue.takeOne()).toBeDefined();
  await start();
  await untilEmpty();
  await worker?.kill();
  await pipeline.land('orders-data/data.csv', rows(1, 3));
  await start();
  await untilPublished(1);
  await until('an empty queue', async () => (await queue.count()) === 0, 100_000);
}, 150_000);

test('what the code no longer declares is gone with the next worker’s start; a pause of the schedule stays', async () => {
  await start();
  await untilEmpty();
  await temporal.schedule.getHandle(sweepId(pipeline.name)).pause('a holiday');
  await stop();
  pipeline.release({ options: "triggers: { sweep: { every: '2 hours' } }," });
  await start();
  const { status } = await temporal.workflow.getHandle(listenerWorkflowId(pipeline.name)).describe();
  expect(status.name).toBe('TERMINATED');
  expect(await client.triggersStatus(pipeline.name)).toMatchObject({
    events: null,
    sweep: { everySeconds: 7_200, paused: true },
  });
  await stop();
  pipeline.release({ options: '' });
  await start();
  expect(await client.triggersStatus(pipeline.name)).toEqual({ events: null, sweep: null });
}, 150_000);

test('a queue that is not there is told where one looks, and is received from once it is', async () => {
  await stop();
  pipeline.release({ options: DECLARED(`${pipeline.name}-other`) });
  await start();
  await until('words', async () =>
    /There is no queue/.test((await client.triggersStatus(pipeline.name)).events?.failing ?? ''),
  );
  const { stderr } = await runLandfall(['status', pipeline.name]);
  expect(stderr).toMatch(/not received, which is tried again: There is no queue .*-other-landed\. Create it/);
}, 150_000);
