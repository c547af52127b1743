import { createReadStream } from 'node:fs';
import type { ObjectLocation } from '../adapters/object-store';
import { curatedMetadata, requirePart } from './curated-part';
import type { TaskContext } from './task-context';
import type { Part } from './tasks';
import type { WrittenParquet } from './write-parquet';

/** What a file is to be known by in curated. */
export interface PartToStore extends Pick<Part, 'rows' | 'content' | 'merged' | 'deletedKeys'> {
  table: string;
  version: string;
}

/**
 * Writes a Parquet file to curated, only where nothing is; one that is there already is taken when it holds the same
 * rows.
 * @throws IntegrityError when another one is there
 */
export async function storePart(
  { path, bytes, sha256 }: WrittenParquet,
  target: ObjectLocation,
  { table, version, ...told }: PartToStore,
  { store }: Pick<TaskContext, 'store'>,
): Promise<Part> {
  const outcome = await store.writeOnce(target, createReadStream(path), {
    contentType: 'application/vnd.apache.parquet',
    metadata: curatedMetadata({ sha256, ...told }, version),
  });
  if (outcome === 'written') return { key: target.key, bytes, sha256, ...told };
  const { content, rows } = told;
  return requirePart(await store.head(target), target, { table, content, rows });
}
