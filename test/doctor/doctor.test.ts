import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import {
  DeleteBucketCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  PutBucketLifecycleConfigurationCommand,
  type LifecycleRule,
} from '@aws-sdk/client-s3';
import type { Examination } from '../../src/doctor/examine';
import type { ProbeResult } from '../../src/doctor/probe';
import { passOn, startFaultyStore, type Fault } from '../adapters/faulty-store';
import { lockBucket, s3, setVersioning } from '../adapters/test-buckets';
import { expectNoStackTrace, readJson } from '../cli/start-landfall';
import { runLandfall, startTestWorker } from '../support/run-landfall';
import { createTestPipeline, PREFIX, type TestPipeline } from '../support/test-pipeline';

let pipeline: TestPipeline;
const options = "areaDatabases: { processed: 'doctor_processed' },";
beforeEach(async () => void (pipeline = await createTestPipeline({ hasQuarantine: true, options })));
afterEach(() => pipeline.remove());

interface Doctored {
  code: number | null;
  found: Examination;
  of: (name: string) => ProbeResult | undefined;
}

async function examine(
  environment: NodeJS.ProcessEnv = {},
  args: string[] = [pipeline.module],
): Promise<Doctored> {
  const result = await runLandfall(['doctor', ...args, '--json'], {
    ...process.env,
    IMAGE_TAG: 'v1.2.3',
    ...environment,
  });
  expectNoStackTrace(result);
  const found = readJson(result) as Examination;
  return { code: result.code, found, of: (name) => found.probes.find((each) => each.name === name) };
}

async function examineThrough(fault: Fault): Promise<Doctored> {
  const store = await startFaultyStore(fault);
  try {
    return await examine({ AWS_ENDPOINT_URL_S3: store.endpoint });
  } finally {
    await store.close();
  }
}

async function countLeftovers(): Promise<number> {
  const counts = Object.values(pipeline.areas).map(async (Bucket) => {
    const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
    const { Uploads = [] } = await s3.send(new ListMultipartUploadsCommand({ Bucket }));
    return Versions.length + DeleteMarkers.length + Uploads.length;
  });
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
}

const setRules = (bucket: string, Rules: LifecycleRule[]) =>
  s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket: bucket, LifecycleConfiguration: { Rules } }));
const ABORT: LifecycleRule = {
  ID: 'abort',
  Status: 'Enabled',
  Filter: { Prefix: '' },
  AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
};

test('where all is well it says so of each part, exits 0 and leaves nothing in any bucket', async () => {
  for (const bucket of Object.values(pipeline.areas)) await setRules(bucket, [ABORT]);
  for (const area of ['land', 'rawHist', 'log'] as const)
    await setVersioning(pipeline.areas[area], 'Enabled');
  const worker = await startTestWorker([pipeline.module]);
  try {
    const { code, found, of } = await examine();
    const others = found.probes.filter(({ name, verdict }) => name !== 'node' && verdict !== 'ok');
    expect(others).toEqual([]);
    expect(code).toBe(0);
    expect(of('store conditions')?.seen).toBe('5 of 5 honoured; nothing was left behind');
    expect(of('land access')?.seen).toBe('may read, delete');
    expect(of('land settings')?.seen).toContain('deleted by version');
    expect(of('raw-hist access')?.seen).toBe('may read, write');
    for (const area of ['processed', 'curated'])
      expect(of(`${area} access`)?.seen).toBe('may read, write, delete');
    expect(of('glue')?.seen).toContain('is not there yet: the first publish creates it');
    expect(of('glue processed')?.seen).toContain('database doctor_processed is not there yet: the first run');
    expect(of('athena workgroup')?.seen).toContain('primary is ENABLED');
    expect(of('athena query')?.seen).toBe('answers SELECT 1');
    expect(of('temporal worker')?.seen).toContain(`landfall-${pipeline.name}`);
    expect(await countLeftovers()).toBe(0);
  } finally {
    await worker.stop();
  }
});

