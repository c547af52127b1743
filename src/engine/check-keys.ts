import { findPipeline, findTable } from '../definition/find-pipeline';
import type { Finding } from '../checks/finding';
import { findDuplicates } from './find-duplicates';
import { findMissingReferences } from './find-missing-references';
import { shareKeyLimits } from './key-index';
import { columnsForKeys, readKeyRows, readLandedAhead } from './read-keys';
import type { RowsWatch } from './rows-watch';
import { uniqueKeys } from './table-key';
import type { ReadingContext } from './task-context';
import type { CheckKeysResult, CheckKeysTask } from './tasks';

/**
 * What the check of each file alone cannot see: keys that rows of several files share, and references to rows that are
 * not there. It reads the pinned files once more, for their keys alone, so that keys are never stored outside this
 * machine; memory and temporary space follow from the limits and the keys.
 */
export async function checkKeys(task: CheckKeysTask, given: ReadingContext): Promise<CheckKeysResult> {
  const context = { ...given, pipeline: task.pipeline };
  const pipeline = findPipeline(context.pipelines, task.pipeline);
  const table = findTable(context.pipelines, task.pipeline, task.table);
  const files = task.files.map(({ key }) => key);
  const columns = columnsForKeys(table, [
    ...uniqueKeys(table).flatMap((key) => key.columns.map(({ name }) => name)),
    ...table.foreignKeys.flatMap((key) => key.columns),
  ]);
  // Within one file its own check has looked.
  const unique = files.length > 1 ? uniqueKeys(table, columns) : [];
  const limits = shareKeyLimits(unique.length + table.foreignKeys.length);
  const watches: RowsWatch[] = unique.map((key, place) =>
    findDuplicates(key, table, files, { ...context, place, limits }),
  );
  for (const [place, key] of table.foreignKeys.entries()) {
    const referenced = {
      table: findTable([pipeline], pipeline.name, key.references.table),
      ...task.references[place],
    };
    watches.push(
      await findMissingReferences(key, { table, columns, files }, referenced, { ...context, place, limits }),
    );
  }
  let rows = 0;
  let bytes = 0;
  const read = readLandedAhead(task.files, context);
  for (const [file, object] of task.files.entries()) {
    for await (const batch of readKeyRows(object, table, columns, { ...context, read })) {
      rows += batch.length;
      for (const watch of watches) await watch.add(file, batch);
      context.onProgress({ bytes, rows });
    }
    bytes += object.size;
  }
  const findings: Finding[] = [];
  for (const watch of watches) findings.push(...(await watch.finish()));
  return { rows, findings };
}
