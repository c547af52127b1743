import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import { createS3Client } from '../../src/adapters/s3-client';
import { createS3ObjectStore } from '../../src/adapters/s3-object-store';
import { createBucket, failureOf, land, listAll, must, readPinned, s3, setVersioning } from './test-buckets';
import { startFaultyStore } from './faulty-store';

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

test('a space that the store writes as a plus, as AWS does and the emulator does not, comes back as a space', async () => {
  const bucket = await createBucket('list-plus');
  const entry =
    '<Key>a+b%2Bc%25.csv</Key><ETag>"0"</ETag><Size>1</Size><LastModified>2024-01-01T00:00:00.900Z</LastModified>';
  const listing = `<ListBucketResult><IsTruncated>false</IsTruncated><EncodingType>url</EncodingType><Contents>${entry}</Contents></ListBucketResult>`;
  const proxy = await startFaultyStore((request, response) => {
    if (!request.url?.includes('list-type')) return false;
    response.writeHead(200, { 'content-type': 'application/xml' }).end(`<?xml version="1.0"?>${listing}`);
    return true;
  });
  const client = createS3Client({ endpoint: proxy.endpoint });

  const listed = await listAll(createS3ObjectStore({ s3: client }), bucket);

  expect(listed).toEqual([{ bucket, key: 'a b+c%.csv', etag: '"0"', size: 1, lastModified: 1704067200 }]);
  client.destroy();
  await proxy.close();
});

test('an answer that is no listing is not taken for an empty bucket', async () => {
  const bucket = await createBucket('list-portal');
  const proxy = await startFaultyStore((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Please sign in</html>');
    return true;
  });
  const client = createS3Client({ endpoint: proxy.endpoint });

  const failure = await failureOf(listAll(createS3ObjectStore({ s3: client }), bucket));

  expect(failure.name).toBe('IntegrityError');
  expect(failure.happened).toBe('The service answered without IsTruncated.');
  client.destroy();
  await proxy.close();
});
