import { join } from 'node:path';
import type { Table } from '../definition/pipeline';
import type { DeclaredTransform, TransformContext } from '../definition/transform';
import { readArchivedRows, type RejectSink, type RowSink } from './read-archived-rows';
import { readTransformedRows, runTransform } from './run-transform';
import type { TaskContext } from './task-context';
import type { TransformFileTask } from './tasks';
import { createRowTransformer } from './transform-rows';
import { createArrowWriter } from './write-arrow';

/**
 * Takes the rows of an archived file through the table's transform to `sink`.
 * @returns how many rows the archived file has
 * @throws TransformError when the transform fails, or gives what `transform.columns` does not allow
 * @throws IntegrityError as `readArchivedRows` does
 */
export async function writeTransformedRows(
  task: TransformFileTask,
  table: Table & { transform: DeclaredTransform },
  sink: RowSink,
  rejects: RejectSink | undefined,
  context: TaskContext,
  about: TransformContext,
): Promise<number> {
  const { transform } = table;
  if ('row' in transform) {
    const transformer = createRowTransformer(table, transform, about, sink);
    const rows = await readArchivedRows(task, table, transformer, rejects, context);
    await transformer.end();
    return rows;
  }
  const checkedPath = join(context.tempFolder, 'checked.arrow');
  const transformedPath = join(context.tempFolder, 'transformed.csv');
  const checked = createArrowWriter(checkedPath, context.ended, table.columns);
  const rows = await readArchivedRows(task, table, checked, rejects, context);
  await checked.end();
  await runTransform(checkedPath, transformedPath, table, transform, about);
  for await (const batch of readTransformedRows(transformedPath, table, about)) await sink.write(batch);
  return rows;
}
