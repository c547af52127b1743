import { DeleteObjectCommand, type DeleteObjectCommandInput } from '@aws-sdk/client-s3';
import type { CallOptions, PinnedObject } from './object-store';
import { explainFailures } from './aws-errors';
import { abortable, describeS3Call, isObjectMissing, isPreconditionFailed } from './s3-calls';
import type { S3Context } from './s3-context';
import { findVersionPlace } from './s3-versions';

/**
 * An upload that was overwritten before anybody took it must not come back as the current one when the version above it
 * is deleted: a delete marker hides it. Nothing but the pinned version is deleted.
 */
export async function deleteObject(
  context: S3Context,
  { bucket, key, versionId, etag }: PinnedObject,
  options: CallOptions = {},
): Promise<'deleted' | 'gone' | 'changed'> {
  const object = { Bucket: bucket, Key: key };
  if (versionId === undefined) return send(context, { ...object, IfMatch: etag }, options);
  const place = await findVersionPlace(context, { bucket, key, versionId }, options);
  // S3 says the same of a version that it deletes as of one that it does not have.
  if (!place) return 'gone';
  const marker = { ...object, IfMatch: etag };
  if (!isOwnVersion(versionId))
    return send(context, place.hasOlder ? marker : { ...marker, VersionId: versionId }, options);
  if (place.isCurrent && place.hasOlder) await send(context, marker, options);
  return send(context, { ...object, VersionId: versionId }, options);
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
