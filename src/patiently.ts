import { setTimeout as wait } from 'node:timers/promises';
import { LandfallError } from './errors';

export interface Patience {
  attempts: number;
  /** Before the second attempt; twice as long before each further one. */
  firstPauseMs: number;
  signal?: AbortSignal;
}

/** Tries again what may pass by itself (a failure that is `retryable`). @throws the last failure, or any other at once */
export async function patiently<T>(
  { attempts, firstPauseMs, signal }: Patience,
  work: () => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= attempts || !(error instanceof LandfallError && error.retryable)) throw error;
      await wait(firstPauseMs * 2 ** (attempt - 1), undefined, signal ? { signal } : {});
    }
  }
}
