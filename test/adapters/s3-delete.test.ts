import { DeleteObjectCommand, ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import { createS3ObjectStore } from '../../src/adapters/s3-object-store';
import { createBucket, land, listAll, must, s3, setVersioning } from './test-buckets';

const store = createS3ObjectStore({ s3 });

describe.each([undefined, 'Suspended', 'Enabled'] as const)(
  'deleting a pinned object, versioning %s',
  (versioning) => {
    test('it is gone for good, and a second time says so', async () => {
      const bucket = await createBucket('delete', versioning);
      const pinned = await land(store, { bucket, key: 'a b+%ä.csv' }, 'archived');

      expect(await store.delete(pinned)).toBe('deleted');
      expect(await store.delete(pinned)).toBe('gone');

      const { Versions, DeleteMarkers } = await s3.send(new ListObjectVersionsCommand({ Bucket: bucket }));
      expect({ Versions, DeleteMarkers }).toEqual({ Versions: undefined, DeleteMarkers: undefined });
    });

    test('a newer upload stays', async () => {
      const bucket = await createBucket('delete-newer', versioning);
      const pinned = await land(store, { bucket, key: 'data.csv' }, 'archived');
      await store.write(pinned, 'uploaded again');

      expect(await store.delete(pinned)).toBe(versioning === 'Enabled' ? 'deleted' : 'changed');

      expect(await store.readText(pinned)).toBe('uploaded again');
      expect(await listAll(store, bucket)).toHaveLength(1);
    });
  },
);

test('an object from before the bucket kept versions is deleted, and one uploaded after it stays', async () => {
  const bucket = await createBucket('delete-before');
  const old = { bucket, key: 'old.csv' };
  const replaced = { bucket, key: 'replaced.csv' };
  for (const location of [old, replaced]) await store.write(location, 'archived');
  await setVersioning(bucket, 'Enabled');
  const [pinnedOld, pinnedReplaced] = await listAll(store, bucket);
  await store.write(replaced, 'uploaded again');

  expect(await store.delete(must(pinnedOld))).toBe('deleted');
  expect(await store.delete(must(pinnedReplaced))).toBe('changed');

  expect(await store.head(old)).toBeUndefined();
  expect(await store.readText(replaced)).toBe('uploaded again');
});

test.each(['Enabled', 'Suspended'] as const)(
  'what the supplier had overwritten before does not come back; versioning %s',
  async (versioning) => {
    const bucket = await createBucket('delete-older', 'Enabled');
    const location = { bucket, key: 'data.csv' };
    await store.write({ bucket, key: 'data.csv.other' }, 'of another key');
    await store.write(location, 'first');
    if (versioning === 'Suspended') await setVersioning(bucket, 'Suspended');
    const pinned = await land(store, location, 'second');

    expect(await store.delete(pinned)).toBe('deleted');
    expect(await store.head(location)).toBeUndefined();
    expect((await listAll(store, bucket)).map(({ key }) => key)).toEqual(['data.csv.other']);
    const { Versions = [] } = await s3.send(
      new ListObjectVersionsCommand({ Bucket: bucket, Prefix: 'data.csv' }),
    );
    expect(Versions.filter(({ Key }) => Key === 'data.csv').map(({ Size }) => Size)).toEqual([
      'first'.length,
    ]);
    expect(await store.delete(pinned)).toBe('gone');

    await store.write(location, 'third');
    await store.delete(pinned);
    expect(await store.readText(location)).toBe('third');
  },
);

test('an attempt that ended between hiding and deleting is gone on with', async () => {
  const bucket = await createBucket('delete-begun', 'Enabled');
  const location = { bucket, key: 'data.csv' };
  await store.write(location, 'first');
  const pinned = await land(store, location, 'second');
  await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: location.key }));

  expect(await store.delete(pinned)).toBe('deleted');
  expect(await store.head(location)).toBeUndefined();
  const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket: bucket }));
  expect(Versions).toHaveLength(1);
});
