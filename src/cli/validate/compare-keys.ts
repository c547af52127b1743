import { planKeyChecks } from '../../activities/land/plan-key-checks';
import type { Finding } from '../../checks/finding';
import type { Pipeline } from '../../definition/pipeline';
import type { PinnedObject } from '../../adapters/object-store';
import { findTable } from '../../definition/find-pipeline';
import type { Assigned } from './assign-inputs';
import { inputObject } from './input-store';
import type { InputTasks } from './perform-tasks';

/** What keys the files of a table share, and what they refer to that is not there. @returns findings, table by table */
export async function compareKeys(
  pipeline: Pipeline,
  files: Assigned['files'],
  tasks: InputTasks,
): Promise<Finding[]> {
  const planned = planKeyChecks(pipeline.tables, files);
  if (planned.length === 0) return [];
  // It loads Polars, which few checks need.
  const { checkKeys } = await import('../../engine/check-keys.js');
  const sourcesOf = (table: string): PinnedObject[] =>
    files.filter((file) => file.table === table).map(({ input }) => inputObject(input));
  const found: Finding[] = [];
  for (const table of planned) {
    const { foreignKeys } = findTable([pipeline], pipeline.name, table);
    const references = foreignKeys.map((key) => ({ landed: sourcesOf(key.references.table), published: [] }));
    const task = { pipeline: pipeline.name, table, files: sourcesOf(table), references };
    const { findings } = await tasks.perform((context) => checkKeys(task, context));
    found.push(...findings);
  }
  return found;
}
