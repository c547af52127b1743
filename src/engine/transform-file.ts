import { addedColumns } from '../definition/added-columns';
import type { Table } from '../definition/pipeline';
import type { DeclaredTransform } from '../definition/transform';
import { findPipeline, findTable } from '../definition/find-pipeline';
import { readArchivedRows } from './read-archived-rows';
import type { TaskContext } from './task-context';
import type { TransformFileResult, TransformFileTask } from './tasks';
import { openTransformContext } from './transform-context';
import { transformErrors } from './transform-errors';
import { storeProcessedObjects } from './store-processed-objects';
import { createRejectsWriter } from './write-rejects';
import { createJsonLinesWriter } from './write-json-lines';
import { writeTransformedRows } from './write-transformed-rows';

const hasTransform = (table: Table): table is Table & { transform: DeclaredTransform } =>
  table.transform !== undefined;

const originOf = (task: TransformFileTask): Record<string, string> => ({
  'landfall-version': encodeURIComponent(task.version),
  'landfall-source-key': encodeURIComponent(task.source.key),
  'landfall-source-sha256': task.sha256,
});

/**
 * F2 for one file: from the archived bytes to gzipped JSON lines in the processed area, rows in their order. The
 * objects appear only when all of it is known to be right.
 *
 * @throws IntegrityError when the archived bytes are not those that were checked
 * @throws TransformError when the transform fails, or gives what `transform.columns` or `rows` does not allow
 */
export async function transformFile(
  task: TransformFileTask,
  context: TaskContext,
): Promise<TransformFileResult> {
  const pipeline = findPipeline(context.pipelines, task.pipeline);
  const table = findTable(context.pipelines, task.pipeline, task.table);
  const values = { version: task.version, sourceFile: task.fileName };
  const added = addedColumns(pipeline).map(({ name, holds }) => ({ column: name, value: values[holds] }));
  const writer = createJsonLinesWriter(context, table.processedColumns, added, table.objectBytes);
  const version = { column: pipeline.versionColumn, value: task.version };
  const rejects = task.rejectsTarget && createRejectsWriter(context, version);
  const about = openTransformContext(task, table, (line) => context.onLog?.(line));
  let rowsIn: number;
  try {
    rowsIn = hasTransform(table)
      ? await writeTransformedRows(task, table, writer, rejects, context, about.context)
      : await readArchivedRows(task, table, writer, rejects, context);
  } finally {
    about.end();
  }
  const rejected = rejects?.rows ?? 0;
  const files = await writer.end();
  const rowsOut = files.reduce((sum, { rows }) => sum + rows, 0);
  if (rowsOut !== rowsIn - rejected && table.transform?.rows !== 'changed') {
    throw transformErrors(table, { file: task.fileName }).wrongRowCount(rowsIn - rejected, rowsOut);
  }
  if (rejects && task.rejectsTarget) {
    await rejects.store(context.store, task.rejectsTarget, {
      'landfall-rows': String(rejected),
      ...originOf(task),
    });
  }
  const objects = await storeProcessedObjects(context, task.target, files, originOf(task));
  return { rowsIn, rowsOut, rejected, objects, ...about.counters() };
}
