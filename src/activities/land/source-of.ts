import type { PinnedObject } from '../../adapters/object-store';
import type { Pipeline } from '../../definition/pipeline';
import type { PinnedLandObject } from '../records';

/** As a record pins it. */
interface Pinned {
  key: string;
  versionId?: string | undefined;
  etag: string;
  size: number;
}

/** The landed object, in just the version that was pinned. */
export const landedObject = ({ areas }: Pipeline, { key, versionId, etag, size }: Pinned): PinnedObject => ({
  bucket: areas.land,
  key,
  etag,
  size,
  ...(versionId === undefined ? {} : { versionId }),
});

/** Something pinned, and where it is when it is not in land. */
export type Located = PinnedLandObject & { quarantined?: PinnedObject };

/** Where its bytes are: in land, or in quarantine when it is taken from there. */
export const sourceOf = (pipeline: Pipeline, file: Located): PinnedObject =>
  file.quarantined ?? landedObject(pipeline, file);
