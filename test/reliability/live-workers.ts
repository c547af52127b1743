import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { LandfallClient } from '../../src/client';
import { startTestWorker, type TestWorker } from '../support/run-landfall';
import { createTestPipeline, type TestPipeline } from '../support/test-pipeline';
import type { CaseGroup } from './case';
import type { Scene } from './disturbed-line';
import { compareSnapshots, takeSnapshot, type Snapshot } from './snapshot';

const GIVEN = 1_534_968_800;
const KILLS = 200;
/** A run of a small delivery takes about this long. */
const RUN_MS = 4_000;
const CROWDS = 200;
const MOST_TRIGGERS = 8;
/** Triggers, and what lands meanwhile, come within this time. */
const CROWD_MS = 1_500;

interface Live {
  pipeline: TestPipeline;
  client: LandfallClient;
  worker: TestWorker;
}

/** A real worker in a process of its own, on the real Temporal server. */
async function withWorker<T>({ hasRaw, tables }: Scene, use: (live: Live) => Promise<T>): Promise<T> {
  const pipeline = await createTestPipeline({ hasRaw, tables });
  const client = await LandfallClient.connect();
  const live: Live = { pipeline, client, worker: await startTestWorker([pipeline.module]) };
  try {
    return await use(live);
  } finally {
    await live.worker.stop();
    await client.close();
    pipeline.remove();
  }
}

const inWords = async (judge: () => Promise<string[]>): Promise<string[]> => {
  try {
    return await judge();
  } catch (error) {
    return [`it does not come to its end: ${error instanceof Error ? error.message : String(error)}`];
  }
};

const runToEnd = (scene: Scene, killAfterMs?: number): Promise<Snapshot> =>
  withWorker(scene, async (live) => {
    const { pipeline, client } = live;
    for (const [file, body] of Object.entries(scene.files)) await pipeline.land(file, body);
    const ends = client.run(pipeline.name, { fileLandTimestamp: GIVEN });
    if (killAfterMs !== undefined) {
      await delay(killAfterMs);
      await live.worker.kill();
      live.worker = await startTestWorker([pipeline.module]);
    }
    await ends;
    return takeSnapshot(pipeline);
  });

let undisturbed: Promise<Snapshot> | undefined;

/** The moments are spread evenly over the time that a run takes, from before it begins to after its end. */
export const killsOf = (scene: Scene): CaseGroup => ({
  name: `SIGKILL of the worker: ${scene.name}`,
  quick: 1,
  cases: () =>
    Promise.resolve(
      Array.from({ length: KILLS }, (_, place) => Math.round((place * RUN_MS) / KILLS)).map((afterMs) => ({
        name: `after ${afterMs} ms`,
        run: () =>
          inWords(async () => {
            undisturbed ??= runToEnd(scene);
            return compareSnapshots(await undisturbed, await runToEnd(scene, afterMs));
          }),
      })),
    ),
});

const contentOf = (place: number): string => `id\n${place + 1}\n`;

async function judgeCrowd({ pipeline, client }: Live, place: number): Promise<string[]> {
  const triggers = 2 + (place % (MOST_TRIGGERS - 1));
  const files = 1 + (place % 3);
  const moment = (of: number): number => (of * 733 + place * 131) % CROWD_MS;
  await pipeline.land('a-data/0.csv', contentOf(0));
  const landings = Array.from({ length: files - 1 }, async (_, index) => {
    await delay(moment(index + triggers));
    await pipeline.land(`a-data/${index + 1}.csv`, contentOf(index + 1));
  });
  const asked = Array.from({ length: triggers }, async (_, index) => {
    await delay(moment(index));
    return client.run(pipeline.name);
  });
  await Promise.all(landings);
  const answers = await Promise.all(asked);
  let last = await client.run(pipeline.name);
  for (let next = last; next; next = await client.run(pipeline.name)) last = next;

  const wrong: string[] = [];
  const archived = await Promise.all(
    (await pipeline.list('rawHist')).map(async (key) =>
      createHash('sha256')
        .update(await pipeline.read('rawHist', key))
        .digest('hex'),
    ),
  );
  for (let file = 0; file < files; file += 1) {
    const sha256 = createHash('sha256').update(contentOf(file)).digest('hex');
    const times = archived.filter((each) => each === sha256).length;
    if (times !== 1) wrong.push(`file ${file} is in raw-hist ${times} times`);
  }
  if (archived.length !== files) wrong.push(`${archived.length} objects in raw-hist of ${files} files`);
  const results = [...answers, last].flatMap((result) => result ?? []);
  const published = Math.max(...results.map(({ tables }) => tables[0]?.published ?? 0));
  if (published !== files) wrong.push(`${published} rows are published of ${files}`);
  if ((await pipeline.list('land')).length > 0) wrong.push('land is not empty');
  if (answers[0] === undefined && files === 1 && answers.every((answer) => answer === undefined))
    wrong.push('nobody was given the run');
  return wrong;
}

/** Two to eight triggers at once, and files that land meanwhile: each is archived and published once. */
export const triggersOf = (scene: Scene): CaseGroup => ({
  name: `triggers at once: ${scene.name}`,
  quick: 1,
  cases: () =>
    Promise.resolve(
      Array.from({ length: CROWDS }, (_, place) => ({
        name: `crowd ${place}`,
        run: () => inWords(() => withWorker(scene, (live) => judgeCrowd(live, place))),
      })),
    ),
});
