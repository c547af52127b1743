import type { S3Client } from '@aws-sdk/client-s3';
import type { ProtectionOf } from '../layout/object-protection';
import type { ObjectStore } from './object-store';
import { createS3Client } from './s3-client';
import { readStoreClock } from './s3-clock';
import { DEFAULT_S3_LIMITS, UNPROTECTED, type S3Context, type S3Limits } from './s3-context';
import { copyObjectOnce } from './s3-copy-once';
import { deleteObject } from './s3-delete';
import { listObjects } from './s3-list';
import { headObject, openObject, readObject, readObjectText } from './s3-read';
import { writeObject, writeObjectOnce } from './s3-write';

/**
 * The client comes from the environment unless it is given; `limits` are for stores and tests that need others. What
 * `protectionOf` does not say is as the buckets have it.
 */
export function createS3ObjectStore(
  { s3 = createS3Client(), protectionOf = UNPROTECTED }: { s3?: S3Client; protectionOf?: ProtectionOf } = {},
  limits: Partial<S3Limits> = {},
): ObjectStore {
  const context: S3Context = { s3, limits: { ...DEFAULT_S3_LIMITS, ...limits }, protectionOf };
  return {
    list: (bucket, prefix, options) => listObjects(context, bucket, prefix, options),
    readClock: (bucket, options) => readStoreClock(context, bucket, options),
    head: (location, options) => headObject(context, location, options),
    read: (object, options) => readObject(context, object, options),
    open: (location, options) => openObject(context, location, options),
    readText: (location, options) => readObjectText(context, location, options),
    write: (location, body, options) => writeObject(context, location, body, options),
    writeOnce: (location, body, options) => writeObjectOnce(context, location, body, options),
    copyOnce: (source, target, options) => copyObjectOnce(context, source, target, options),
    delete: (object, options) => deleteObject(context, object, options),
  };
}
