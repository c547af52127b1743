import { findPipeline } from '../definition/load-pipelines';
import type { Pipeline } from '../definition/pipeline';
import type { Amount, DeliveryRef } from '../layout/delivery';
import { batchRecordKey, planKey } from '../layout/log-keys';
import { NOTHING } from '../layout/delivery';
import { currentProgress, currentRunId } from './context';
import type { Dependencies } from './dependencies';
import { readRecord, writeRecord, type Plan, type PlannedFile } from './records';

export interface BatchInput extends DeliveryRef {
  /** Which batch of the run's plan. */
  batch: number;
}

/** The steps that go file by file, as the records of a run name them. */
export type BatchStep = 'check' | 'raw-hist' | 'raw' | 'processed';

/** The files of one batch. */
export async function readBatch(
  { store }: Dependencies,
  pipeline: Pipeline,
  batch: number,
): Promise<PlannedFile[]> {
  const plan = await readRecord<Plan>(store, pipeline.areas.log, planKey(pipeline, currentRunId()));
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
  work: (file: PlannedFile, pipeline: Pipeline) => Promise<R>,
  amount: (record: R) => { rows: number; bytes: number },
): Promise<Amount> {
  const pipeline = findPipeline(dependencies.pipelines, input.pipeline);
  const progress = currentProgress();
  const files = await readBatch(dependencies, pipeline, input.batch);
  const records: R[] = [];
  const total = { ...NOTHING };
  for (const file of files) {
    const record = await work(file, pipeline);
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

/** What a step recorded for every file of the run, in the plan's order. */
export async function readBatchRecords<R>(
  { store }: Dependencies,
  pipeline: Pipeline,
  step: BatchStep,
  batches: number,
): Promise<R[]> {
  const records: R[] = [];
  for (let batch = 0; batch < batches; batch += 1) {
    const { files } = await readRecord<{ files: R[] }>(
      store,
      pipeline.areas.log,
      batchRecordKey(pipeline, currentRunId(), step, batch),
    );
    records.push(...files);
  }
  return records;
}
