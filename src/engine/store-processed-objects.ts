import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { ObjectLocation, StoredObject } from '../adapters/object-store';
import { processedPartKey } from '../layout/object-keys';
import type { TaskContext } from './task-context';
import type { ProcessedObject } from './tasks';
import type { LinesFile } from './write-json-lines';

/**
 * Makes the object of `target`, and those beside it, what was written. Objects that an attempt of other code had made of
 * further rows are deleted: whoever reads the folder is to find these rows only.
 */
export async function storeProcessedObjects(
  { store }: Pick<TaskContext, 'store'>,
  { bucket, key: first }: ObjectLocation,
  files: readonly LinesFile[],
  origin: Readonly<Record<string, string>>,
): Promise<ProcessedObject[]> {
  const objects: ProcessedObject[] = [];
  for (const [place, { path, rows, contentBytes, contentSha256 }] of files.entries()) {
    const key = processedPartKey(first, place);
    const { size: bytes } = await stat(path);
    await store.write({ bucket, key }, createReadStream(path), {
      // No content encoding: readers are to get the file as its name says it is.
      contentType: 'application/gzip',
      metadata: { 'landfall-content-sha256': contentSha256, 'landfall-rows': String(rows), ...origin },
    });
    objects.push({ key, rows, bytes, contentBytes, contentSha256 });
  }
  const stale: StoredObject[] = [];
  const next = () => store.head({ bucket, key: processedPartKey(first, files.length + stale.length) });
  for (let object = await next(); object; object = await next()) stale.push(object);
  // From the last on, so that none is left behind a gap, where nobody would look for it.
  for (const object of stale.reverse()) await store.delete(object);
  return objects;
}