test('settings that may lose data are warnings, with what to do; warnings exit 0', async () => {
  const { rawHist, log, raw } = pipeline.areas;
  const expire = { ID: 'tidy', Status: 'Enabled' as const, Expiration: { Days: 30 } };
  await setRules(rawHist, [{ ...expire, Filter: { Prefix: PREFIX } }]);
  await setRules(log, [{ ...expire, Filter: { Prefix: 'another-environment/' } }]);
  await setRules(raw, [{ ...expire, Filter: { Prefix: '' } }]);
  const { code, of } = await examine({ IMAGE_TAG: '' });
  expect(code).toBe(0);
  expect(of('raw-hist settings')).toMatchObject({
    verdict: 'warning',
    seen: 'lifecycle rules that delete what is in it: "tidy"',
  });
  for (const fine of ['log settings', 'raw settings', 'land settings'])
    expect(of(fine)).toMatchObject({ verdict: 'ok' });
  expect(of('land settings')?.seen).toContain('by ETag (If-Match)');
  expect(of('unfinished uploads')).toMatchObject({ verdict: 'warning' });
  expect(of('version')).toMatchObject({ verdict: 'warning' });
  expect(of('temporal worker')).toMatchObject({ verdict: 'warning' });

  await setRules(rawHist, [{ ...ABORT, Filter: { Prefix: '' } }]);
  const { of: later } = await examine();
  expect(later('raw-hist settings')).toMatchObject({
    verdict: 'warning',
    next: expect.stringMatching(/^Enable versioning/) as string,
  });
});

test('a store that ignores a condition is not fit; nor is a missing bucket', async () => {
  const ignoring = await examineThrough((request) => {
    delete request.headers['x-amz-copy-source-if-match'];
    return false;
  });
  expect(ignoring.code).toBe(6);
  expect(ignoring.of('store conditions')).toMatchObject({ verdict: 'failed' });
  expect(ignoring.of('store conditions')?.seen).toMatch(/^ignored: UploadPartCopy .* into \S+-raw-hist/);
  expect(await countLeftovers()).toBe(0);

  await s3.send(new DeleteBucketCommand({ Bucket: pipeline.areas.rawHist }));
  const missing = await examine();
  expect(missing.code).toBe(6);
  expect(missing.of('raw-hist bucket')).toMatchObject({
    verdict: 'failed',
    next: expect.stringMatching(/^Create the bucket/) as string,
  });
  expect(missing.of('raw-hist access')).toMatchObject({ verdict: 'skipped' });
  expect(missing.of('land access')).toMatchObject({ verdict: 'ok' });
});

function deny(response: ServerResponse): true {
  response.writeHead(403, { 'content-type': 'application/xml' });
  response.end('<Error><Code>AccessDenied</Code><Message>not you</Message></Error>');
  return true;
}
const isOn = (request: IncomingMessage, bucket: string): boolean =>
  request.url?.startsWith(`/${bucket}/`) === true;

test('what the role may not do is named, as the permission to give', async () => {
  const { land, rawHist } = pipeline.areas;
  const { code, of } = await examineThrough((request, response) => {
    const deletes = request.method === 'DELETE' && isOn(request, land);
    const writes = request.method === 'POST' && isOn(request, rawHist);
    return deletes || writes ? deny(response) : false;
  });
  expect(code).toBe(6);
  expect(of('land access')).toMatchObject({
    verdict: 'failed',
    next: expect.stringMatching(/Allow s3:DeleteObject on arn:/) as string,
  });
  expect(of('raw-hist access')).toMatchObject({
    verdict: 'failed',
    next: expect.stringMatching(/Allow s3:PutObject and/) as string,
  });
  expect(of('store conditions')).toMatchObject({
    verdict: 'warning',
    seen: expect.stringMatching(/^not proven: a copy into/) as string,
  });
  expect(of('log access')).toMatchObject({ verdict: 'ok' });
});

test('a clock that is off is a warning', async () => {
  const { of } = await examineThrough((_request, response) => (answer) => {
    answer.headers.date = new Date(Date.parse(answer.headers.date ?? '') - 120_000).toUTCString();
    passOn(answer, response);
  });
  expect(of('clock')).toMatchObject({
    verdict: 'warning',
    seen: expect.stringMatching(/^1[12]\d seconds ahead of/) as string,
  });
});

