import type { PinnedObject } from '../../adapters/object-store';
import type { Pipeline } from '../../definition/pipeline';
import type { PinnedLandObject, PlannedFile } from '../records';

/** The landed object, in just the version that was pinned. */
export const landedObject = (
  { areas }: Pipeline,
  { key, versionId, etag, size }: PinnedLandObject,
): PinnedObject => ({
  bucket: areas.land,
  key,
  etag,
  size,
  ...(versionId === undefined ? {} : { versionId }),
});

/** Where the bytes of a planned file are: in land, or in quarantine when it is taken from there. */
export const sourceOf = (pipeline: Pipeline, file: PlannedFile): PinnedObject =>
  file.quarantined ?? landedObject(pipeline, file);
