import { Readable } from 'node:stream';
import { PutBucketEncryptionCommand } from '@aws-sdk/client-s3';
import { createS3Client } from '../../src/adapters/s3-client';
import { createS3ObjectStore } from '../../src/adapters/s3-object-store';
import { SetupError } from '../../src/errors';
import type { ObjectProtection } from '../../src/layout/object-protection';
import { startFaultyStore, type FaultyStore } from './faulty-store';
import { createBucket, failureOf, land, lockBucket, must, s3 } from './test-buckets';

const MIB = 1024 ** 2;
const KEY = 'arn:aws:kms:eu-west-1:123456789012:key/0a1b2c3d-0000-4000-8000-0123456789ab';
const UNTIL = Math.floor(Date.now() / 1000) + 86_400;
const ALL: ObjectProtection = {
  kms: { key: KEY, bucketKey: true },
  retention: { mode: 'GOVERNANCE', until: UNTIL },
  legalHold: true,
};
const KEEPING = /^x-amz-(server-side-encryption|object-lock)/;

/** What each request that begins an object says of how it is kept. */
let sent: Record<string, string | string[] | undefined>[];
let recording: FaultyStore;

beforeAll(async () => {
  recording = await startFaultyStore(({ method, url = '', headers }) => {
    const begins = (method === 'PUT' && !url.includes('partNumber=')) || /\?uploads/.test(url);
    if (begins) sent.push(Object.fromEntries(Object.entries(headers).filter(([name]) => KEEPING.test(name))));
    return false;
  });
});
beforeEach(() => void (sent = []));
afterAll(() => recording.close());

const storeOf = (protection: ObjectProtection) =>
  createS3ObjectStore(
    { s3: createS3Client({ endpoint: recording.endpoint }), protectionOf: () => protection },
    { partBytes: 5 * MIB, copyPartBytes: 5 * MIB },
  );

/** Every way in which an object comes to be. */
async function writeInEveryWay(bucket: string, protection: ObjectProtection): Promise<void> {
  const store = storeOf(protection);
  const sources = await createBucket('sources', 'Enabled');
  const plain = createS3ObjectStore({ s3 });
  const source = await land(plain, { bucket: sources, key: 'a.csv' }, 'a');
  const empty = await land(plain, { bucket: sources, key: 'empty.csv' }, '');
  await store.write({ bucket, key: 'put' }, 'x');
  await store.writeOnce({ bucket, key: 'once' }, 'x');
  await store.write({ bucket, key: 'parts' }, Readable.from([Buffer.alloc(5 * MIB), Buffer.alloc(1)]));
  await store.copyOnce(source, { bucket, key: 'copy' });
  await store.copyOnce(empty, { bucket, key: 'empty-copy' });
}

test('what is declared is said of every object: put, sent in parts, copied, and copied empty', async () => {
  const bucket = await createBucket('locked');
  await lockBucket(bucket);
  await writeInEveryWay(bucket, ALL);
  expect(sent).toHaveLength(5);
  for (const headers of sent) {
    expect(headers).toEqual({
      'x-amz-server-side-encryption': 'aws:kms',
      'x-amz-server-side-encryption-aws-kms-key-id': KEY,
      'x-amz-server-side-encryption-bucket-key-enabled': 'true',
      'x-amz-object-lock-mode': 'GOVERNANCE',
      'x-amz-object-lock-retain-until-date': new Date(UNTIL * 1000).toISOString().replace('.000', ''),
      'x-amz-object-lock-legal-hold': 'ON',
    });
  }
  const { protection } = must(await createS3ObjectStore({ s3 }).head({ bucket, key: 'put' }));
  expect(protection).toEqual({
    encryption: 'aws:kms',
    kmsKey: KEY,
    retention: { mode: 'GOVERNANCE', until: UNTIL },
    legalHold: true,
  });
});

test('where nothing is declared nothing is said, and the bucket’s own defaults apply', async () => {
  const bucket = await createBucket('defaults');
  await lockBucket(bucket, 30);
  const Rules = [
    { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' as const, KMSMasterKeyID: KEY } },
  ];
  await s3.send(
    new PutBucketEncryptionCommand({ Bucket: bucket, ServerSideEncryptionConfiguration: { Rules } }),
  );
  await writeInEveryWay(bucket, {});
  expect(sent).toEqual([{}, {}, {}, {}, {}]);
  const { protection } = must(await createS3ObjectStore({ s3 }).head({ bucket, key: 'put' }));
  expect(protection).toMatchObject({ encryption: 'aws:kms', kmsKey: KEY, retention: { mode: 'COMPLIANCE' } });
});

test('a retention that has ended is not asked for: S3 refuses a date that has passed', async () => {
  const bucket = await createBucket('ended');
  await lockBucket(bucket);
  const retention = { mode: 'COMPLIANCE' as const, until: Math.floor(Date.now() / 1000) - 1 };
  await writeInEveryWay(bucket, { retention });
  expect(sent).toEqual([{}, {}, {}, {}, {}]);
});

test('a bucket without Object Lock refuses in words that say how to turn it on', async () => {
  const location = { bucket: await createBucket('unlocked'), key: 'x' };
  const failure = await failureOf(storeOf({ legalHold: true }).write(location, 'x'));
  expect(failure).toBeInstanceOf(SetupError);
  expect(failure.next).toMatch(/^Turn on Object Lock .* or take objectLock and legalHold out/);
});

test.each([
  [
    'KMS.NotFoundException',
    400,
    'Invalid keyId',
    /the KMS key exists, is enabled and is of the bucket's region/,
  ],
  [
    'AccessDenied',
    403,
    'User: x is not authorized to perform: kms:GenerateDataKey on resource: y',
    /^Allow s3:PutObject, s3:PutObjectRetention, s3:PutObjectLegalHold on .*, and on the KMS key kms:Decrypt and kms:GenerateDataKey/,
  ],
])('%s of KMS says what to do', async (code, status, message, next) => {
  const refusing = await startFaultyStore((_request, response) => {
    response.writeHead(status, { 'content-type': 'application/xml' });
    response.end(`<Error><Code>${code}</Code><Message>${message}</Message></Error>`);
    return true;
  });
  try {
    const client = createS3Client({ endpoint: refusing.endpoint, maxAttempts: 1 });
    const store = createS3ObjectStore({ s3: client, protectionOf: () => ALL });
    const failure = await failureOf(store.write({ bucket: 'b', key: 'k' }, 'x'));
    expect(failure).toBeInstanceOf(SetupError);
    expect(failure.next).toMatch(next);
  } finally {
    await refusing.close();
  }
});
