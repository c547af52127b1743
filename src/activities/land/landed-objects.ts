import { createHash } from 'node:crypto';
import type { ListedObject, ObjectStore } from '../../adapters/object-store';
import type { Pipeline } from '../../definition/pipeline';
import { splitPartition } from '../../layout/delivery-notes';
import { isFolderMarker, parseLandKey } from '../../layout/land-key';
import { pipelinePrefix } from '../../layout/object-keys';
import type { PinnedLandObject } from '../records';
import { findNotePath } from './delivery-notes';

export type Landed = ListedObject & { carriedTimestamp: number | undefined };

export async function listLanded(store: ObjectStore, pipeline: Pipeline): Promise<Landed[]> {
  const prefix = pipelinePrefix(pipeline);
  const landed: Landed[] = [];
  for await (const object of store.list(pipeline.areas.land, prefix)) {
    if (isFolderMarker(object)) continue;
    // A note stands in the pipeline's folder, or in that of a table; it too may carry the partition.
    const isNote = findNotePath(pipeline, object.key) !== undefined;
    const { carriedTimestamp } = isNote
      ? splitPartition(object.key.slice(prefix.length))
      : (parseLandKey(prefix, object.key) ?? { carriedTimestamp: undefined });
    landed.push({ ...object, carriedTimestamp });
  }
  return landed;
}

const versionOf = ({ key, versionId, etag, size, lastModified }: PinnedLandObject): string =>
  JSON.stringify([key, versionId ?? null, etag, size, lastModified]);

/** Whether `whole` has every object of `part`, in the same version. */
export function holdsAll(whole: readonly PinnedLandObject[], part: readonly PinnedLandObject[]): boolean {
  const versions = new Set(whole.map(versionOf));
  return part.every((object) => versions.has(versionOf(object)));
}

/** Whether both have an object in the same version. */
export function overlap(a: readonly PinnedLandObject[], b: readonly PinnedLandObject[]): boolean {
  const versions = new Set(a.map(versionOf));
  return b.some((object) => versions.has(versionOf(object)));
}

/** SHA-256 over keys and versions, in whatever order they are listed. */
export function digestContent(objects: readonly PinnedLandObject[]): string {
  const hash = createHash('sha256');
  for (const object of [...objects].sort((a, b) => (a.key < b.key ? -1 : 1))) hash.update(versionOf(object));
  return hash.digest('hex');
}
