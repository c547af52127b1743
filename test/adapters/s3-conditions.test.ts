import type { IncomingMessage } from 'node:http';
import { ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import { createS3Client } from '../../src/adapters/s3-client';
import { probeConditions, type Condition, type ConditionReport } from '../../src/adapters/s3-conditions';
import { startFaultyStore } from './faulty-store';
import { countUnfinishedUploads, createBucket, failureOf, s3, type Versioning } from './test-buckets';

const ALL: Condition[] = [
  'put-if-absent',
  'complete-if-absent',
  'copy-if-match',
  'read-if-match',
  'delete-if-match',
];

async function probe(
  versioning: Versioning,
  tamper: (request: IncomingMessage) => void = () => undefined,
): Promise<{ report: ConditionReport; left: number }> {
  const bucket = await createBucket('conditions', versioning);
  const target = await createBucket('conditions-target');
  const store = await startFaultyStore((request) => {
    tamper(request);
    return false;
  });
  try {
    const client = createS3Client({ endpoint: store.endpoint });
    const copyInto = [{ bucket: target, key: 'probes/copy' }];
    const report = await probeConditions(client, bucket, 'probes/', { copyInto });
    const { Versions = [], DeleteMarkers = [] } = await s3.send(
      new ListObjectVersionsCommand({ Bucket: bucket }),
    );
    expect(await countUnfinishedUploads(bucket)).toBe(0);
    expect(await countUnfinishedUploads(target)).toBe(0);
    return { report, left: Versions.length + DeleteMarkers.length };
  } finally {
    await store.close();
  }
}

test.each([undefined, 'Enabled', 'Suspended'] as const)(
  'the emulator honours every condition, and nothing is left (versioning: %s)',
  async (versioning) => {
    const { report, left } = await probe(versioning);
    expect(report).toEqual({
      honoured: ALL,
      ignored: [],
      unproven: [],
      copiesInto: [{ bucket: expect.any(String) as string, outcome: 'refused' }],
    });
    expect(left).toBe(0);
  },
);

const drop =
  (header: string, method?: string) =>
  (request: IncomingMessage): void => {
    if (method !== undefined && request.method !== method) return;
    request.headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => name !== header));
  };

test.each([
  ['put-if-absent', drop('if-none-match', 'PUT')],
  ['complete-if-absent', drop('if-none-match', 'POST')],
  ['copy-if-match', drop('x-amz-copy-source-if-match')],
  ['read-if-match', drop('if-match', 'GET')],
  ['delete-if-match', drop('if-match', 'DELETE')],
] as const)('a store that ignores only %s is found out, and nothing is left', async (condition, tamper) => {
  for (const versioning of [undefined, 'Enabled'] as const) {
    const { report, left } = await probe(versioning, tamper);
    expect(report.ignored).toEqual([condition]);
    expect(report.honoured).toEqual(ALL.filter((each) => each !== condition));
    expect(report.copiesInto[0]?.outcome).toBe(condition === 'copy-if-match' ? 'done' : 'refused');
    expect(left).toBe(0);
  }
});

test('a store that ignores several is found out for each', async () => {
  const { report, left } = await probe(undefined, drop('if-none-match'));
  expect(report.ignored).toEqual(['put-if-absent', 'complete-if-absent']);
  expect(left).toBe(0);
});

test('what a role may not do is unproven, and what is left behind is told', async () => {
  const bucket = await createBucket('conditions');
  const store = await startFaultyStore((request, response) => {
    if (request.method !== 'DELETE' || request.url?.includes('uploadId')) return false;
    response.writeHead(403, { 'content-type': 'application/xml' });
    response.end('<Error><Code>AccessDenied</Code><Message>not you</Message></Error>');
    return true;
  });
  try {
    const client = createS3Client({ endpoint: store.endpoint });
    expect(await probeConditions(client, bucket, 'probes/')).toMatchObject({
      ignored: [],
      unproven: [{ condition: 'delete-if-match', why: 'AccessDenied: not you' }],
      leftBehind: { bucket },
    });
  } finally {
    await store.close();
  }
});

test('where not even the probe can be written, the failure says what to do', async () => {
  const missing = await failureOf(probeConditions(s3, 'conditions-no-such-bucket', 'probes/'));
  expect(missing).toMatchObject({
    name: 'SetupError',
    next: expect.stringContaining('Create the bucket') as string,
  });
});
