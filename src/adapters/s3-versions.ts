import type { CallOptions, ObjectLocation } from './object-store';
import type { S3Context } from './s3-context';
import { listVersions } from './s3-list';

export interface VersionPlace {
  /** Whether readers who name no version are given it. */
  isCurrent: boolean;
  /** Whether an earlier upload would be current, were it and all that is newer deleted. */
  hasOlder: boolean;
}

/** Where a version stands among those of its key. @returns undefined when there is no such version */
export async function findVersionPlace(
  context: S3Context,
  { bucket, key, versionId }: ObjectLocation & { versionId: string },
  options: CallOptions,
): Promise<VersionPlace | undefined> {
  let place: VersionPlace | undefined;
  for await (const version of listVersions(context, bucket, key, options)) {
    // Keys come in order, and the shortest of those that begin with it is the key itself.
    if (version.key !== key) break;
    if (place) return { ...place, hasOlder: true };
    if (version.versionId === versionId) place = { isCurrent: version.isLatest, hasOlder: false };
  }
  return place;
}
