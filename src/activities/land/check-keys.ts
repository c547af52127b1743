import { findPipeline, findTable } from '../../definition/load-pipelines';
import type { Pipeline, Table } from '../../definition/pipeline';
import type { PinnedObject } from '../../adapters/object-store';
import type { CheckKeysTask, ReferencedRows } from '../../engine/tasks';
import type { DeliveryRef } from '../../layout/delivery';
import { batchRecordKey, planKey } from '../../layout/log-keys';
import { currentRunId, taskOptions } from '../context';
import { findPublishedParts } from '../curated/published-parts';
import type { Dependencies } from '../dependencies';
import { readRecord, writeRecord, type KeyCheckRecord, type Plan } from '../records';

export interface KeyCheckInput extends DeliveryRef {
  /** Which of the plan's key checks. */
  keyCheck: number;
}

/**
 * F1 beyond one file: what keys the files of a table share, and what they refer to that is not there. Reads the pinned
 * files once more, and changes nothing.
 */
export const checkKeys =
  (dependencies: Dependencies) =>
  async ({ keyCheck, ...delivery }: KeyCheckInput): Promise<void> => {
    const { pipelines, store, engine } = dependencies;
    const pipeline = findPipeline(pipelines, delivery.pipeline);
    const { log } = pipeline.areas;
    const plan = await readRecord<Plan>(store, log, planKey(pipeline, currentRunId()));
    const name = plan.keyChecks?.[keyCheck];
    if (name === undefined) throw new Error(`the plan has no key check ${keyCheck}`);
    const table = findTable(pipelines, pipeline.name, name);
    const task: CheckKeysTask = {
      pipeline: pipeline.name,
      table: name,
      files: landedFiles(pipeline, plan, name),
      references: await findReferences(dependencies, pipeline, plan, table),
    };
    const { findings } = await engine.checkKeys(task, taskOptions());
    const record: KeyCheckRecord = { table: name, findings };
    await writeRecord(store, log, batchRecordKey(pipeline, currentRunId(), 'keys', keyCheck), record);
  };

function landedFiles({ areas }: Pipeline, { files }: Plan, table: string): PinnedObject[] {
  return files
    .filter((file) => file.table === table)
    .map(({ key, versionId, etag, size }) => ({
      bucket: areas.land,
      key,
      etag,
      size,
      ...(versionId === undefined ? {} : { versionId }),
    }));
}

async function findReferences(
  dependencies: Dependencies,
  pipeline: Pipeline,
  plan: Plan,
  { foreignKeys }: Table,
): Promise<ReferencedRows[]> {
  const found: ReferencedRows[] = [];
  for (const { references, in: scope } of foreignKeys) {
    const table = findTable(dependencies.pipelines, pipeline.name, references.table);
    found.push({
      landed: scope === 'published' ? [] : landedFiles(pipeline, plan, table.name),
      published:
        scope === 'delivery'
          ? []
          : await findPublishedParts(dependencies, pipeline, table, references.columns),
    });
  }
  return found;
}
