import type { S3Client } from '@aws-sdk/client-s3';
import type { ObjectStore } from './object-store';
import { createS3Client } from './s3-client';
import { readStoreClock } from './s3-clock';
import { DEFAULT_S3_LIMITS, type S3Context, type S3Limits } from './s3-context';
import { copyObjectOnce } from './s3-copy-once';
import { deleteObject } from './s3-delete';
import { listObjects } from './s3-list';
import { headObject, readObject, readObjectText } from './s3-read';
import { writeObject, writeObjectOnce } from './s3-write';

/** Clients come from the environment unless they are given; `limits` are for stores and tests that need others. */
export function createS3ObjectStore(
  { s3 }: { s3: S3Client } = { s3: createS3Client() },
  limits: Partial<S3Limits> = {},
): ObjectStore {
  const context: S3Context = { s3, limits: { ...DEFAULT_S3_LIMITS, ...limits } };
  return {
    list: (bucket, prefix, options) => listObjects(context, bucket, prefix, options),
    readClock: (bucket, options) => readStoreClock(context, bucket, options),
    head: (location, options) => headObject(context, location, options),
    read: (object, options) => readObject(context, object, options),
    readText: (location, options) => readObjectText(context, location, options),
    write: (location, body, options) => writeObject(context, location, body, options),
    writeOnce: (location, body, options) => writeObjectOnce(context, location, body, options),
    copyOnce: (source, target, options) => copyObjectOnce(context, source, target, options),
    delete: (object, options) => deleteObject(context, object, options),
  };
}
