import { createHash, randomBytes } from 'node:crypto';
import { PassThrough, Readable } from 'node:stream';
import { createS3Client } from '../../src/adapters/s3-client';
import { createS3ObjectStore } from '../../src/adapters/s3-object-store';
import { passOn, startFaultyStore } from './faulty-store';
import {
  countUnfinishedUploads,
  createBucket,
  failureOf,
  listAll,
  readBytes,
  reasonOf,
  s3,
} from './test-buckets';

const MIB = 1024 ** 2;
const store = createS3ObjectStore({ s3 }, { partBytes: 5 * MIB });
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const inChunks = (bytes: Buffer, size = 65_537): Readable =>
  Readable.from(
    Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
      bytes.subarray(i * size, (i + 1) * size),
    ),
  );

describe.each([undefined, 'Enabled'] as const)('writing, versioning %s', (versioning) => {
  test.each([0, 1, 5 * MIB - 1, 5 * MIB, 5 * MIB + 1, 12 * MIB])(
    'a stream of %d bytes is stored as it is',
    async (size) => {
      const location = { bucket: await createBucket('write-size', versioning), key: 'data.bin' };
      const bytes = randomBytes(size);

      await store.write(location, inChunks(bytes), {
        contentType: 'text/csv',
        metadata: { sha256: sha256(bytes) },
      });

      expect(await store.head(location)).toMatchObject({
        size,
        contentType: 'text/csv',
        metadata: { sha256: sha256(bytes) },
      });
      expect(sha256(await readBytes(store, location))).toBe(sha256(bytes));
      expect(await countUnfinishedUploads(location.bucket)).toBe(0);
    },
  );

  test('a chunk that is larger than a part is cut', async () => {
    const location = { bucket: await createBucket('write-chunk', versioning), key: 'data.bin' };
    const bytes = randomBytes(11 * MIB);

    await store.write(location, Readable.from([bytes]));

    expect((await store.head(location))?.etag).toMatch(/-3"$/);
    expect(sha256(await readBytes(store, location))).toBe(sha256(bytes));
  });

  test('write replaces; writeOnce does not, whether a buffer or a stream in parts', async () => {
    const location = { bucket: await createBucket('write-once', versioning), key: 'data.bin' };
    expect(await store.writeOnce(location, 'first')).toBe('written');
    await store.write(location, 'second');

    expect(await store.writeOnce(location, 'third')).toBe('exists');
    expect(await store.writeOnce(location, inChunks(randomBytes(6 * MIB)))).toBe('exists');

    expect(await store.readText(location)).toBe('second');
    expect(await countUnfinishedUploads(location.bucket)).toBe(0);
  });

  test.each([
    ['buffers', (n: number) => Buffer.alloc(100, n)],
    ['streams in parts', (n: number) => inChunks(Buffer.alloc(6 * MIB, n))],
  ])('of eight writers of %s to one key, one writes', async (_, bodyOf) => {
    const location = { bucket: await createBucket('write-race', versioning), key: 'data.bin' };

    const outcomes = await Promise.all(
      [1, 2, 3, 4, 5, 6, 7, 8].map((n) => store.writeOnce(location, bodyOf(n))),
    );

    expect(outcomes.filter((outcome) => outcome === 'written')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'exists')).toHaveLength(7);
    const winner = outcomes.indexOf('written') + 1;
    expect(new Set(await readBytes(store, location))).toEqual(new Set([winner]));
    expect(await countUnfinishedUploads(location.bucket)).toBe(0);
  });
});

describe('a write that does not end well', () => {
  test('nothing is visible before all of it is there, and a source that fails leaves nothing', async () => {
    const location = { bucket: await createBucket('write-fails'), key: 'data.bin' };
    const source = new PassThrough();
    const writing = reasonOf(store.write(location, source));
    for (const chunk of Array.from({ length: 7 }, () => Buffer.alloc(MIB))) {
      if (!source.write(chunk)) await new Promise((resolve) => source.once('drain', resolve));
    }
    while ((await countUnfinishedUploads(location.bucket)) === 0) await new Promise(setImmediate);
    expect(await store.head(location)).toBeUndefined();

    const fault = new Error('row 7 cannot be written');
    source.destroy(fault);

    expect(await writing).toBe(fault);
    expect(await listAll(store, location.bucket)).toEqual([]);
    expect(await countUnfinishedUploads(location.bucket)).toBe(0);
  });

  test('an abort while the source has nothing to give ends it with the reason, and leaves nothing', async () => {
    const location = { bucket: await createBucket('write-abort'), key: 'data.bin' };
    const source = new PassThrough();
    const abort = new AbortController();
    const writing = reasonOf(store.writeOnce(location, source, { signal: abort.signal }));
    for (const chunk of Array.from({ length: 7 }, () => Buffer.alloc(MIB))) {
      if (!source.write(chunk)) await new Promise((resolve) => source.once('drain', resolve));
    }
    while ((await countUnfinishedUploads(location.bucket)) === 0) await new Promise(setImmediate);

    const reason = new Error('the activity was cancelled');
    abort.abort(reason);

    expect(await writing).toBe(reason);
    expect(source.destroyed).toBe(true);
    expect(await listAll(store, location.bucket)).toEqual([]);
    expect(await countUnfinishedUploads(location.bucket)).toBe(0);
  });

  test('a first write whose answer is lost says exists, since its retry meets its own object', async () => {
    const location = { bucket: await createBucket('write-lost'), key: 'data.bin' };
    let lost = 0;
    const proxy = await startFaultyStore((_request, response) => (answer) => {
      if (lost++ === 0) return void response.destroy();
      passOn(answer, response);
    });
    const client = createS3Client({ endpoint: proxy.endpoint });

    expect(await createS3ObjectStore({ s3: client }).writeOnce(location, 'ours')).toBe('exists');

    expect(lost).toBe(2);
    expect(await store.readText(location)).toBe('ours');
    client.destroy();
    await proxy.close();
  });

  test('bytes that were damaged on the way are refused by the store', async () => {
    const location = { bucket: await createBucket('write-damaged'), key: 'data.bin' };
    const damaging = createS3Client({ maxAttempts: 1 });
    damaging.middlewareStack.add(
      (next) => (args) => {
        Object.assign(args.request as object, { body: Buffer.from('dAmaged') });
        return next(args);
      },
      { step: 'finalizeRequest', priority: 'low' },
    );

    const failure = await failureOf(createS3ObjectStore({ s3: damaging }).write(location, 'damaged'));

    expect(failure.name).toBe('UnavailableError');
    expect(failure.message).toContain('BadDigest');
    expect(await store.head(location)).toBeUndefined();
  });
});
