import { once } from 'node:events';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { explainFailures } from '../../src/adapters/aws-errors';
import { createS3Client } from '../../src/adapters/s3-client';
import { createS3ObjectStore } from '../../src/adapters/s3-object-store';
import { startFaultyStore } from './faulty-store';
import { failureOf, reasonOf, s3 } from './test-buckets';

const store = createS3ObjectStore({ s3 });
const missing = { bucket: 'landfall-no-such-bucket', key: 'data.csv' };
const pinned = { ...missing, etag: '"0"', size: 1 };

test.each([
  ['list', () => store.list(missing.bucket, '')[Symbol.asyncIterator]().next()],
  ['read', () => store.read(pinned)],
  ['readText', () => store.readText(missing)],
  ['write', () => store.write(missing, 'x')],
  ['writeOnce', () => store.writeOnce(missing, 'x')],
  ['copyOnce', () => store.copyOnce(pinned, missing)],
])('a missing bucket is told by %s, by name, with what to do', async (_, call) => {
  const failure = await failureOf(call());

  expect(failure.name).toBe('SetupError');
  expect(failure.happened).toContain('s3://landfall-no-such-bucket');
  expect(failure.happened).toContain('NoSuchBucket');
  expect(failure.next).toBe("Create the bucket, or correct its name in the pipeline's areas.");
});

