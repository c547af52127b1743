import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { LandfallClient } from '../client';
import { SetupError } from '../errors';
import { startGuarded, type GuardedProcess } from '../stack/guarded-process';

const LONGEST_START_MS = 60_000;

export interface WorkerProcess {
  /** Resolves when the worker ends, asked or not. */
  exited: Promise<{ part: 'worker'; logFile: string; lastLines: string }>;
  stop(): Promise<void>;
}

/**
 * `landfall worker` as a process that ends with this one; resolves when it has begun to ask for work, or `signal` is
 * aborted.
 * @throws SetupError with its last words when it does not come up
 */
export async function startWorkerProcess(options: {
  modules: readonly string[];
  pipelines: readonly string[];
  logFile: string;
  signal: AbortSignal;
}): Promise<WorkerProcess> {
  const worker = await startGuarded({
    command: process.execPath,
    arguments: [join(__dirname, 'index.js'), 'worker', ...options.modules],
    environment: process.env,
    logFile: options.logFile,
  });
  try {
    await waitUntilServed(worker, options.pipelines, options.signal);
  } catch (error) {
    await worker.stop();
    throw error;
  }
  const { logFile } = options;
  return {
    exited: worker.exited.then(() => ({ part: 'worker', logFile, lastLines: worker.lastLogLines() })),
    stop: () => worker.stop(),
  };
}

async function waitUntilServed(
  worker: GuardedProcess,
  pipelines: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  // Pollers of an earlier worker are remembered for minutes; this is how the SDK names our own.
  const identity = `${worker.group}@${hostname()}`;
  const client = await LandfallClient.connect();
  const deadline = Date.now() + LONGEST_START_MS;
  try {
    while (!signal.aborted) {
      const served = await Promise.all(pipelines.map((name) => client.isServed(name, identity)));
      if (served.every(Boolean)) return;
      if (worker.hasExited() || Date.now() > deadline) {
        throw new SetupError({
          happened: `The worker did not start. Its last words:\n${worker.lastLogLines()}`,
          next: `See ${worker.logFile}.`,
        });
      }
      await delay(100);
    }
  } catch (error) {
    // A stack that is ending, or has lost a part, does not answer any more.
    if (!signal.aborted) throw error;
  } finally {
    await client.close();
  }
}
