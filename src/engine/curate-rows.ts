import { join } from 'node:path';
import pl, { type DataType, type LazyDataFrame } from 'nodejs-polars';
import type { DeclaredCuration } from '../definition/curation';
import { LAND_TIMESTAMP_COLUMN, type Table } from '../definition/pipeline';
import type { Column } from '../definition/read-column';
import { TransformError } from '../errors';
import { curationErrors } from './curation-errors';
import { describeType, transformType } from './polars-frame';
import { compareNames, toLazyFrame } from './run-transform';
import type { TaskContext } from './task-context';
import type { HeldRows, ProcessedFile, WriteCuratedPartTask } from './tasks';

type Errors = ReturnType<typeof curationErrors>;

export interface CuratedColumns {
  own: readonly Column[];
  /** Those that Landfall adds, which come out as they go in. */
  added: readonly Column[];
}

/**
 * Gives a part's rows to the table's transform, and writes what comes out to a file of the task's own, so that it is known
 * to be as declared before anything is made of it.
 * @throws TransformError when the transform failed, or gave other columns, types, nulls or numbers of rows
 */
export async function curateRows(
  frame: LazyDataFrame,
  task: WriteCuratedPartTask,
  table: Table & { curation: DeclaredCuration },
  { own, added }: CuratedColumns,
  { tempFolder }: Pick<TaskContext, 'tempFolder'>,
): Promise<LazyDataFrame> {
  const errors = curationErrors(table, task);
  const columns = [...own, ...added];
  const path = join(tempFolder, 'transformed.parquet');
  try {
    const { pipeline, version } = task;
    const given = await table.curation.apply({
      frame,
      columns: Object.fromEntries(table.processedColumns.map(({ name }) => [name, pl.col(name)])),
      added: added.map(({ name }) => pl.col(name)),
      pl,
      context: { pipeline, table: table.name, version },
    });
    const result = toLazyFrame(given);
    if (!result) throw errors.notAFrame();
    const { missing, extra } = compareNames(result, columns);
    const addedNames = added.map(({ name }) => name);
    if (missing.length > 0 || extra.length > 0) throw errors.wrongColumns(missing, extra, addedNames);
    const selected = result.select(...columns.map(({ name }) => pl.col(name)));
    await selected.sinkParquet(path, { maintainOrder: true }).collect();
  } catch (error) {
    throw error instanceof TransformError ? error : errors.failed(error);
  }
  const made = pl.scanParquet(path);
  await requireTypes(made, columns, errors);
  await requireValues(made, columns, errors);
  await requireRows(made, task.inputs, errors);
  return made;
}

async function requireTypes(made: LazyDataFrame, columns: readonly Column[], errors: Errors): Promise<void> {
  const types = (await made.limit(0).collect()).schema as Record<string, DataType>;
  const wrong = columns.flatMap(({ name, type }) => {
    const given = describeType(types[name] as DataType);
    const declared = describeType(transformType(type));
    return given === declared ? [] : [{ name, given, declared }];
  });
  if (wrong.length > 0) throw errors.wrongTypes(wrong);
}

async function requireValues(made: LazyDataFrame, columns: readonly Column[], errors: Errors): Promise<void> {
  const filled = columns.filter(({ nullable }) => !nullable);
  const counts = await made.select(...filled.map(({ name }) => pl.col(name).nullCount())).collect();
  for (const { name } of filled) {
    const count = Number(counts.getColumn(name).get(0));
    if (count > 0) throw errors.nulls(name, count);
  }
}

/** Also where rows of one delivery stand in for those of another. */
async function requireRows(
  made: LazyDataFrame,
  inputs: readonly (ProcessedFile | HeldRows)[],
  errors: Errors,
): Promise<void> {
  const wanted = new Map<number, number>();
  for (const input of inputs) {
    const delivery = 'first' in input ? input.first : input.fileLandTimestamp;
    wanted.set(delivery, (wanted.get(delivery) ?? 0) + input.rows);
  }
  const counted = await made.groupBy(LAND_TIMESTAMP_COLUMN).agg(pl.len().alias('rows')).collect();
  const [deliveries, rows] = [counted.getColumn(LAND_TIMESTAMP_COLUMN), counted.getColumn('rows')];
  const found = new Map(
    Array.from({ length: counted.height }, (_, at) => [Number(deliveries.get(at)), Number(rows.get(at))]),
  );
  for (const delivery of new Set([...wanted.keys(), ...found.keys()])) {
    const [given = 0, out = 0] = [wanted.get(delivery), found.get(delivery)];
    if (given !== out) throw errors.wrongRows(delivery, given, out);
  }
}
