import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { addedColumns } from '../definition/added-columns';
import type { Table } from '../definition/pipeline';
import type { DeclaredTransform } from '../definition/transform';
import { findPipeline, findTable } from '../definition/find-pipeline';
import { readArchivedRows } from './read-archived-rows';
import type { TaskContext } from './task-context';
import type { TransformFileResult, TransformFileTask } from './tasks';
import { openTransformContext } from './transform-context';
import { transformErrors } from './transform-errors';
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
 * object appears only when all of it is known to be right.
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
  const path = join(context.tempFolder, 'processed.jsonl.gz');
  const values = { version: task.version, sourceFile: task.fileName };
  const added = addedColumns(pipeline).map(({ name, holds }) => ({ column: name, value: values[holds] }));
  const writer = createJsonLinesWriter(path, table.processedColumns, added);
  const version = { column: pipeline.versionColumn, value: task.version };
  const rejects =
    task.rejectsTarget && createRejectsWriter(join(context.tempFolder, 'rejects.jsonl.gz'), version);
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
  const { rows: rowsOut, contentBytes, contentSha256 } = await writer.end();
  if (rowsOut !== rowsIn - rejected && table.transform?.rows !== 'changed') {
    throw transformErrors(table, { file: task.fileName }).wrongRowCount(rowsIn - rejected, rowsOut);
  }
  const { size: bytes } = await stat(path);
  if (rejects && task.rejectsTarget) {
    await rejects.store(context.store, task.rejectsTarget, {
      'landfall-rows': String(rejected),
      ...originOf(task),
    });
  }
  await context.store.write(task.target, createReadStream(path), {
    // No content encoding: readers are to get the file as its name says it is.
    contentType: 'application/gzip',
    metadata: {
      'landfall-content-sha256': contentSha256,
      'landfall-rows': String(rowsOut),
      ...originOf(task),
    },
  });
  return { rowsIn, rowsOut, rejected, bytes, contentBytes, contentSha256, ...about.counters() };
}
