import { ListObjectVersionsCommand } from '@aws-sdk/client-s3';
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
