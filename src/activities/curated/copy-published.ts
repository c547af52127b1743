import type { ObjectLocation, StoredObject } from '../../adapters/object-store';
import { isAsRecorded, recognisePart, requirePart } from '../../engine/curated-part';
import type { Part } from '../../engine/tasks';
import { partitionedPartKey } from '../../layout/object-keys';
import { mapWithLimit } from '../../map-with-limit';
import { cancellationSignal } from '../context';
import type { Dependencies } from '../dependencies';

const COPIES_AT_ONCE = 8;

/**
 * Copies the files of a part, as readers see them, into another snapshot.
 * @returns undefined when there is none to copy, or a file of it is not as it was recorded: it is to be made anew
 */
export async function copyPublished(
  { store }: Pick<Dependencies, 'store'>,
  published: readonly Part[] | undefined,
  target: ObjectLocation,
  of: { table: string; content: string },
): Promise<Part[] | undefined> {
  if (!published) return undefined;
  const signal = cancellationSignal();
  const sources = await mapWithLimit(published, COPIES_AT_ONCE, async (part) => {
    const source = await store.head({ bucket: target.bucket, key: part.key }, { signal });
    const isPart = source && isAsRecorded(source, part) && recognisePart(source, { ...of, rows: part.rows });
    return isPart ? source : undefined;
  });
  if (sources.includes(undefined)) return undefined;
  return mapWithLimit(published, COPIES_AT_ONCE, async ({ partition, holds, rows, bytes }, place) => {
    const source = sources[place] as StoredObject;
    const { metadata, contentType = '' } = source;
    const to = { ...target, key: partitionedPartKey(target.key, partition) };
    await store.copyOnce(source, to, { metadata, contentType, signal });
    const copy = requirePart(await store.head(to, { signal }), to, { ...of, rows, bytes });
    return partition ? { ...copy, partition, ...(holds && { holds }) } : copy;
  });
}
