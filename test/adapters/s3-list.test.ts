import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import { createS3ObjectStore } from '../../src/adapters/s3-object-store';
import { createBucket, land, listAll, must, readPinned, s3, setVersioning } from './test-buckets';

const store = createS3ObjectStore({ s3 }, { pageKeys: 3 });

const ODD_KEYS = [
  'a b/c d.csv',
  'a+b.csv',
  'ä/日本語 ☃.csv',
  'hash#tag?versionId=7&x=%2F.csv',
  'per%20cent%.csv',
  'plain.csv',
  'quotes\'"<&>.csv',
  'tilde~(1)!*.csv',
  '😀.csv',
];
const inKeyOrder = (keys: string[]): string[] =>
  keys.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));

describe.each([undefined, 'Enabled', 'Suspended'] as const)(
  'listing a bucket with versioning %s',
  (versioning) => {
    test('odd keys come back as they were written, in key order, over several pages', async () => {
      const bucket = await createBucket('list-odd', versioning);
      for (const key of ODD_KEYS) await store.write({ bucket, key }, key);

      const listed = await listAll(store, bucket);

      expect(listed.map(({ key }) => key)).toEqual(inKeyOrder(ODD_KEYS));
      expect(listed.map(({ size }) => size)).toEqual(
        inKeyOrder(ODD_KEYS).map((key) => Buffer.byteLength(key)),
      );
      for (const object of listed) expect(String(await readPinned(store, object))).toBe(object.key);
    });

    test('only keys below the prefix, after the one given', async () => {
      const bucket = await createBucket('list-prefix', versioning);
      for (const key of ['a/1', 'b/1', 'b/2', 'b/3', 'b1']) await store.write({ bucket, key }, 'x');

      const keys: string[] = [];
      for await (const { key } of store.list(bucket, 'b/', { startAfter: 'b/1' })) keys.push(key);

      expect(keys).toEqual(['b/2', 'b/3']);
    });

    test('VersionId is told just where the bucket keeps versions', async () => {
      const bucket = await createBucket('list-version', versioning);
      const object = await land(store, { bucket, key: 'data.csv' }, 'x');

      expect(object.versionId ?? 'none').toMatch(
        { Enabled: /^(?!null|none)./, Suspended: /^null$/, none: /^none$/ }[versioning ?? 'none'],
      );
      expect(object.lastModified).toBeGreaterThan(Date.now() / 1000 - 60);
      expect(Number.isInteger(object.lastModified)).toBe(true);
    });
  },
);

describe('listing versions', () => {
  test('only the current one of many, across pages, and none that was deleted', async () => {
    const bucket = await createBucket('list-current', 'Enabled');
    for (const key of ['a', 'b', 'c'])
      for (const body of ['1', '22', '333', '4444']) await store.write({ bucket, key }, body);
    await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'b' }));

    const listed = await listAll(store, bucket);

    expect(listed.map(({ key, size }) => [key, size])).toEqual([
      ['a', 4],
      ['c', 4],
    ]);
    for (const object of listed) expect(object.versionId).toBe((await store.head(object))?.versionId);
  });

  test('a bucket that begins to keep versions is noticed by the next listing', async () => {
    const bucket = await createBucket('list-begins');
    expect(await land(store, { bucket, key: 'old' }, 'x')).not.toHaveProperty('versionId');

    await setVersioning(bucket, 'Enabled');

    expect(await land(store, { bucket, key: 'new' }, 'x')).toHaveProperty('versionId');
    const [, old] = await listAll(store, bucket);
    expect(old).toMatchObject({ key: 'old', versionId: 'null' });
    expect(String(await readPinned(store, must(old)))).toBe('x');
  });
});
