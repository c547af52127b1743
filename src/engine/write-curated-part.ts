import { join } from 'node:path';
import type { LazyDataFrame } from 'nodejs-polars';
import { asHeld, toCanonicalColumn } from '../checks/compile-column';
import { addedColumns } from '../definition/added-columns';
import { findPipeline, findTable } from '../definition/find-pipeline';
import type { DeclaredCuration, DeclaredUpsert } from '../definition/curation';
import { LAND_TIMESTAMP_COLUMN, type Table } from '../definition/pipeline';
import type { Column } from '../definition/read-column';
import { copyMerged } from './copy-merged';
import { describePart } from './curated-part';
import { curateRows } from './curate-rows';
import { gatherMerged } from './gather-merged';
import { gatherPartRows, type GatheredRows, type PartColumns } from './gather-part-rows';
import { mergeRows } from './merge-rows';
import { storeDeletedKeys } from './store-deleted-keys';
import { partitionedPartKey } from '../layout/object-keys';
import { readArchivedFile } from './read-archived-file';
import { bucketSelector } from './select-bucket';
import { splitPartitions } from './split-partitions';
import { storePart } from './store-part';
import type { TaskContext } from './task-context';
import type { MergedOutcome, Part, WriteCuratedPartTask, WrittenFile, WrittenPart } from './tasks';
import { writeParquet } from './write-parquet';

const addedColumn = (name: string, type: Column['type'], nullable = false): Column => ({
  name,
  header: name,
  aliases: [],
  type,
  nullable,
  nullTexts: [],
  sensitive: false,
  unique: false,
  description: undefined,
  rules: [],
  refinement: undefined,
});

const hasCuration = (table: Table): table is Table & { curation: DeclaredCuration } =>
  table.curation !== undefined;

/**
 * Writes rows of a table as one Parquet file, or one for each of its partitions: the curated columns, those that Landfall
 * adds, and `file_land_timestamp` as a 64-bit integer, without the columns that folders stand for; of a table with
 * `upsert`, the last row of each key, and beside it the deleted keys where these are kept. A file is written only where nothing is; one that is there already is taken when it
 * holds the same rows.
 *
 * @throws TransformError when the curation's transform failed, or gave what it does not declare; when a value that a folder
 * is to be named by cannot be
 * @throws IntegrityError when an input or an existing part is not what was recorded
 */
export async function writeCuratedPart(
  task: WriteCuratedPartTask,
  context: TaskContext,
): Promise<WrittenPart> {
  const pipeline = findPipeline(context.pipelines, task.pipeline);
  const table = findTable(context.pipelines, task.pipeline, task.table);
  const processed = table.processedColumns.map((column) => asHeld(toCanonicalColumn(column)));
  const added = addedColumns(pipeline).map((each) =>
    addedColumn(each.name, { name: 'string' }, each.nullable),
  );
  const stored = [...processed, ...added];
  const timestamp = addedColumn(LAND_TIMESTAMP_COLUMN, { name: 'int64' });
  const given = [...stored, timestamp];
  const values = (sourceFile: string) => ({ version: task.version, sourceFile });
  const read: Pick<PartColumns, 'readArchived' | 'addedTo'> = {
    readArchived: (file, sink, reading) =>
      readArchivedFile(file, { pipeline: task.pipeline, table }, sink, reading),
    addedTo: ({ fileName }) => addedColumns(pipeline).map(({ holds }) => values(fileName)[holds]),
  };
  let of: PartColumns = { own: processed, stored, given, columns: given, ...read };
  if (hasCuration(table)) {
    const ends = { own: table.curatedColumns, added: [...added, timestamp] };
    const curate = (frame: LazyDataFrame) => curateRows(frame, task, table, ends, context);
    of = { ...of, columns: [...ends.own, ...ends.added], curate };
  }
  const { columns } = of;
  const { upsert } = table;
  if (upsert && task.bucket) of.select = bucketSelector(table.name, upsert, stored, task.bucket);
  const gathered = await gatherPartRows(task, of, context);
  const isInFolders = table.partitionBy.length > 0;
  if (task.base?.isAlike && gathered.rows === 0) {
    const { files, outcome } = await copyMerged(task, task.base, context);
    return { files, ...(isInFolders && { outcome }) };
  }
  const { outcome, ...rows } = upsert
    ? await merge(task, gathered, upsert, columns, context)
    : { ...gathered, outcome: undefined };
  if (!isInFolders)
    return { files: [await writeFile(task, { ...rows, ...outcome, columns, table }, context)] };
  const inFiles = columns.filter(({ name }) => !table.partitionBy.includes(name));
  const files: WrittenFile[] = [];
  const splitting = {
    ...{ table, columns, tempFolder: context.tempFolder, timestamp: LAND_TIMESTAMP_COLUMN },
    ...{ maker: 'curated.transform', isSensitive: false },
  };
  for (const each of await splitPartitions(rows.frames, splitting)) {
    const { partition, deliveries } = each;
    const target = { ...task.target, key: partitionedPartKey(task.target.key, partition) };
    const unsorted = { ...table, sortBy: [] };
    const of = { frames: [each.frame], rows: each.rows, columns: inFiles, table: unsorted };
    files.push({ ...(await writeFile({ ...task, target }, of, context)), partition, deliveries });
  }
  return { files, ...(outcome && { outcome }) };
}

/** The deleted keys are stored first: a part that is there has them. */
async function merge(
  task: WriteCuratedPartTask,
  gathered: GatheredRows,
  upsert: DeclaredUpsert,
  columns: readonly Column[],
  context: TaskContext,
): Promise<GatheredRows & { outcome: MergedOutcome }> {
  const { bucket, base, inputs } = task;
  const before = bucket && base && (await gatherMerged({ bucket, base }, upsert, columns, context));
  const first = Math.min(...inputs.map((each) => ('first' in each ? each.first : each.fileLandTimestamp)));
  const { deleted, merged, ...rows } = await mergeRows({ ...gathered, first }, upsert, context, before);
  if (!task.keepsDeleted || merged.deleted === 0) return { ...rows, outcome: { merged } };
  const keys = { frame: deleted, rows: merged.deleted, key: upsert.key };
  return { ...rows, outcome: { merged, deletedKeys: await storeDeletedKeys(task, keys, columns, context) } };
}

interface RowsOfFile extends GatheredRows, Partial<MergedOutcome> {
  columns: readonly Column[];
  table: Table;
}

async function writeFile(
  task: WriteCuratedPartTask,
  { frames, rows, columns, table, ...told }: RowsOfFile,
  context: TaskContext,
): Promise<Part> {
  const path = join(context.tempFolder, 'part.parquet');
  const { sortBy, parquet } = table;
  const metadata = describePart(task);
  const written = await writeParquet(frames, path, columns, { sortBy, rows, parquet, metadata });
  const { content, target, version } = task;
  return storePart(written, target, { table: task.table, version, rows, content, ...told }, context);
}
