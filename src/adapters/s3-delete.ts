import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import type { CallOptions, PinnedObject } from './object-store';
import { explainFailures } from './aws-errors';
import { abortable, describeS3Call, isObjectMissing, isPreconditionFailed } from './s3-calls';
import type { S3Context } from './s3-context';
import { headObject } from './s3-read';

export async function deleteObject(
  context: S3Context,
  { bucket, key, versionId, etag }: PinnedObject,
  options: CallOptions = {},
): Promise<'deleted' | 'gone' | 'changed'> {
  // S3 says the same of a version that it deletes as of one that it does not have.
  if (isOwnVersion(versionId) && !(await headObject(context, { bucket, key, versionId }, options)))
    return 'gone';
  const { signal } = options;
  const call = describeS3Call(
    'Deleting',
    's3:DeleteObject, s3:DeleteObjectVersion and s3:GetObject',
    { bucket, key },
    signal,
  );
  return explainFailures(call, async () => {
    try {
      const pin = isOwnVersion(versionId)
        ? { VersionId: versionId }
        : { VersionId: versionId, IfMatch: etag };
      await context.s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key, ...pin }), abortable(signal));
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
