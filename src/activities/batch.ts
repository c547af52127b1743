import { findPipeline } from '../definition/load-pipelines';
import type { Finding } from '../checks/finding';
import type { Pipeline } from '../definition/pipeline';
import type { Amount, DeliveryRef } from '../layout/delivery';
import { batchRecordKey, decisionKey, planKey } from '../layout/log-keys';
import { NOTHING } from '../layout/delivery';
import { currentProgress, currentRunId } from './context';
import type { Dependencies } from './dependencies';
import {
  findRecord,
  readRecord,
  writeRecord,
  type DecisionRecord,
  type Plan,
  type PlannedFile,
} from './records';

export interface BatchInput extends DeliveryRef {
  /** Which batch of the run's plan. */
  batch: number;
}

/** The steps that go file by file, as the records of a run name them. */
export type BatchStep = 'check' | 'raw-hist' | 'raw' | 'processed';

/** What this run is to do. */
export function readPlan({ store, pipelines }: Dependencies, pipelineName: string): Promise<Plan> {
  const pipeline = findPipeline(pipelines, pipelineName);
  return readRecord<Plan>(store, pipeline.areas.log, planKey(pipeline, currentRunId()));
}

/** The files of one batch. */
function filesOf(plan: Plan, batch: number): PlannedFile[] {
  const { first, files } = plan.batches[batch] ?? { first: 0, files: 0 };
  return plan.files.slice(first, first + files);
}

/**
 * Takes each file of a batch through a step, one after the other, and records what came of them.
 * `work` returns what the record will say of the file; `amount` what of it the workflow will count.
 */
export async function recordBatch<R extends object>(
  dependencies: Dependencies,
  input: BatchInput,
  step: BatchStep,
  work: (file: PlannedFile, pipeline: Pipeline, plan: Plan) => Promise<R>,
  amount: (record: R) => { rows: number; bytes: number },
): Promise<Amount> {
  const pipeline = findPipeline(dependencies.pipelines, input.pipeline);
  const progress = currentProgress();
  const plan = await readPlan(dependencies, input.pipeline);
  const records: R[] = [];
  const total = { ...NOTHING };
  for (const file of filesOf(plan, input.batch)) {
    const record = await work(file, pipeline, plan);
    records.push(record);
    const { rows, bytes } = amount(record);
    total.files += 1;
    total.rows += rows;
    total.bytes += bytes;
    Object.assign(progress, total);
  }
  await writeRecord(
    dependencies.store,
    pipeline.areas.log,
    batchRecordKey(pipeline, currentRunId(), step, input.batch),
    { files: records },
  );
  return total;
}

/** What this run's F1 let pass; nothing special for a delivery that an earlier run archived. */
export async function readDecision(
  { store }: Dependencies,
  pipeline: Pipeline,
): Promise<{ leftOut: string[]; accepted: Finding[] }> {
  const key = decisionKey(pipeline, currentRunId());
  const decision = await findRecord<DecisionRecord>(store, pipeline.areas.log, key);
  if (decision?.leftOut === 'all') throw new Error('nothing of a refused delivery may move on');
  return { leftOut: decision?.leftOut ?? [], accepted: decision?.accepted ?? [] };
}

/** What a step recorded for every file of the run, in the plan's order, one batch in memory at a time. */
export async function* eachBatchRecord<R>(
  dependencies: Dependencies,
  pipeline: Pipeline,
  step: BatchStep,
  leftOut: readonly string[] = [],
): AsyncGenerator<R> {
  const { store } = dependencies;
  const { batches } = await readPlan(dependencies, pipeline.name);
  for (const [batch, { table }] of batches.entries()) {
    if (leftOut.includes(table)) continue;
    const { files } = await readRecord<{ files: R[] }>(
      store,
      pipeline.areas.log,
      batchRecordKey(pipeline, currentRunId(), step, batch),
    );
    yield* files;
  }
}

/** All of that at once, but for tables that were left out. */
export async function readBatchRecords<R>(
  dependencies: Dependencies,
  pipeline: Pipeline,
  step: BatchStep,
  leftOut: readonly string[] = [],
): Promise<R[]> {
  const records: R[] = [];
  for await (const record of eachBatchRecord<R>(dependencies, pipeline, step, leftOut)) records.push(record);
  return records;
}
