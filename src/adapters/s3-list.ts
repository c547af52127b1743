import {
  GetBucketVersioningCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
} from '@aws-sdk/client-s3';
import type { CallOptions, ListedObject } from './object-store';
import { expectAnswered } from './aws-answers';
import { explainFailures } from './aws-errors';
import { abortable, describeS3Call, toEpochSeconds } from './s3-calls';
import type { S3Context } from './s3-context';

interface ListRequest extends CallOptions {
  startAfter?: string;
}

interface ListingEntry {
  Key?: string | undefined;
  ETag?: string | undefined;
  Size?: number | undefined;
  LastModified?: Date | undefined;
  VersionId?: string | undefined;
}

/** Asks for the bucket's versioning each time: one request, and a bucket whose setting changes is noticed. */
export async function* listObjects(
  context: S3Context,
  bucket: string,
  prefix: string,
  request: ListRequest = {},
): AsyncIterable<ListedObject> {
  const list = (await keepsVersions(context, bucket, request)) ? listCurrentVersions : listWithoutVersions;
  yield* list(context, bucket, prefix, request);
}

/** Also true of a bucket whose versioning was suspended: its earlier versions are still there. */
async function keepsVersions({ s3 }: S3Context, bucket: string, { signal }: CallOptions): Promise<boolean> {
  const call = describeS3Call(
    'Reading the versioning of',
    's3:GetBucketVersioning',
    { bucket, key: '' },
    signal,
  );
  const { Status } = await explainFailures(call, () =>
    s3.send(new GetBucketVersioningCommand({ Bucket: bucket }), abortable(signal)),
  );
  return Status !== undefined;
}

async function* listWithoutVersions(
  { s3, limits }: S3Context,
  bucket: string,
  prefix: string,
  { signal, startAfter }: ListRequest,
): AsyncIterable<ListedObject> {
  const call = describeS3Call('Listing', 's3:ListBucket', { bucket, key: '' }, signal);
  let token: string | undefined;
  do {
    const page = await explainFailures(call, () =>
      s3.send(
        new ListObjectsV2Command({
          Bucket: bucket,
          Prefix: prefix,
          StartAfter: startAfter,
          ContinuationToken: token,
          MaxKeys: limits.pageKeys,
          EncodingType: 'url',
        }),
        abortable(signal),
      ),
    );
    for (const entry of page.Contents ?? []) yield toListedObject(bucket, entry, page.EncodingType);
    token = expectAnswered(page.IsTruncated, 'IsTruncated') ? page.NextContinuationToken : undefined;
  } while (token !== undefined);
}

async function* listCurrentVersions(
  context: S3Context,
  bucket: string,
  prefix: string,
  request: ListRequest,
): AsyncIterable<ListedObject> {
  for await (const { isLatest, ...version } of listVersions(context, bucket, prefix, request))
    if (isLatest) yield version;
}

export type ListedVersion = ListedObject & { versionId: string; isLatest: boolean };

/** All versions but delete markers: in key order, and of one key the newest first. */
export async function* listVersions(
  { s3, limits }: S3Context,
  bucket: string,
  prefix: string,
  { signal, startAfter }: ListRequest = {},
): AsyncIterable<ListedVersion> {
  const call = describeS3Call('Listing', 's3:ListBucketVersions', { bucket, key: '' }, signal);
  let marker: { key: string | undefined; versionId?: string | undefined } | undefined = { key: startAfter };
  while (marker) {
    const command: ListObjectVersionsCommand = new ListObjectVersionsCommand({
      ...{ Bucket: bucket, Prefix: prefix, MaxKeys: limits.pageKeys, EncodingType: 'url' },
      ...{ KeyMarker: marker.key, VersionIdMarker: marker.versionId },
    });
    const page = await explainFailures(call, () => s3.send(command, abortable(signal)));
    for (const entry of page.Versions ?? []) {
      yield {
        ...toListedObject(bucket, entry, page.EncodingType),
        versionId: expectAnswered(entry.VersionId, 'VersionId'),
        isLatest: entry.IsLatest === true,
      };
    }
    marker = expectAnswered(page.IsTruncated, 'IsTruncated')
      ? {
          key: decodeKey(expectAnswered(page.NextKeyMarker, 'NextKeyMarker'), page.EncodingType),
          versionId: page.NextVersionIdMarker,
        }
      : undefined;
  }
}

function toListedObject(bucket: string, entry: ListingEntry, encoding: string | undefined): ListedObject {
  return {
    bucket,
    key: decodeKey(expectAnswered(entry.Key, 'Key'), encoding),
    etag: expectAnswered(entry.ETag, 'ETag'),
    size: expectAnswered(entry.Size, 'Size'),
    lastModified: toEpochSeconds(entry.LastModified),
  };
}

/** S3 writes a space as `+` in its listings, some other stores as `%20`; a plus is `%2B` with all of them. */
function decodeKey(key: string, encoding: string | undefined): string {
  return encoding === 'url' ? decodeURIComponent(key.replaceAll('+', ' ')) : key;
}
