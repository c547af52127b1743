import { randomUUID } from 'node:crypto';
import {
  CreateBucketCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectLegalHoldCommand,
  PutObjectLockConfigurationCommand,
  PutObjectRetentionCommand,
  type ObjectLockRetentionMode,
} from '@aws-sdk/client-s3';
import type {
  ListedObject,
  ObjectLocation,
  ObjectStore,
  PinnedObject,
} from '../../src/adapters/object-store';
import { createS3Client } from '../../src/adapters/s3-client';
import { LandfallError } from '../../src/errors';

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

/** Turns on versioning and Object Lock; with a default retention of so many days in COMPLIANCE, or none. */
export async function lockBucket(Bucket: string, days?: number): Promise<void> {
  await setVersioning(Bucket, 'Enabled');
  const Rule = { DefaultRetention: { Mode: 'COMPLIANCE' as const, Days: days } };
  const ObjectLockConfiguration = { ObjectLockEnabled: 'Enabled' as const, ...(days && { Rule }) };
  await s3.send(new PutObjectLockConfigurationCommand({ Bucket, ObjectLockConfiguration }));
}

/** As a person sets it on a version that is there; the current one unless another is named. */
export async function retain(
  { bucket: Bucket, key: Key, versionId: VersionId }: ObjectLocation & { versionId?: string },
  Mode: ObjectLockRetentionMode,
  until: number,
): Promise<void> {
  const Retention = { Mode, RetainUntilDate: new Date(until * 1000) };
  await s3.send(
    new PutObjectRetentionCommand({ Bucket, Key, VersionId, Retention, BypassGovernanceRetention: true }),
  );
}

export async function setLegalHold(
  { bucket: Bucket, key: Key, versionId: VersionId }: ObjectLocation & { versionId?: string },
  Status: 'ON' | 'OFF',
): Promise<void> {
  await s3.send(new PutObjectLegalHoldCommand({ Bucket, Key, VersionId, LegalHold: { Status } }));
}

/** Versions and delete markers of a bucket. */
export async function countVersions(Bucket: string): Promise<{ versions: number; markers: number }> {
  const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
  return { versions: Versions.length, markers: DeleteMarkers.length };
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

/** All bytes of the current version. */
export async function readBytes(store: ObjectStore, location: ObjectLocation): Promise<Buffer> {
  return readPinned(store, must(await store.head(location)));
}

export async function readPinned(store: ObjectStore, object: PinnedObject): Promise<Buffer> {
  return Buffer.concat((await (await store.read(object)).toArray()) as Buffer[]);
}

export function must<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('it should be there');
  return value;
}

/** What is thrown, so that its class and its words can be looked at. */
export async function failureOf(work: Promise<unknown>): Promise<LandfallError> {
  const failure = await reasonOf(work);
  if (failure instanceof LandfallError) return failure;
  throw failure;
}

/** What is thrown, whatever it is: such as the reason of an abort. */
export async function reasonOf(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
  } catch (error) {
    return error;
  }
  throw new Error('it was expected to fail');
}
