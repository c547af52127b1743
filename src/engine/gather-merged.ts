import { join } from 'node:path';
import pl, { type LazyDataFrame } from 'nodejs-polars';
import type { DeclaredUpsert } from '../definition/curation';
import { LAND_TIMESTAMP_COLUMN } from '../definition/pipeline';
import type { Column } from '../definition/read-column';
import { damagedPart, fetchPublishedPart } from './fetch-published-part';
import { keepBucket } from './keep-bucket';
import { scanOwnParquet } from './polars-frame';
import type { TaskContext } from './task-context';
import type { KeyBucket, MergedFile, MergedPart } from './tasks';
import { countRows } from './write-parquet';

/** What a published part has come to, as rows: those that readers see, and one for each deleted key. */
export interface MergedBefore {
  frames: LazyDataFrame[];
  rows: number;
  superseded: number;
  /** Rows of an earlier delivery are merged behind it. */
  last: number;
}

const UNCHANGED = 'Nothing was published: readers see what they saw.';

/**
 * Brings the rows and the deleted keys of a published part here, as far as their keys are of the bucket. A deleted key is a
 * row that deletes it, without values beside its key and timestamp.
 * @throws IntegrityError when one of both is missing, or is not what was published
 */
export async function gatherMerged(
  { bucket, base }: { bucket: KeyBucket; base: MergedPart },
  { key, deletedWhere }: DeclaredUpsert,
  columns: readonly Column[],
  context: TaskContext,
): Promise<MergedBefore> {
  const gathered: MergedBefore = { frames: [], rows: 0, superseded: base.merged.superseded, last: base.last };
  const add = async (file: MergedFile, held: string[], name: string): Promise<LazyDataFrame> => {
    const path = join(context.tempFolder, `${name}.parquet`);
    const of = { ...file, bucket: base.bucket, columns: held };
    await fetchPublishedPart(of, path, UNCHANGED, context);
    const found = await countRows(pl.scanParquet(path));
    if (found !== of.rows)
      throw damagedPart(of, `has ${found} rows, but ${of.rows} were published`, UNCHANGED);
    if (base.isWider) await keepBucket({ ...of, path }, columns, key, bucket, context);
    gathered.rows += base.isWider ? await countRows(pl.scanParquet(path)) : found;
    return scanOwnParquet(path, columns, of);
  };
  for (const [place, file] of base.files.entries())
    gathered.frames.push(await add(file, base.columns, `merged-before-${place}`));
  if (!base.deletedKeys || deletedWhere === undefined) return gathered;
  const deleted = await add(base.deletedKeys, [...key, LAND_TIMESTAMP_COLUMN], 'deleted-before');
  gathered.frames.push(deleted.withColumns(pl.lit(true).alias(deletedWhere)));
  return gathered;
}