describe('what AWS answers, which the emulator does not on demand', () => {
  test.each([
    [403, 'AccessDenied', 'SetupError', false, 'Allow s3:PutObject on arn:aws:s3:::land/a b.csv to the role'],
    [400, 'ExpiredToken', 'SetupError', false, 'Renew or correct the AWS credentials'],
    [403, 'InvalidAccessKeyId', 'SetupError', false, 'Renew or correct the AWS credentials'],
    [403, 'RequestTimeTooSkewed', 'SetupError', false, 'clock'],
    [403, 'InvalidObjectState', 'SetupError', false, 'Restore the object'],
    [301, 'PermanentRedirect', 'SetupError', false, "Set AWS_REGION to the bucket's own region"],
    [409, 'ConditionalRequestConflict', 'ConflictError', true, 'Run the same step again'],
    [409, 'OperationAborted', 'ConflictError', true, 'Run the same step again'],
    [503, 'SlowDown', 'UnavailableError', true, 'It is tried again'],
    [500, 'InternalError', 'UnavailableError', true, 'It is tried again'],
    [502, 'BadGateway', 'UnavailableError', true, 'It is tried again'],
    [400, 'RequestTimeout', 'UnavailableError', true, 'It is tried again'],
    [400, 'KeyTooLongError', 'LandfallError', false, 'the same call would fail again'],
  ])('%d %s becomes %s (retryable: %p)', async (status, code, name, retryable, next) => {
    const proxy = await startFaultyStore((_request, response) => {
      response.writeHead(status, { 'content-type': 'application/xml' });
      response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>Said by S3.</Message></Error>`);
      return true;
    });
    const client = createS3Client({ endpoint: proxy.endpoint, maxAttempts: 1 });

    const failing = createS3ObjectStore({ s3: client }).writeOnce({ bucket: 'land', key: 'a b.csv' }, 'x');
    const failure = await failureOf(failing);

    expect(failure).toMatchObject({ name, retryable });
    expect(failure.happened).toBe(`Writing s3://land/a b.csv failed: ${code}: Said by S3.`);
    expect(failure.next).toContain(next);
    client.destroy();
    await proxy.close();
  });

  test('what a broken gateway answers in its place is told by its status', async () => {
    const proxy = await startFaultyStore((_request, response) => {
      response.writeHead(503, { 'content-type': 'text/html' }).end('<html><b>down</html>');
      return true;
    });
    const client = createS3Client({ endpoint: proxy.endpoint, maxAttempts: 1 });

    const failure = await failureOf(createS3ObjectStore({ s3: client }).readText(missing));

    expect(failure.name).toBe('UnavailableError');
    expect(failure.happened).toMatch(/data.csv failed: HTTP 503 with nothing in it that AWS would say\.$/);
    client.destroy();
    await proxy.close();
  });

  test('a forbidden HEAD, which has no body, names the permissions that tell missing from forbidden', async () => {
    const proxy = await startFaultyStore((_request, response) => {
      response.writeHead(403).end();
      return true;
    });
    const client = createS3Client({ endpoint: proxy.endpoint, maxAttempts: 1 });

    const failure = await failureOf(createS3ObjectStore({ s3: client }).head(missing));

    expect(failure.name).toBe('SetupError');
    expect(failure.message).toContain('Allow s3:GetObject and s3:ListBucket on');
    client.destroy();
    await proxy.close();
  });

  test('a completion that answers 200 with a failure inside is a failure, and its upload is aborted', async () => {
    const seen: string[] = [];
    const proxy = await startFaultyStore((request, response) => {
      const step = `${request.method} ${new URL(request.url ?? '', 'http://store').searchParams.get('uploadId') ?? ''}`;
      seen.push(step);
      response.writeHead(200, { 'content-type': 'application/xml', etag: '"part"' });
      const isCreation = step === 'POST ';
      const answer = isCreation
        ? '<InitiateMultipartUploadResult><UploadId>u1</UploadId></InitiateMultipartUploadResult>'
        : '<Error><Code>InternalError</Code><Message>We encountered an internal error.</Message></Error>';
      response.end(step === 'POST u1' || isCreation ? `<?xml version="1.0"?>${answer}` : '');
      return true;
    });
    const client = createS3Client({ endpoint: proxy.endpoint, maxAttempts: 1 });
    const parts = createS3ObjectStore({ s3: client }, { partBytes: 4 });

    const failure = await failureOf(parts.writeOnce(missing, Readable.from([Buffer.alloc(6)])));

    expect(failure.name).toBe('UnavailableError');
    expect(seen).toEqual(['POST ', 'PUT u1', 'PUT u1', 'POST u1', 'DELETE u1']);
    client.destroy();
    await proxy.close();
  });
});

describe('no answer at all', () => {
  const endpoint = 'http://127.0.0.1:9';
  const before = process.env['AWS_ENDPOINT_URL'];
  afterEach(() => void (process.env['AWS_ENDPOINT_URL'] = before));

  test('an endpoint where nobody listens is named, and may be tried again', async () => {
    process.env['AWS_ENDPOINT_URL'] = endpoint;
    const call = { service: 'S3', doing: 'Reading s3://land/data.csv', permission: 's3:GetObject' } as const;
    // Not through the SDK: it does not know the errors of Node itself for errors in a Jest realm.
    const connecting = explainFailures(call, () => once(connect(9, '127.0.0.1'), 'connect'));

    const failure = await failureOf(connecting);

    expect(failure).toMatchObject({ name: 'UnavailableError', retryable: true });
    expect(failure.happened).toBe(
      'Reading s3://land/data.csv failed: ECONNREFUSED: connect ECONNREFUSED 127.0.0.1:9.',
    );
    expect(failure.next).toContain(`AWS_ENDPOINT_URL (${endpoint})`);
  });

  test('a missing region and missing credentials are told as such', async () => {
    const findNoRegion = (): Promise<never> => Promise.reject(new Error('Region is missing'));
    const noRegion = createS3Client({ region: findNoRegion });
    const refused = Object.assign(new Error('Could not load credentials from any providers'), {
      name: 'CredentialsProviderError',
    });
    const noCredentials = createS3Client({ credentials: () => Promise.reject(refused), maxAttempts: 1 });

    const region = await failureOf(createS3ObjectStore({ s3: noRegion }).head(missing));
    const credentials = await failureOf(createS3ObjectStore({ s3: noCredentials }).head(missing));

    expect(region).toMatchObject({ name: 'SetupError', next: 'Set AWS_REGION.' });
    expect(credentials).toMatchObject({ name: 'SetupError' });
    expect(credentials.next).toContain('credentials');
  });

  test('a call whose signal is aborted already fails with the reason', async () => {
    const reason = new Error('the activity was cancelled');

    expect(await reasonOf(store.head(missing, { signal: AbortSignal.abort(reason) }))).toBe(reason);
  });
});
