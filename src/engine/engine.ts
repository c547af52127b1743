import { existsSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { pool as createPool } from 'workerpool';
import { SetupError, UsageError } from '../errors';
import { toProcessLostError } from './engine-errors';
import { createEngineTempFolder, removeFoldersOf } from './engine-temp-folder';
import { fromTransferredError } from './error-transfer';
import { countProcesses } from './process-count';
import { ENVIRONMENT, type ProcessAnswer, type ProcessEvent, type TaskName } from './process-messages';
import { Slots } from './slots';
import type { Engine, TaskOptions, TaskProgress } from './tasks';

export interface EngineOptions {
  /** Paths of the modules that export the pipelines; every process loads them once. */
  pipelineModules: readonly string[];
  /** @default what cores and memory allow, see `countProcesses` */
  maxProcesses?: number;
}

// Node runs only JavaScript: from the sources (in tests) the built entry is used.
const PROCESS_ENTRY = join(
  __dirname,
  __filename.endsWith('.ts') ? '../../dist/engine' : '.',
  'engine-process.js',
);
const ENDS_WITHIN_MS = 200;
const PROGRESS_EVERY_MS = 500;

function startPool(pipelineModules: readonly string[], tempFolder: string, maxWorkers: number) {
  return createPool(PROCESS_ENTRY, {
    workerType: 'process',
    maxWorkers,
    minWorkers: 1,
    workerTerminateTimeout: ENDS_WITHIN_MS,
    forkOpts: {
      env: {
        // gzip packs blocks in libuv's threads, of which there are 4 on however many cores.
        UV_THREADPOOL_SIZE: String(Math.max(4, availableParallelism() + 1)),
        ...process.env,
        [ENVIRONMENT.modules]: JSON.stringify(pipelineModules.map((module) => resolve(module))),
        [ENVIRONMENT.tempFolder]: tempFolder,
        [ENVIRONMENT.owner]: String(process.pid),
      },
    },
  });
}

/**
 * Does tasks in processes of its own, which start when they are needed and are kept; one is always ready once it was
 * asked to start. A crash of one (Polars aborts on some input) loses a task, not the worker; aborting kills the process,
 * since Polars cannot be stopped otherwise.
 *
 * @throws SetupError when the package is not built
 */
export function createEngine({ pipelineModules, maxProcesses }: EngineOptions): Engine {
  if (!existsSync(PROCESS_ENTRY)) {
    throw new SetupError({
      happened: `There is no ${PROCESS_ENTRY}.`,
      next: 'Build the package: npm run build.',
    });
  }
  const most = maxProcesses ?? countProcesses();
  // A queue of our own: that of the pool stands still after a process has died.
  const slots = new Slots(most);
  const closing = new AbortController();
  const running = new Set<Promise<unknown>>();
  let tempFolder: string | undefined;
  let pool: ReturnType<typeof startPool> | undefined;

  function open(): { pool: ReturnType<typeof startPool>; folder: string } {
    tempFolder ??= createEngineTempFolder();
    pool ??= startPool(pipelineModules, tempFolder, most);
    return { pool, folder: tempFolder };
  }

  async function perform<R>(name: TaskName, task: object, doing: string, options: TaskOptions): Promise<R> {
    const signal = AbortSignal.any([closing.signal, ...(options.signal ? [options.signal] : [])]);
    await slots.take(signal);
    const { pool: processes, folder } = open();
    let pid: number | undefined;
    const kill = (): void => {
      if (pid !== undefined) killProcess(pid);
    };
    let progress: TaskProgress = { bytes: 0, rows: 0 };
    const tell = (): void => options.onProgress?.(progress);
    // From here, since a transform may block the process's event loop while it does its work.
    let telling: NodeJS.Timeout | undefined;
    const on = (event: ProcessEvent): void => {
      if (event.kind === 'progress') {
        ({ progress } = event);
        return;
      }
      if (event.kind === 'log') {
        options.onLog?.(event.line);
        return;
      }
      ({ pid } = event);
      telling = setInterval(tell, PROGRESS_EVERY_MS);
      if (signal.aborted) kill();
    };
    signal.addEventListener('abort', kill, { once: true });
    try {
      const answer = (await processes.exec(name, [task], { on })) as ProcessAnswer<R>;
      signal.throwIfAborted();
      if ('error' in answer) throw fromTransferredError(answer.error);
      tell();
      return answer.result;
    } catch (error) {
      if (isProcessLoss(error)) {
        if (pid !== undefined) removeFoldersOf(pid, folder);
        signal.throwIfAborted();
        throw toProcessLostError(doing, error);
      }
      throw error;
    } finally {
      clearInterval(telling);
      signal.removeEventListener('abort', kill);
      slots.release();
    }
  }

  function track<R>(task: Promise<R>): Promise<R> {
    const ended = task.catch(() => undefined);
    running.add(ended);
    void ended.then(() => running.delete(ended));
    return task;
  }

  return {
    start: () => void open(),
    checkFile: (task, options = {}) =>
      track(perform('checkFile', task, `checked ${task.source.key}`, options)),
    checkKeys: (task, options = {}) =>
      track(perform('checkKeys', task, `compared the keys of table "${task.table}"`, options)),
    transformFile: (task, options = {}) =>
      track(perform('transformFile', task, `processed ${task.source.key}`, options)),
    writeCuratedPart: (task, options = {}) =>
      track(perform('writeCuratedPart', task, `wrote a Parquet file of table "${task.table}"`, options)),
    deriveTable: (task, options = {}) =>
      track(perform('deriveTable', task, `derived table "${task.table}"`, options)),
    async close() {
      closing.abort(new UsageError({ happened: 'The engine is closed.', next: 'Create another one.' }));
      await Promise.all(running);
      await pool?.terminate(true);
      if (tempFolder !== undefined) rmSync(tempFolder, { recursive: true, force: true });
    },
  };
}

function killProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

const isProcessLoss = (error: unknown): boolean =>
  error instanceof Error && /^Workerpool Worker|^Worker (is )?terminated/.test(error.message);
