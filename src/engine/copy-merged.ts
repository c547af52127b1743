import type { ObjectLocation } from '../adapters/object-store';
import { deletedKeysKey, partitionedPartKey } from '../layout/object-keys';
import { isAsRecorded, requirePart } from './curated-part';
import { damagedPart } from './fetch-published-part';
import type { TaskContext } from './task-context';
import type { MergedFile, MergedPart, WriteCuratedPartTask, WrittenFile, WrittenPart } from './tasks';

type Recorded = Omit<MergedFile, 'rows' | 'partition'>;

/**
 * Copies a part to which nothing has come, its deleted keys first, into the snapshot that is to be.
 * @throws IntegrityError when one of both is missing or another, or another part is there already
 */
export async function copyMerged(
  { target, table, content }: WriteCuratedPartTask,
  base: MergedPart,
  { store }: Pick<TaskContext, 'store'>,
): Promise<Required<WrittenPart>> {
  const copy = async (of: Recorded, to: ObjectLocation): Promise<void> => {
    const location = { bucket: base.bucket, key: of.key };
    const source = await store.head(location);
    if (!source || !isAsRecorded(source, of))
      throw damagedPart(
        location,
        'is missing, or is another object',
        'Nothing was published: readers see what they saw.',
      );
    const metadata = { ...source.metadata, 'landfall-content': content };
    await store.copyOnce(source, to, { metadata, contentType: source.contentType ?? '' });
  };
  const { deletedKeys, files, merged } = base;
  const keysKey = deletedKeysKey(target.key);
  if (deletedKeys) await copy(deletedKeys, { ...target, key: keysKey });
  const copied: WrittenFile[] = [];
  for (const { partition, ...file } of files) {
    const to = { ...target, key: partitionedPartKey(target.key, partition) };
    await copy(file, to);
    const { rows, bytes } = file;
    const part = requirePart(await store.head(to), to, { table, content, rows, bytes });
    copied.push({ ...part, ...(partition && { partition }), isCopy: true });
  }
  return {
    files: copied,
    outcome: { merged, ...(deletedKeys && { deletedKeys: { ...deletedKeys, key: keysKey } }) },
  };
}
