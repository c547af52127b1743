import { readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { LandfallClient } from '../../src/client';
import { SetupError } from '../../src/errors';
import { startStack } from '../../src/stack/start-stack';
import type { Stack } from '../../src/stack/stack-options';
import { inWords, type CaseGroup } from './case';
import {
  createLivePipeline,
  GIVEN,
  landAll,
  runLiveUndisturbed,
  startLiveWorker,
  type LiveScene,
} from './live-line';
import { rememberToEnd } from './open-processes';
import { compareSnapshots, takeSnapshot } from './snapshot';

const KILLS = 25;
const ANSWERS_WITHIN_MS = 180_000;
const FOLDER = join(__dirname, '..', '..', '.landfall', `faults-temporal-${process.pid}`);

/** Only Temporal: AWS is there. The ports are those of the last start in the folder. */
async function startOwnTemporal(): Promise<Stack> {
  const { TEMPORAL_ADDRESS: shared } = process.env;
  delete process.env.TEMPORAL_ADDRESS;
  try {
    return await startStack({ stateDir: FOLDER, searchAttributes: {} });
  } finally {
    if (shared !== undefined) process.env.TEMPORAL_ADDRESS = shared;
  }
}

/** The server itself, not what guards it. */
function findServer(): number {
  const database = join(FOLDER, 'temporal', 'temporal.db');
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const [command = '', ...args] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
      if (args.includes(database) && command.endsWith('temporal')) return Number(pid);
    } catch {
      // It has ended.
    }
  }
  throw new Error('there is no Temporal server on the database');
}

/** As whoever lost the connection does: the same once more, which attaches or is given what was returned. */
async function askUntilAnswered(pipeline: string): Promise<void> {
  const deadline = Date.now() + ANSWERS_WITHIN_MS;
  for (;;) {
    try {
      const client = await LandfallClient.connect();
      try {
        await client.run(pipeline, { fileLandTimestamp: GIVEN });
        return;
      } finally {
        await client.close();
      }
    } catch (error) {
      if (!(error instanceof SetupError) || Date.now() > deadline) throw error;
      await delay(500);
    }
  }
}

async function judge(scene: LiveScene, place: number): Promise<string[]> {
  const { snapshot, milliseconds } = await runLiveUndisturbed(scene);
  const shared = process.env.TEMPORAL_ADDRESS;
  let stack = await startOwnTemporal();
  const forget = rememberToEnd(() => stack.stop());
  process.env.TEMPORAL_ADDRESS = stack.temporalAddress;
  const pipeline = await createLivePipeline(scene);
  const worker = await startLiveWorker([pipeline]);
  try {
    await landAll(pipeline, scene);
    const ends = askUntilAnswered(pipeline.name);
    ends.catch(() => undefined);
    await delay((place * milliseconds) / KILLS);
    process.kill(findServer(), 'SIGKILL');
    await stack.partExited;
    await stack.stop();
    stack = await startOwnTemporal();
    if (stack.temporalAddress !== process.env.TEMPORAL_ADDRESS)
      throw new Error('the Temporal server did not get its port back');
    await ends;
    return compareSnapshots(snapshot, await takeSnapshot(pipeline));
  } finally {
    await worker.stop();
    await stack.stop();
    forget();
    process.env.TEMPORAL_ADDRESS = shared ?? '';
    await rm(FOLDER, { recursive: true, force: true });
  }
}

/** The Temporal server is killed at moments spread over a run, and started again on its database. */
export const temporalKillsOf = (scene: LiveScene): CaseGroup => ({
  name: `SIGKILL of the Temporal server: ${scene.name}`,
  on: 'emulator',
  quick: 1,
  cases: () =>
    Promise.resolve(
      Array.from({ length: KILLS }, (_, place) => ({
        name: `at ${place} of ${KILLS} parts of a run`,
        run: () => inWords(() => judge(scene, place)),
      })),
    ),
});
