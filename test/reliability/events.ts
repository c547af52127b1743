import { setTimeout as delay } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { LandfallClient } from '../../src/client';
import { sweepId } from '../../src/layout/workflow-names';
import { readTemporalTarget } from '../../src/temporal-connection';
import { createTestPipeline, PREFIX, type TestPipeline } from '../support/test-pipeline';
import { createTestQueue, notificationOf, type TestQueue } from '../support/test-queue';
import { until } from '../support/until';
import { inWords, type CaseGroup } from './case';
import { contentOf, judgeCrowdsArchive, judgeTurns } from './crowd';
import { startLiveWorker, type LiveScene } from './live-line';

const CASES = 200;
const MOST_TRIGGERS = 8;
/** All that disturbs comes within this time: before, while and after the first run. */
const CROWD_MS = 4_000;
const PATIENCE_MS = 120_000;

interface Crowd {
  pipeline: TestPipeline;
  queue: TestQueue;
  client: LandfallClient;
  sweep: () => Promise<void>;
}

/** Spread by the place of the case and of the trigger in it: the same in every run. */
const moment = (place: number, of: number): number => (of * 733 + place * 131) % CROWD_MS;

async function withCrowd<T>({ hasRaw, tables }: LiveScene, use: (crowd: Crowd) => Promise<T>): Promise<T> {
  const pipeline = await createTestPipeline({ hasRaw, tables });
  const options = `triggers: { events: { queue: '${pipeline.name}-landed' }, sweep: { every: '7 days' } },`;
  pipeline.release({ options });
  const { connectionOptions, namespace } = readTemporalTarget();
  const connection = await Connection.connect(connectionOptions);
  const schedule = new Client({ connection, namespace }).schedule.getHandle(sweepId(pipeline.name));
  const client = await LandfallClient.connect();
  const queue = await createTestQueue(pipeline);
  const worker = await startLiveWorker([pipeline]);
  try {
    return await use({ pipeline, queue, client, sweep: () => schedule.trigger() });
  } finally {
    await worker.stop();
    await client.close();
    await connection.close();
    pipeline.remove();
  }
}

/** Real events of what lands, doubled and early ones, sweeps, and people who ask: two to eight at once. */
async function disturb({ pipeline, queue, client, sweep }: Crowd, place: number): Promise<void> {
  const files = 1 + (place % 3);
  const triggers = 2 + (place % (MOST_TRIGGERS - 1));
  const landings = Array.from({ length: files }, async (_, file) => {
    if (file > 0) await delay(moment(place, file + triggers));
    await pipeline.land(`a-data/${file}.csv`, contentOf(file));
  });
  const kinds = [
    () => sweep(),
    () => queue.send([notificationOf(pipeline.areas.land, `${PREFIX}a-data/${place % files}.csv`)]),
    () => client.takeDelivery(pipeline.name),
  ];
  const asked = Array.from({ length: triggers }, async (_, index) => {
    await delay(moment(place, index));
    await kinds[(index + place) % kinds.length]?.();
  });
  await Promise.all([...landings, ...asked]);
}

async function judge(crowd: Crowd, place: number): Promise<string[]> {
  const { pipeline, queue, client } = crowd;
  const files = 1 + (place % 3);
  await disturb(crowd, place);
  // Nobody asks any more: what landed last must come through all the same.
  const isOver = async (): Promise<boolean> => {
    const isDone =
      (await pipeline.list('land')).length === 0 &&
      (await client.intakeStatus(pipeline.name))?.active === null &&
      (await queue.count()) === 0;
    return isDone;
  };
  await until('an empty land, an idle intake and an empty queue', isOver, PATIENCE_MS);

  const wrong = [...(await judgeCrowdsArchive(pipeline, files)), ...(await judgeTurns(client, pipeline))];
  const runs = await client.listRuns(pipeline.name);
  for (const { fileLandTimestamp, outcome } of runs)
    if (outcome !== 'published') wrong.push(`delivery ${fileLandTimestamp} is ${outcome}`);
  const results = await Promise.all(
    runs.map(({ fileLandTimestamp }) => client.result(pipeline.name, fileLandTimestamp)),
  );
  const rows = Math.max(...results.map(({ tables }) => tables[0]?.published ?? 0));
  if (rows !== files) wrong.push(`${rows} rows are published of ${files}`);
  return wrong;
}

/** Two to eight triggers at once, events and sweeps among them, and files that land meanwhile: each once, and all by themselves. */
export const eventsOf = (scene: LiveScene): CaseGroup => ({
  name: `sweeps racing events: ${scene.name}`,
  on: 'emulator',
  quick: 1,
  atOnce: 4,
  cases: () =>
    Promise.resolve(
      Array.from({ length: CASES }, (_, place) => ({
        name: `crowd ${place}`,
        run: () => inWords(() => withCrowd(scene, (crowd) => judge(crowd, place))),
      })),
    ),
});
