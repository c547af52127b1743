import { join } from 'node:path';
import pl, { type LazyDataFrame } from 'nodejs-polars';
import type { ObjectLocation } from '../adapters/object-store';
import { addedColumns } from '../definition/added-columns';
import { isNested } from '../definition/column-type';
import type { DerivedTable } from '../definition/derived-table';
import { findDerived, findPipeline, findTable } from '../definition/find-pipeline';
import { LAND_TIMESTAMP_COLUMN, type Table } from '../definition/pipeline';
import type { Column } from '../definition/read-column';
import { partitionedPartKey } from '../layout/object-keys';
import { derivationErrors, hidesValues } from './derivation-errors';
import { fetchPublishedPart } from './fetch-published-part';
import { scanPartition, toStoredTypes } from './polars-frame';
import { toSqlTypes, withoutRows } from './sql-types';
import { runSql } from './run-sql';
import { splitPartitions } from './split-partitions';
import { storePart } from './store-part';
import type { TaskContext } from './task-context';
import type { DeriveTableTask, Part } from './tasks';
import { countRows, writeParquet } from './write-parquet';

/**
 * Runs a derived table's SQL over the snapshots that it is made of, and writes what comes out as one Parquet file, or one for
 * each of its partitions, only where nothing is; one that is there already is taken when it was made of the same.
 *
 * @returns the files; of a table with partitions none where there are no rows
 * @throws TransformError when the SQL failed, or gave what the table does not declare; when a value that a folder is to
 * be named by cannot be
 * @throws IntegrityError when a file of a snapshot, or the existing one, is not what was recorded
 */
export async function deriveTable(task: DeriveTableTask, context: TaskContext): Promise<Part[]> {
  const table = findDerived(context.pipelines, task.pipeline, task.table);
  const sources = table.from.map((name) => findTable(context.pipelines, task.pipeline, name));
  const frames: Record<string, LazyDataFrame> = {};
  for (const source of sources) frames[source.name] = await fetchTable(source, task, context);
  const made = await runSql(frames, table, join(context.tempFolder, 'selected.parquet'), {
    errors: derivationErrors(table, sources),
  });
  const { curatedColumns: columns, partitionBy } = table;
  const stored = toStoredTypes(made, columns);
  const sortBy = wholeOrder(table);
  if (partitionBy.length === 0) {
    const whole = { frame: stored, rows: await countRows(made), columns, sortBy, target: task.target };
    return [await writeFile(task, table, whole, context)];
  }
  const splitting = {
    ...{ table: { ...table, sortBy }, columns, tempFolder: context.tempFolder, timestamp: undefined },
    ...{ maker: 'its sql', isSensitive: hidesValues(table, sources) },
  };
  const inFiles = columns.filter(({ name }) => !partitionBy.includes(name));
  const files: Part[] = [];
  for (const { partition, frame, rows } of await splitPartitions([stored], splitting)) {
    const target = { ...task.target, key: partitionedPartKey(task.target.key, partition) };
    const file = { frame, rows, columns: inFiles, sortBy: [], target };
    files.push({ ...(await writeFile(task, table, file, context)), partition });
  }
  return files;
}

interface RowsOfFile {
  frame: LazyDataFrame;
  rows: number;
  columns: readonly Column[];
  sortBy: readonly string[];
  target: ObjectLocation;
}

async function writeFile(
  task: DeriveTableTask,
  { parquet }: DerivedTable,
  { frame, rows, columns, sortBy, target }: RowsOfFile,
  context: TaskContext,
): Promise<Part> {
  const path = join(context.tempFolder, 'part.parquet');
  const metadata = describeDerived(task);
  const written = await writeParquet([frame], path, columns, { sortBy, rows, parquet, metadata });
  const { content, version } = task;
  return storePart(written, target, { table: task.table, version, rows, content }, context);
}

/** SQL keeps no order, so that the same rows are the same bytes only in an order that leaves none to chance. */
const wholeOrder = ({ sortBy, partitionBy, curatedColumns }: DerivedTable): string[] => {
  const others = curatedColumns.filter(({ name, type }) => !isNested(type) && !partitionBy.includes(name));
  return [...new Set([...sortBy, ...others.map(({ name }) => name)])];
};

async function fetchTable(
  { name, curatedColumns: columns }: Table,
  { pipeline, from }: DeriveTableTask,
  context: TaskContext,
): Promise<LazyDataFrame> {
  const parts = from.find(({ table }) => table === name)?.parts ?? [];
  const scans: LazyDataFrame[] = [];
  for (const [place, part] of parts.entries()) {
    const path = join(context.tempFolder, `${name}-${place}.parquet`);
    await fetchPublishedPart(part, path, 'Nothing was published.', context);
    scans.push(scanPartition(path, columns, part.partition));
  }
  const [first] = scans;
  if (first) return toSqlTypes(scans.length === 1 ? first : pl.concat(scans), columns);
  // A table in partitions has no file where it has no rows.
  const added = addedColumns(findPipeline(context.pipelines, pipeline)).map((each) => each.name);
  return withoutRows(columns, { text: added, integers: [LAND_TIMESTAMP_COLUMN] });
}

const describeDerived = ({ pipeline, table, version, from }: DeriveTableTask): Record<string, string> => ({
  ...{ 'landfall.pipeline': pipeline, 'landfall.table': table, 'landfall.version': version },
  'landfall.from': from.map((source) => `${source.table}/${source.snapshot}`).join(','),
});
