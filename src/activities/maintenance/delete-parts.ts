import type { ObjectStore, PinnedObject } from '../../adapters/object-store';
import type { Pipeline } from '../../definition/pipeline';
import { isAsRecorded } from '../../engine/curated-part';
import { mapWithLimit } from '../../map-with-limit';
import { objectsOf, type SnapshotFiles } from '../curated/snapshot-record';
import type { SweepReport } from './sweep-report';

const DELETES_AT_ONCE = 16;

export interface SnapshotParts {
  /** As they were recorded: just these versions may be deleted. */
  own: PinnedObject[];
  /** Other objects that have a part's key by now. */
  others: PinnedObject[];
}

/** What is there of a snapshot's parts, and of the deleted keys beside them. */
export async function findParts(
  store: ObjectStore,
  { areas: { curated: bucket } }: Pipeline,
  files: SnapshotFiles,
  signal: AbortSignal,
): Promise<SnapshotParts> {
  const own: PinnedObject[] = [];
  const others: PinnedObject[] = [];
  await mapWithLimit(objectsOf(files), DELETES_AT_ONCE, async (part) => {
    const stored = await store.head({ bucket, key: part.key }, { signal });
    if (!stored) return;
    (isAsRecorded(stored, part) ? own : others).push(stored);
  });
  return { own, others };
}

/** @returns what is gone by it */
export async function deletePinned(
  store: ObjectStore,
  objects: readonly PinnedObject[],
  report: SweepReport,
  signal: AbortSignal,
): Promise<{ files: number; bytes: number }> {
  const gone: PinnedObject[] = [];
  await mapWithLimit(objects, DELETES_AT_ONCE, async (object) => {
    const deletion = await store.delete(object, { signal });
    if (deletion === 'deleted') gone.push(object);
    else if (deletion === 'locked') report.locked += 1;
    else if (deletion === 'changed') report.addStranger(object);
  });
  return sumOf(gone);
}

export const sumOf = (objects: readonly PinnedObject[]): { files: number; bytes: number } => ({
  files: objects.length,
  bytes: objects.reduce((sum, { size }) => sum + size, 0),
});
