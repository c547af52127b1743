import { join } from 'node:path';
import pl, { type LazyDataFrame } from 'nodejs-polars';
import type { DeclaredUpsert } from '../definition/curation';
import { LAND_TIMESTAMP_COLUMN } from '../definition/pipeline';
import type { MergedBefore } from './gather-merged';
import type { GatheredRows } from './gather-part-rows';
import type { TaskContext } from './task-context';
import type { Merged } from './tasks';

export interface MergedRows extends GatheredRows {
  merged: Merged;
  /** The rows that delete their keys. */
  deleted: LazyDataFrame;
}

const NOTHING_BEFORE: MergedBefore = { frames: [], rows: 0, superseded: 0, last: 0 };

const isDeletion = (column: string | undefined) =>
  // Rows of before the column was declared are null in it.
  column === undefined ? pl.lit(false) : pl.col(column).fillNull(pl.lit(false));

async function measure(frame: LazyDataFrame): Promise<{ rows: number; newest: number | null }> {
  const newest = pl.col(LAND_TIMESTAMP_COLUMN).max().alias('newest');
  const found = await frame.select(pl.len().alias('rows'), newest).collect();
  const last = found.getColumn('newest').get(0) as bigint | number | null;
  return { rows: Number(found.getColumn('rows').get(0)), newest: last === null ? null : Number(last) };
}

/**
 * Of rows in the order of deliveries, files and rows: of each key the last, where that does not delete its key. They are in a
 * file of the task's own, in no order.
 * @param first the earliest of their deliveries
 * @param before what other deliveries came to, earlier and later ones
 */
export async function mergeRows(
  { frames, rows: given, first }: GatheredRows & { first: number },
  { key, deletedWhere }: DeclaredUpsert,
  { tempFolder }: Pick<TaskContext, 'tempFolder'>,
  before = NOTHING_BEFORE,
): Promise<MergedRows> {
  const path = join(tempFolder, 'merged.parquet');
  const all = [...before.frames, ...frames];
  const [only] = all;
  const whole = only && all.length === 1 ? only : pl.concat(all);
  const isLate = first < before.last;
  // Rows of one delivery keep their order.
  const inOrder = isLate ? whole.sort([LAND_TIMESTAMP_COLUMN], false, false, true) : whole;
  const last = inOrder.unique({ subset: [...key], keep: 'last', maintainOrder: true });
  await last.sinkParquet(path, { compression: 'snappy' }).collect();
  const found = pl.scanParquet(path);
  const kept = found.filter(isDeletion(deletedWhere).not());
  const deleted = found.filter(isDeletion(deletedWhere));
  const { rows: keys } = await measure(found);
  const { rows, newest } = await measure(kept);
  const superseded = before.superseded + before.rows + given - keys;
  return { frames: [kept], rows, merged: { superseded, deleted: keys - rows, newest }, deleted };
}
