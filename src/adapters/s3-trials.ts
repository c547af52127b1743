import {
  AbortMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { ProtectionOf } from '../layout/object-protection';
import { explainFailures } from './aws-errors';
import type { ObjectLocation } from './object-store';
import { abortable, describeS3Call, isObjectMissing, isPreconditionFailed } from './s3-calls';
import { DEFAULT_S3_LIMITS, UNPROTECTED } from './s3-context';
import { describeNewObject, permissionsToWrite } from './s3-new-object';
import { headObject } from './s3-read';

/** What is tried with a key that does not exist, so that nothing comes of it where it is allowed either. */
export interface Trial {
  s3: S3Client;
  /** Of no object. */
  location: ObjectLocation;
  protectionOf: ProtectionOf;
  signal: AbortSignal;
}

/** @throws SetupError when the role may not read objects */
export async function tryReading({ s3, location, signal }: Trial): Promise<void> {
  await headObject({ s3, limits: DEFAULT_S3_LIMITS, protectionOf: UNPROTECTED }, location, { signal });
}

/**
 * Begins an upload, with the encryption, retention and legal hold of a real one, and aborts it.
 * @throws SetupError when the role may not write so, or not abort, or the bucket takes none like it
 */
export async function tryWriting({ s3, location, protectionOf, signal }: Trial): Promise<void> {
  const { bucket: Bucket, key: Key } = location;
  const actions = permissionsToWrite({ protectionOf }, location, 's3:PutObject and s3:AbortMultipartUpload');
  const call = describeS3Call('Writing', actions, location, signal);
  const http = abortable(signal);
  await explainFailures(call, async () => {
    const create = new CreateMultipartUploadCommand(describeNewObject({ protectionOf }, location));
    const { UploadId } = await s3.send(create, http);
    await s3.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }), http);
  });
}

/**
 * Deletes a version that no object has or, where there are no versions, an object that is not there: never one by name in
 * a bucket that would keep a marker of it.
 * @throws SetupError when the role may not delete
 */
export async function tryDeleting({ s3, location, signal }: Trial, keepsVersions: boolean): Promise<void> {
  const { bucket: Bucket, key: Key } = location;
  const permission = keepsVersions ? 's3:DeleteObjectVersion' : 's3:DeleteObject';
  const pin = keepsVersions ? { VersionId: 'null' } : { IfMatch: '"00000000000000000000000000000000"' };
  await explainFailures(describeS3Call('Deleting', permission, location, signal), async () => {
    try {
      await s3.send(new DeleteObjectCommand({ Bucket, Key, ...pin }), abortable(signal));
    } catch (error) {
      if (!isPreconditionFailed(error) && !isObjectMissing(error)) throw error;
    }
  });
}
