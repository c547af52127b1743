import type { ObjectStore } from '../../adapters/object-store';
import type { Pipeline } from '../../definition/pipeline';
import { unrestKey } from '../../layout/log-keys';
import { readRecord, writeRecordOnce } from '../records';
import type { Landed } from './landed-objects';

/** When the store was looked at, and what was pinned last before. */
export interface Look {
  /** UTC epoch seconds by the store's clock, from before land was listed. */
  storeTime: number;
  /** The latest file_land_timestamp that was given; 0 before the first. */
  latest: number;
}

/**
 * Whether uploads still come too fast for the pipeline's `quietSeconds`. Once something has waited for `atMostSeconds`, all
 * is taken as it is: an object in land is whole, and a supplier who never stops must not keep it there.
 * @returns in words what is waited for; 'overdue' when it is waited for no longer
 */
export async function findUnrest(
  store: ObjectStore,
  pipeline: Pipeline,
  objects: readonly Landed[],
  look: Look,
): Promise<{ waitsFor: string } | 'overdue' | undefined> {
  const { quietSeconds, atMostSeconds } = pipeline.complete;
  if (quietSeconds === 0) return undefined;
  const times = objects.map(({ lastModified }) => lastModified);
  const newest = times.reduce((a, b) => Math.max(a, b), 0);
  const oldest = times.reduce((a, b) => Math.min(a, b), Infinity);
  const untilQuiet = newest + quietSeconds - look.storeTime;
  if (untilQuiet <= 0) return undefined;
  const untilDue = (since: number): number => since + atMostSeconds - look.storeTime;
  if (untilDue(oldest) <= 0) return 'overdue';
  const left = untilDue(Math.min(oldest, await readFirstLook(store, pipeline, look)));
  if (left <= 0) return 'overdue';
  return {
    waitsFor: `${quietSeconds} seconds without an upload: quiet in ${untilQuiet} s, or taken as it is in ${left} s`,
  };
}

/** An object that is replaced again and again never grows old: what counts is when it was first seen to wait. */
async function readFirstLook(
  store: ObjectStore,
  pipeline: Pipeline,
  { latest, storeTime }: Look,
): Promise<number> {
  const { log } = pipeline.areas;
  const key = unrestKey(pipeline, latest);
  const first = { since: storeTime };
  if ((await writeRecordOnce(store, log, key, first)) === 'written') return storeTime;
  return (await readRecord<typeof first>(store, log, key)).since;
}
