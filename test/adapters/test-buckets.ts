import { randomUUID } from 'node:crypto';
import {
  CreateBucketCommand,
  ListMultipartUploadsCommand,
  PutBucketVersioningCommand,
} from '@aws-sdk/client-s3';
import { createS3Client } from '../../src/adapters/s3-client';
import type { ListedObject, ObjectLocation, ObjectStore } from '../../src/adapters/object-store';

export const s3 = createS3Client();

export type Versioning = 'Enabled' | 'Suspended' | undefined;

export async function createBucket(purpose: string, versioning?: Versioning): Promise<string> {
  const bucket = `${purpose}-${randomUUID().slice(0, 8)}`;
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  if (versioning) await setVersioning(bucket, versioning);
  return bucket;
}

export async function setVersioning(bucket: string, Status: 'Enabled' | 'Suspended'): Promise<void> {
  await s3.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status } }));
}

export async function listAll(store: ObjectStore, bucket: string, prefix = ''): Promise<ListedObject[]> {
  const listed: ListedObject[] = [];
  for await (const object of store.list(bucket, prefix)) listed.push(object);
  return listed;
}

/** Writes an object and pins the version that it became. */
export async function land(
  store: ObjectStore,
  location: ObjectLocation,
  body: Buffer | string,
): Promise<ListedObject> {
  await store.write(location, body);
  const listed = (await listAll(store, location.bucket, location.key)).find(
    ({ key }) => key === location.key,
  );
  if (!listed) throw new Error(`${location.key} was written but is not listed`);
  return listed;
}

export async function countUnfinishedUploads(bucket: string): Promise<number> {
  const { Uploads = [] } = await s3.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
  return Uploads.length;
}

/** What is thrown, so that its class and its words can be looked at. */
export async function failureOf(work: Promise<unknown>): Promise<Error> {
  try {
    await work;
  } catch (error) {
    return error as Error;
  }
  throw new Error('it was expected to fail');
}