test('what cannot be reached is said, and the rest is looked at all the same', async () => {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  const nobody = `127.0.0.1:${port}`;

  const noAws = await examine({ AWS_ENDPOINT_URL: `http://${nobody}` });
  expect(noAws.code).toBe(6);
  for (const name of ['store conditions', 'land bucket', 'log bucket', 'glue'])
    expect(noAws.of(name)).toMatchObject({
      verdict: 'failed',
      seen: expect.stringMatching(/ECONNREFUSED/) as string,
    });
  expect(noAws.of('athena workgroup')).toMatchObject({ verdict: 'warning' });
  expect(noAws.of('athena query')).toMatchObject({ verdict: 'skipped' });
  expect(noAws.of('temporal namespace')).toMatchObject({ verdict: 'ok' });

  const noTemporal = await examine({ TEMPORAL_ADDRESS: nobody });
  expect(noTemporal.code).toBe(6);
  expect(noTemporal.of('temporal server')).toMatchObject({
    verdict: 'failed',
    seen: expect.stringMatching(/no Temporal server at/) as string,
  });
  expect(noTemporal.of('temporal worker')).toMatchObject({ verdict: 'skipped' });
  expect(noTemporal.of('store conditions')).toMatchObject({ verdict: 'ok' });

  const noNamespace = await examine({ TEMPORAL_NAMESPACE: 'elsewhere' });
  expect(noNamespace.of('temporal namespace')).toMatchObject({
    verdict: 'failed',
    seen: expect.stringMatching(/no such namespace/) as string,
  });
});

test('a service that takes requests and never answers is given up', async () => {
  const silent = createServer(() => undefined);
  silent.listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const endpoint = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  try {
    const { code, of } = await examine({ AWS_ENDPOINT_URL: endpoint });
    expect(code).toBe(6);
    expect(of('land bucket')).toMatchObject({ verdict: 'failed', seen: 'no answer within 8 seconds' });
    expect(of('temporal server')).toMatchObject({ verdict: 'ok' });
  } finally {
    silent.closeAllConnections();
    silent.close();
  }
});

test('a module that does not load is a failure like others; without a pipeline the machine is looked at', async () => {
  const broken = await examine({}, ['no/such/module.ts']);
  expect(broken.code).toBe(6);
  expect(broken.of('pipeline')).toMatchObject({
    verdict: 'failed',
    seen: expect.stringMatching(/There is no file/) as string,
  });
  expect(broken.of('temporal server')).toMatchObject({ verdict: 'ok' });
  const none = await examine({}, []);
  expect(none.code).toBe(0);
  expect(none.of('pipeline')).toMatchObject({ verdict: 'skipped' });
  expect(none.of('credentials')).toMatchObject({
    verdict: 'ok',
    seen: expect.stringMatching(/^access key land…ocal, region /) as string,
  });

  const nameless = await runLandfall(['doctor', '--module', pipeline.module]);
  expect(nameless).toMatchObject({ code: 2, stdout: '' });
});

test('for people each probe is a line, with what to do under it, and the last line is the verdict', async () => {
  const { code, stdout, stderr } = await runLandfall(['doctor', pipeline.module]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^✓ store conditions +5 of 5 honoured/m);
  expect(stdout).toMatch(
    /^! temporal worker +nobody asks task queue .*\n +→ Start a worker: landfall worker/m,
  );
  expect(stdout).toMatch(/\n\nFit to run, with \d+ warnings\.\n$/);
});

test('declared retention and legal hold need Object Lock, and are not to weaken the bucket’s default', async () => {
  pipeline.remove();
  const objectLock = { mode: 'GOVERNANCE', days: 30 };
  const kmsKey = 'alias/landfall';
  pipeline = await createTestPipeline({
    kept: { rawHist: { objectLock, legalHold: true }, log: { encryption: { kmsKey } } },
  });
  const { rawHist, land } = pipeline.areas;
  const { code, of } = await examine();
  expect(code).toBe(6);
  expect(of('raw-hist settings')).toMatchObject({
    verdict: 'failed',
    seen: expect.stringMatching(
      /^the pipeline declares objectLock and legalHold, and the bucket has no Object/,
    ) as string,
    next: expect.stringMatching(/^Turn it on \(enable versioning, then aws s3api/) as string,
  });
  expect(of('raw-hist access')).toMatchObject({
    verdict: 'failed',
    next: expect.stringMatching(/^Turn on Object Lock for the bucket/) as string,
  });
  expect(of('log access')).toMatchObject({ verdict: 'ok' });
  expect(of('athena query')).toMatchObject({ verdict: 'ok' });

  await lockBucket(rawHist, 31);
  await lockBucket(land, 1);
  const { of: later } = await examine();
  expect(later('raw-hist access')).toMatchObject({ verdict: 'ok' });
  expect(later('raw-hist settings')).toMatchObject({
    verdict: 'warning',
    seen: "the pipeline declares GOVERNANCE for 30 days, which replaces the bucket's stronger default (COMPLIANCE, 31 days)",
  });
  expect(later('land settings')).toMatchObject({
    verdict: 'ok',
    seen: expect.stringContaining('hidden by a delete marker') as string,
  });
  expect(await countLeftovers()).toBe(0);
});
