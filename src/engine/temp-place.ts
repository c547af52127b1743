import { mkdtemp, rm } from 'node:fs/promises';

/** A folder of a task's own, and word of when both are over. */
export interface TempPlace {
  tempFolder: string;
  /** Whatever is still open in the folder is closed then, without what was not yet written. */
  ended: AbortSignal;
}

/** Does `work` in a new folder whose path begins with `prefix`, and leaves nothing of it behind, however `work` ends. */
export async function inTempPlace<R>(prefix: string, work: (place: TempPlace) => Promise<R>): Promise<R> {
  const ending = new AbortController();
  const tempFolder = await mkdtemp(prefix);
  try {
    return await work({ tempFolder, ended: ending.signal });
  } finally {
    ending.abort();
    // More than once: a thread of Polars may open its file just after another has told of the failure.
    await rm(tempFolder, { recursive: true, force: true, maxRetries: 5 });
  }
}
