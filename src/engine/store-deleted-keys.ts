import { join } from 'node:path';
import pl, { type LazyDataFrame } from 'nodejs-polars';
import { LAND_TIMESTAMP_COLUMN } from '../definition/pipeline';
import type { Column } from '../definition/read-column';
import { deletedKeysKey } from '../layout/object-keys';
import { storePart } from './store-part';
import type { TaskContext } from './task-context';
import type { DeletedKeys, WriteCuratedPartTask } from './tasks';
import { writeParquet } from './write-parquet';

const PARQUET = { compression: 'zstd', rowGroupRows: 122_880 } as const;

/**
 * Writes the deleted keys of a part, each with the timestamp of the delivery that deleted it, where no reader of the table
 * looks; only where nothing is.
 * @throws IntegrityError when those of another part are there
 */
export async function storeDeletedKeys(
  { table, target, content, version }: Pick<WriteCuratedPartTask, 'table' | 'target' | 'content' | 'version'>,
  { frame, rows, key }: { frame: LazyDataFrame; rows: number; key: readonly string[] },
  columns: readonly Column[],
  context: Pick<TaskContext, 'store' | 'tempFolder'>,
): Promise<DeletedKeys> {
  const names = [...key, LAND_TIMESTAMP_COLUMN];
  const own = names.flatMap((name) => columns.filter((column) => column.name === name));
  const keys = frame.select(...names.map((name) => pl.col(name)));
  const writing = { sortBy: key, rows, parquet: PARQUET, metadata: {} };
  const written = await writeParquet([keys], join(context.tempFolder, 'deleted.parquet'), own, writing);
  const to = { ...target, key: deletedKeysKey(target.key) };
  const { bytes, sha256, ...stored } = await storePart(
    written,
    to,
    { table, version, rows, content },
    context,
  );
  return { key: stored.key, bytes, sha256, rows };
}
