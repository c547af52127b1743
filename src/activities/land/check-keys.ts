import { findPipeline, findTable } from '../../definition/load-pipelines';
import type { Pipeline, Table } from '../../definition/pipeline';
import type { Finding } from '../../checks/finding';
import type { CheckKeysTask, LandedFile, ReferencedRows } from '../../engine/tasks';
import type { DeliveryRef } from '../../layout/delivery';
import { batchRecordKey } from '../../layout/log-keys';
import { readPlan } from '../batch';
import { currentRunId, taskOptions } from '../context';
import { findPublishedParts } from '../curated/published-parts';
import type { Dependencies } from '../dependencies';
import { writeRecord, type KeyCheckRecord, type Plan } from '../records';
import { sourceOf } from './source-of';

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
    const plan = await readPlan(dependencies, delivery.pipeline);
    const name = plan.keyChecks?.[keyCheck];
    if (name === undefined) throw new Error(`the plan has no key check ${keyCheck}`);
    const table = findTable(pipelines, pipeline.name, name);
    const task: CheckKeysTask = {
      pipeline: pipeline.name,
      table: name,
      files: sourcesOf(pipeline, plan, name),
      references: await findReferences(dependencies, pipeline, plan, table),
    };
    const { findings } = await engine.checkKeys(task, taskOptions());
    const record: KeyCheckRecord = { table: name, findings: tellLandKeys(findings, pipeline, plan) };
    await writeRecord(store, log, batchRecordKey(pipeline, currentRunId(), 'keys', keyCheck), record);
  };

const sourcesOf = (pipeline: Pipeline, { files }: Plan, table: string): LandedFile[] =>
  files
    .filter((file) => file.table === table)
    .map((file) => ({ ...sourceOf(pipeline, file), fileName: file.fileName }));

/** People know a file by the key that it landed under, also when it is read from quarantine. */
function tellLandKeys(findings: readonly Finding[], pipeline: Pipeline, { files }: Plan): Finding[] {
  const landKeys = new Map(files.map((file) => [sourceOf(pipeline, file).key, file.key]));
  const toLandKey = (key: string): string => landKeys.get(key) ?? key;
  return findings.map((finding) => ({
    ...finding,
    ...(finding.file === undefined ? {} : { file: toLandKey(finding.file) }),
    samples: finding.samples.map(({ first, ...sample }) => ({
      ...sample,
      ...(first === undefined ? {} : { first: { ...first, file: toLandKey(first.file) } }),
    })),
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
      landed: scope === 'published' ? [] : sourcesOf(pipeline, plan, table.name),
      published:
        scope === 'delivery'
          ? []
          : await findPublishedParts(dependencies, pipeline, table, references.columns),
    });
  }
  return found;
}
