import { once } from 'node:events';

/** Resolves when the signal is, or has been, aborted. */
export async function untilAborted(signal: AbortSignal): Promise<undefined> {
  if (!signal.aborted) await once(signal, 'abort');
  return undefined;
}
