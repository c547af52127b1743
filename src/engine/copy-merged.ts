import type { ObjectLocation } from '../adapters/object-store';
import { deletedKeysKey } from '../layout/object-keys';
import { isAsRecorded, requirePart } from './curated-part';
import { damagedPart } from './fetch-published-part';
import type { TaskContext } from './task-context';
import type { MergedPart, WriteCuratedPartTask, WrittenPart } from './tasks';

type Recorded = ObjectLocation & Pick<MergedPart, 'bytes' | 'sha256'>;

/**
 * Copies a part to which nothing has come, its deleted keys first, into the snapshot that is to be.
 * @throws IntegrityError when one of both is missing or another, or another part is there already
 */
export async function copyMerged(
  { target, table, content }: WriteCuratedPartTask,
  base: MergedPart,
  { store }: Pick<TaskContext, 'store'>,
): Promise<WrittenPart> {
  const copy = async (of: Recorded, to: ObjectLocation): Promise<void> => {
    const source = await store.head(of);
    if (!source || !isAsRecorded(source, of))
      throw damagedPart(
        of,
        'is missing, or is another object',
        'Nothing was published: readers see what they saw.',
      );
    const metadata = { ...source.metadata, 'landfall-content': content };
    await store.copyOnce(source, to, { metadata, contentType: source.contentType ?? '' });
  };
  const { deletedKeys, ...part } = base;
  if (deletedKeys)
    await copy({ ...deletedKeys, bucket: base.bucket }, { ...target, key: deletedKeysKey(target.key) });
  await copy(part, target);
  const { rows, bytes } = base;
  const copied = requirePart(await store.head(target), target, { table, content, rows, bytes });
  return { ...copied, isCopy: true };
}
