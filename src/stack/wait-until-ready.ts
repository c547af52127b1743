import { setTimeout as delay } from 'node:timers/promises';
import { SetupError } from '../errors';
import type { GuardedProcess } from './guarded-process';

const READY_WITHIN_MS = 60_000;
const ASK_EVERY_MS = 100;

/**
 * Asks `check` until it stops throwing.
 *
 * @throws SetupError with the log's end when the process ends first or takes more than a minute.
 */
export async function waitUntilReady(
  title: string,
  process: GuardedProcess,
  check: () => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS;
  for (;;) {
    signal?.throwIfAborted();
    const failure = await check().then(
      () => undefined,
      (error: unknown) => error,
    );
    if (process.hasExited()) {
      throw notReady(
        `${title} ended while it was starting (exit code ${await process.exited}).`,
        process,
        failure,
      );
    }
    if (failure === undefined) return;
    if (failure instanceof SetupError) throw failure;
    if (Date.now() > deadline) {
      throw notReady(`${title} did not answer within ${READY_WITHIN_MS / 1000} s.`, process, failure);
    }
    await delay(ASK_EVERY_MS);
  }
}

function notReady(happened: string, { logFile, lastLogLines }: GuardedProcess, cause: unknown): SetupError {
  return new SetupError(
    { happened, next: `Its log is ${logFile}; it ends with:\n${lastLogLines() || '(nothing)'}` },
    { cause },
  );
}
