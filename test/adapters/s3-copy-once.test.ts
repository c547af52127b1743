import { createHash, randomBytes } from 'node:crypto';
import { UploadPartCopyCommand } from '@aws-sdk/client-s3';
import { SourceChangedError } from '../../src/errors';
import { createS3ObjectStore } from '../../src/adapters/s3-object-store';
import { createS3Client } from '../../src/adapters/s3-client';
import {
  countUnfinishedUploads,
  createBucket,
  failureOf,
  land,
  listAll,
  readBytes,
  reasonOf,
  s3,
  type Versioning,
} from './test-buckets';

const MIB = 1024 ** 2;
const store = createS3ObjectStore({ s3 }, { copyPartBytes: 5 * MIB });
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

describe.each([undefined, 'Enabled', 'Suspended'] as const)(
  'copying once, source with versioning %s',
  (versioning) => {
    const target = { bucket: '', key: 'file_landBuckettimestamp=1534968800/data_1534968800.csv' };
    let landBucket: string;
    beforeEach(async () => {
      landBucket = await createBucket('copy-land', versioning);
      target.bucket = await createBucket('copy-raw-hist');
    });
    const expectNothingIn = async (bucket: string): Promise<void> => {
      expect(await listAll(store, bucket)).toEqual([]);
      expect(await countUnfinishedUploads(bucket)).toBe(0);
    };

    test('12 MiB arrive in three parts, byte for byte, with the metadata that was asked for', async () => {
      const bytes = randomBytes(12 * MIB);
      const pinned = await land(store, { bucket: landBucket, key: 'data.csv' }, bytes);
      const metadata = { sha256: sha256(bytes), 'source-etag': pinned.etag };

      expect(await store.copyOnce(pinned, target, { contentType: 'text/csv', metadata })).toBe('written');

      const head = await store.head(target);
      expect(head).toMatchObject({ size: bytes.length, contentType: 'text/csv', metadata });
      expect(head?.etag).toMatch(/-3"$/);
      expect(sha256(await readBytes(store, target))).toBe(sha256(bytes));
      expect(await countUnfinishedUploads(target.bucket)).toBe(0);
    });

    test.each(['small', ''])('a target that exists is left alone (%p)', async (body) => {
      const pinned = await land(store, { bucket: landBucket, key: 'data.csv' }, body);
      await store.write(target, 'archived before');

      expect(await store.copyOnce(pinned, target)).toBe('exists');

      expect(await store.readText(target)).toBe('archived before');
      expect(await countUnfinishedUploads(target.bucket)).toBe(0);
    });

    test.each(['small', ''])('of eight copies to one key, one is written (%p)', async (body) => {
      const pinned = await land(store, { bucket: landBucket, key: 'data.csv' }, body);

      const outcomes = await Promise.all(Array.from({ length: 8 }, () => store.copyOnce(pinned, target)));

      expect(outcomes.toSorted()).toEqual([...Array.from({ length: 7 }, () => 'exists'), 'written']);
      expect(await store.readText(target)).toBe(body);
      expect(await countUnfinishedUploads(target.bucket)).toBe(0);
    });

    test.each(['checked', ''])('a source that is gone is refused (%p)', async (body) => {
      const pinned = await land(store, { bucket: landBucket, key: 'data.csv' }, body);
      await store.delete(pinned);

      const failure = await failureOf(store.copyOnce(pinned, target));

      expect(failure).toBeInstanceOf(SourceChangedError);
      expect(failure.message).toContain('is gone');
      await expectNothingIn(target.bucket);
    });

    test.each([
      'a b',
      'a+b',
      '100%',
      '%2F',
      'ä/日本語 ☃',
      '#1',
      '?versionId=7&x=1',
      'quotes\'"<&>',
      '~(1)!*',
      '😀',
    ])('a key of %p is copied from and to', async (key) => {
      const pinned = await land(store, { bucket: landBucket, key }, key);
      await land(store, { bucket: landBucket, key: encodeURIComponent(key) + 'x' }, 'another');

      expect(await store.copyOnce(pinned, { ...target, key })).toBe('written');

      expect(await listAll(store, target.bucket)).toMatchObject([{ key }]);
      expect(await store.readText({ ...target, key })).toBe(key);
    });

    test('a pin whose size is not the size of the object is refused', async () => {
      const pinned = await land(store, { bucket: landBucket, key: 'data.csv' }, 'checked');

      const failure = await failureOf(store.copyOnce({ ...pinned, size: pinned.size - 1 }, target));

      expect(failure.message).toContain('mp-object-size');
      await expectNothingIn(target.bucket);
    });

    test('an abort ends it with the reason and leaves nothing', async () => {
      const pinned = await land(store, { bucket: landBucket, key: 'data.csv' }, randomBytes(12 * MIB));
      const abort = new AbortController();
      const reason = new Error('the activity was cancelled');
      const client = createS3Client();
      client.middlewareStack.add(
        (next, { commandName }) =>
          (args) => {
            if (commandName === UploadPartCopyCommand.name) abort.abort(reason);
            return next(args);
          },
        { step: 'initialize' },
      );

      const copying = createS3ObjectStore({ s3: client }).copyOnce(pinned, target, { signal: abort.signal });

      expect(await reasonOf(copying)).toBe(reason);
      await expectNothingIn(target.bucket);
    });
  },
);

describe.each(['checked', ''])('a source that another upload has replaced (%p)', (body) => {
  const stage = async (versioning: Versioning) => {
    const location = { bucket: await createBucket('copy-replaced', versioning), key: 'data.csv' };
    const pinned = await land(store, location, body);
    await store.write(pinned, 'uploaded again');
    return { pinned, target: { bucket: await createBucket('copy-target'), key: 'data.csv' } };
  };

  test.each([undefined, 'Suspended'] as const)('is refused, versioning %s', async (versioning) => {
    const { pinned, target } = await stage(versioning);

    const failure = await failureOf(store.copyOnce(pinned, target));

    expect(failure).toBeInstanceOf(SourceChangedError);
    expect(failure.message).toContain('was replaced by another upload');
    expect(await listAll(store, target.bucket)).toEqual([]);
    expect(await countUnfinishedUploads(target.bucket)).toBe(0);
  });

  test.each([undefined, 'Suspended'] as const)(
    'is told from a target that exists, versioning %s',
    async (versioning) => {
      const { pinned, target } = await stage(versioning);
      await store.write(target, 'archived before');

      expect(await failureOf(store.copyOnce(pinned, target))).toBeInstanceOf(SourceChangedError);

      expect(await store.readText(target)).toBe('archived before');
    },
  );

  test('is copied as it was pinned where its version is kept', async () => {
    const { pinned, target } = await stage('Enabled');

    expect(await store.copyOnce(pinned, target)).toBe('written');

    expect(await store.readText(target)).toBe(body);
  });
});
