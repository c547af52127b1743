import { createS3Client } from '../../src/adapters/s3-client';
import { createS3ObjectStore } from '../../src/adapters/s3-object-store';
import { SetupError } from '../../src/errors';
import { startFaultyStore } from './faulty-store';
import {
  countVersions,
  createBucket,
  failureOf,
  land,
  listAll,
  lockBucket,
  retain,
  s3,
  setLegalHold,
} from './test-buckets';

const store = createS3ObjectStore({ s3 });
const TOMORROW = Math.floor(Date.now() / 1000) + 86_400;

let bucket: string;
beforeEach(async () => {
  bucket = await createBucket('locked');
  await lockBucket(bucket);
});

test.each(['COMPLIANCE', 'GOVERNANCE', 'legal hold'] as const)(
  'what %s keeps is hidden by one delete marker, however often it is tried',
  async (lock) => {
    const landed = await land(store, { bucket, key: 'a.csv' }, 'a');
    if (lock === 'legal hold') await setLegalHold(landed, 'ON');
    else await retain(landed, lock, TOMORROW);
    for (let attempt = 0; attempt < 3; attempt += 1) {
      expect(await store.delete(landed)).toBe('locked');
      expect(await listAll(store, bucket)).toEqual([]);
      expect(await countVersions(bucket)).toEqual({ versions: 1, markers: 1 });
    }
    expect((await store.head(landed))?.size).toBe(1);
    if (lock !== 'legal hold') return;
    await setLegalHold(landed, 'OFF');
    expect(await store.delete(landed)).toBe('deleted');
    expect(await countVersions(bucket)).toEqual({ versions: 0, markers: 1 });
  },
);

test('a newer upload above a locked version stays current, and does not uncover it when it is deleted in its turn', async () => {
  const first = await land(store, { bucket, key: 'a.csv' }, 'a');
  await setLegalHold(first, 'ON');
  const second = await land(store, { bucket, key: 'a.csv' }, 'b');
  expect(await store.delete(first)).toBe('locked');
  expect(await listAll(store, bucket)).toMatchObject([{ versionId: second.versionId }]);
  expect(await store.delete(second)).toBe('deleted');
  expect(await listAll(store, bucket)).toEqual([]);
});

test('a role that may not delete is told so, also in a bucket with Object Lock', async () => {
  const landed = await land(store, { bucket, key: 'a.csv' }, 'a');
  const denying = await startFaultyStore(({ method }, response) => {
    if (method !== 'DELETE') return false;
    response.writeHead(403, { 'content-type': 'application/xml' });
    response.end('<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>');
    return true;
  });
  try {
    const client = createS3Client({ endpoint: denying.endpoint });
    const failure = await failureOf(createS3ObjectStore({ s3: client }).delete(landed));
    expect(failure).toBeInstanceOf(SetupError);
    expect(failure.next).toMatch(/^Allow s3:DeleteObject/);
  } finally {
    await denying.close();
  }
});

test('a refusal that does not say why is known by the version’s own lock', async () => {
  const landed = await land(store, { bucket, key: 'a.csv' }, 'a');
  await retain(landed, 'COMPLIANCE', TOMORROW);
  const terse = await startFaultyStore(({ method, url = '' }, response) => {
    if (method !== 'DELETE' || !url.includes('versionId')) return false;
    response.writeHead(403, { 'content-type': 'application/xml' });
    response.end('<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>');
    return true;
  });
  try {
    const client = createS3Client({ endpoint: terse.endpoint });
    expect(await createS3ObjectStore({ s3: client }).delete(landed)).toBe('locked');
    expect(await listAll(store, bucket)).toEqual([]);
  } finally {
    await terse.close();
  }
});
