import { ListObjectVersionsCommand, type ObjectVersion } from '@aws-sdk/client-s3';
import { explainFailures } from './aws-errors';
import type { CallOptions, ObjectLocation } from './object-store';
import { abortable, describeS3Call } from './s3-calls';
import type { S3Context } from './s3-context';
import { decodeKey } from './s3-list';

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
  for await (const version of listVersionsOf(context, { bucket, key }, options)) {
    if (place) return { ...place, hasOlder: true };
    if (version.VersionId === versionId) place = { isCurrent: version.IsLatest === true, hasOlder: false };
  }
  return place;
}

/** Newest first. */
async function* listVersionsOf(
  { s3, limits }: S3Context,
  { bucket, key }: ObjectLocation,
  { signal }: CallOptions,
): AsyncIterable<ObjectVersion> {
  const call = describeS3Call('Listing the versions of', 's3:ListBucketVersions', { bucket, key }, signal);
  let marker: { KeyMarker?: string; VersionIdMarker?: string } | undefined = {};
  while (marker) {
    const command: ListObjectVersionsCommand = new ListObjectVersionsCommand({
      ...{ Bucket: bucket, Prefix: key, MaxKeys: limits.pageKeys, EncodingType: 'url' },
      ...marker,
    });
    const page = await explainFailures(call, () => s3.send(command, abortable(signal)));
    for (const version of page.Versions ?? []) {
      // Keys come in order, and the shortest of those that begin with it is the key itself.
      if (decodeKey(version.Key ?? '', page.EncodingType) !== key) return;
      yield version;
    }
    const next =
      page.NextKeyMarker === undefined ? undefined : decodeKey(page.NextKeyMarker, page.EncodingType);
    marker =
      page.IsTruncated && next === key
        ? { KeyMarker: key, ...(page.NextVersionIdMarker && { VersionIdMarker: page.NextVersionIdMarker }) }
        : undefined;
  }
}
