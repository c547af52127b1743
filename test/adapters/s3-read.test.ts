import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import type { S3Client } from '@aws-sdk/client-s3';
import { SourceChangedError, UnavailableError } from '../../src/errors';
import type { ObjectStore, PinnedObject } from '../../src/adapters/object-store';
import { createS3Client } from '../../src/adapters/s3-client';
import { createS3ObjectStore } from '../../src/adapters/s3-object-store';
import { startFaultyStore, type FaultyStore } from './faulty-store';
import { createBucket, failureOf, land, must, readPinned, reasonOf, s3 } from './test-buckets';

const store = createS3ObjectStore({ s3 });

test('where nothing is, head and readText say undefined', async () => {
  const bucket = await createBucket('read-none');
  const nothing = { bucket, key: 'none' };

  expect(await store.head(nothing)).toBeUndefined();
  expect(await store.open(nothing)).toBeUndefined();
  expect(await store.readText(nothing)).toBeUndefined();
});

test('what was written is told by head and readText', async () => {
  const bucket = await createBucket('read-all');
  const location = { bucket, key: 'ä b.json' };
  await store.write(location, '{"ä":1}', {
    contentType: 'application/json',
    metadata: { 'source-version': 'v 1' },
  });

  expect(await store.readText(location)).toBe('{"ä":1}');
  const head = await store.head(location);
  expect(head).toMatchObject({ ...location, size: 8, contentType: 'application/json' });
  expect(head?.metadata).toEqual({ 'source-version': 'v 1' });
  expect(head).not.toHaveProperty('versionId');
  const opened = await store.open(location);
  expect(opened?.stored).toEqual(head);
  expect(await text(must(opened).body)).toBe('{"ä":1}');
});

describe.each([undefined, 'Suspended'] as const)('a pinned read, versioning %s', (versioning) => {
  test('refuses an object that another upload has replaced, naming both', async () => {
    const bucket = await createBucket('read-replaced', versioning);
    const pinned = await land(store, { bucket, key: 'data.csv' }, 'checked');
    await store.write(pinned, 'another');

    const failure = await failureOf(store.read(pinned));

    expect(failure).toBeInstanceOf(SourceChangedError);
    expect(failure.message).toContain(`s3://${bucket}/data.csv (etag ${pinned.etag}`);
    expect(failure.message).toContain('was replaced by another upload');
  });

  test('refuses an object that is gone', async () => {
    const bucket = await createBucket('read-gone', versioning);
    const pinned = await land(store, { bucket, key: 'data.csv' }, 'checked');
    await store.delete(pinned);

    const failure = await failureOf(store.read(pinned));

    expect(failure).toBeInstanceOf(SourceChangedError);
    expect(failure.message).toContain('is gone');
  });
});

describe('a pinned read, versioning Enabled', () => {
  test('gives the version that was pinned, whatever came after it', async () => {
    const bucket = await createBucket('read-version', 'Enabled');
    const pinned = await land(store, { bucket, key: 'data.csv' }, 'checked');
    await store.write(pinned, 'another');

    expect(String(await readPinned(store, pinned))).toBe('checked');
  });

  test('refuses a version that is gone', async () => {
    const bucket = await createBucket('read-version-gone', 'Enabled');
    const pinned = await land(store, { bucket, key: 'data.csv' }, 'checked');
    await store.write(pinned, 'another');
    await store.delete(pinned);

    expect(await failureOf(store.read(pinned))).toBeInstanceOf(SourceChangedError);
  });
});

describe('a read that does not end well', () => {
  const SIZE = 4 * 1024 ** 2;
  let pinned: PinnedObject;
  let proxy: FaultyStore | undefined;
  const openStore = async (...fault: Parameters<typeof startFaultyStore>): Promise<ObjectStore> => {
    proxy = await startFaultyStore(...fault);
    const client = createS3Client({ endpoint: proxy.endpoint });
    clients.push(client);
    return createS3ObjectStore({
      s3: client,
    });
  };
  const clients: S3Client[] = [];

  beforeAll(async () => {
    const bucket = await createBucket('read-cut');
    pinned = await land(store, { bucket, key: 'data.csv' }, Buffer.alloc(SIZE, 'x'));
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.destroy();
    await proxy?.close();
  });

  test('a connection cut in the middle is an error that may be retried', async () => {
    const cut = await openStore((_request, response) => (answer) => {
      response.writeHead(200, answer.headers);
      answer.once('data', (chunk: Buffer) => response.write(chunk, () => response.destroy()));
    });

    const failure = await failureOf(readPinned(cut, pinned));

    expect(failure).toBeInstanceOf(UnavailableError);
    expect(failure.message).toMatch(new RegExp(`after \\d+ of its ${SIZE} bytes, failed: ECONNRESET`));
    expect(await failureOf(cut.readText(pinned))).toBeInstanceOf(UnavailableError);
  });

  test('a body that ends politely but early is an error too', async () => {
    const short = await openStore((_request, response) => (answer) => {
      response.writeHead(200, { ...answer.headers, 'content-length': 1000 });
      answer.once('data', (chunk: Buffer) => response.end(chunk.subarray(0, 1000)));
    });

    const failure = await failureOf(readPinned(short, pinned));

    expect(failure).toBeInstanceOf(UnavailableError);
    expect(failure.message).toContain(`ended after 1000 bytes where its ${SIZE} were expected`);
  });

  const openStalledStore = (): Promise<ObjectStore> =>
    openStore((_request, response) => (answer) => {
      response.writeHead(200, answer.headers);
      answer.once('data', (chunk: Buffer) => response.write(chunk));
    });

  test('an abort ends a read that waits for bytes, with the reason, and frees its connection', async () => {
    const stalled = await openStalledStore();
    const abort = new AbortController();
    const stream = await stalled.read(pinned, { signal: abort.signal });
    const reading = reasonOf(stream.toArray());
    await once(stream, 'data');
    expect(await must(proxy).openConnections()).toBe(1);

    const reason = new Error('the activity was cancelled');
    abort.abort(reason);

    expect(await reading).toBe(reason);
    await must(proxy).untilAllConnectionsAreClosed();
  });

  test('a stream that nobody reads frees its connection when it is destroyed', async () => {
    const stalled = await openStalledStore();
    const stream = await stalled.read(pinned);
    expect(await must(proxy).openConnections()).toBe(1);

    stream.destroy();

    await must(proxy).untilAllConnectionsAreClosed();
    expect(stream.destroyed).toBe(true);
  });
});
