import { DeleteObjectCommand, type DeleteObjectCommandInput } from '@aws-sdk/client-s3';
import type { CallOptions, Deletion, ObjectLocation, PinnedObject } from './object-store';
import { explainFailures } from './aws-errors';
import { abortable, describeS3Call, isObjectMissing, isPreconditionFailed } from './s3-calls';
import type { S3Context } from './s3-context';
import { isKeptByLock } from './s3-lock';
import { findVersionPlace } from './s3-versions';

/**
 * An upload that was overwritten before anybody took it must not come back as the current one when the version above it
 * is deleted: a delete marker hides it. Nothing but the pinned version is deleted. One that is locked cannot be, and is
 * hidden by a delete marker.
 */
export async function deleteObject(
  context: S3Context,
  { bucket, key, versionId, etag }: PinnedObject,
  options: CallOptions = {},
): Promise<Deletion> {
  const object = { Bucket: bucket, Key: key };
  if (versionId === undefined) return send(context, { ...object, IfMatch: etag }, options);
  const place = await findVersionPlace(context, { bucket, key, versionId }, options);
  // S3 says the same of a version that it deletes as of one that it does not have.
  if (!place) return 'gone';
  const marker = { ...object, IfMatch: etag };
  const hide = () => send(context, marker, options);
  const version = { bucket, key, versionId };
  if (!isOwnVersion(versionId))
    return place.hasOlder
      ? hide()
      : unlessLocked(
          context,
          version,
          () => send(context, { ...marker, VersionId: versionId }, options),
          hide,
        );
  if (place.isCurrent && place.hasOlder) await hide();
  const remove = () => send(context, { ...object, VersionId: versionId }, options);
  return unlessLocked(context, version, remove, place.isCurrent && !place.hasOlder ? hide : undefined);
}

/** @param hide keeps a locked version from being listed; absent where something is above it already */
async function unlessLocked(
  context: S3Context,
  version: ObjectLocation & { versionId: string },
  remove: () => Promise<Deletion>,
  hide: (() => Promise<Deletion>) | undefined,
): Promise<Deletion> {
  try {
    return await remove();
  } catch (error) {
    if (!(await isKeptByLock(context, version, error))) throw error;
    await hide?.();
    return 'locked';
  }
}

async function send(
  { s3 }: S3Context,
  input: DeleteObjectCommandInput & { Bucket: string; Key: string },
  { signal }: CallOptions,
): Promise<'deleted' | 'gone' | 'changed'> {
  const { Bucket: bucket, Key: key } = input;
  const permissions = 's3:DeleteObject, s3:DeleteObjectVersion and s3:GetObject';
  return explainFailures(describeS3Call('Deleting', permissions, { bucket, key }, signal), async () => {
    try {
      await s3.send(new DeleteObjectCommand(input), abortable(signal));
      return 'deleted';
    } catch (error) {
      if (isPreconditionFailed(error)) return 'changed';
      if (isObjectMissing(error)) return 'gone';
      throw error;
    }
  });
}

/** The version `null` of a bucket with suspended versioning is written over by each upload: only its ETag pins it. */
const isOwnVersion = (versionId: string | undefined): versionId is string =>
  versionId !== undefined && versionId !== 'null';
