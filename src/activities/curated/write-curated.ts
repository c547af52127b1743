import { findPipeline } from '../../definition/load-pipelines';
import { IntegrityError } from '../../errors';
import type { Amount, DeliveryRef } from '../../layout/delivery';
import type { CuratedPart } from '../../engine/tasks';
import { snapshotRecordKey } from '../../layout/log-keys';
import { snapshotPrefix } from '../../layout/object-keys';
import { cancellationSignal, taskOptions } from '../context';
import type { Dependencies } from '../dependencies';
import { findRecord, writeRecord } from '../records';
import { readCurations, requireCuration } from './plan-curation';

/** All of a snapshot is written and verified. */
export interface SnapshotRecord {
  parts: CuratedPart[];
  rows: number;
  version: string;
}

/**
 * Writes one table's snapshot as Parquet, beside what its readers see, or finds it complete already.
 * @throws IntegrityError when rows are missing, or a part that was recorded is gone
 */
export const writeCurated =
  (dependencies: Dependencies) =>
  async ({ table, ...delivery }: DeliveryRef & { table: string }): Promise<Amount> => {
    const { pipelines, store, engine, version } = dependencies;
    const pipeline = findPipeline(pipelines, delivery.pipeline);
    const curation = requireCuration(await readCurations(dependencies, pipeline), pipeline, table);
    const { log, curated } = pipeline.areas;
    const recordKey = snapshotRecordKey(pipeline, table, curation.snapshot);
    let record = await findRecord<SnapshotRecord>(store, log, recordKey);
    const isComplete = record !== undefined && (await hasAllParts(dependencies, curated, record));
    if (!record || !isComplete) {
      const target = { bucket: curated, prefix: snapshotPrefix(pipeline, table, curation.snapshot) };
      const task = { pipeline: pipeline.name, table, inputs: curation.inputs, target, version };
      record = { ...(await engine.writeCurated(task, taskOptions())), version };
      const expected = curation.inputs.reduce((sum, { rows }) => sum + rows, 0);
      if (record.rows !== expected) throw rowsLost(table, expected, record.rows);
      await writeRecord(store, log, recordKey, record);
    }
    return {
      files: record.parts.length,
      rows: record.rows,
      bytes: record.parts.reduce((sum, { bytes }) => sum + bytes, 0),
    };
  };

async function hasAllParts(
  { store }: Dependencies,
  bucket: string,
  record: SnapshotRecord,
): Promise<boolean> {
  for (const { key, bytes } of record.parts) {
    const stored = await store.head({ bucket, key }, { signal: cancellationSignal() });
    if (stored?.size !== bytes) return false;
  }
  return true;
}

function rowsLost(table: string, expected: number, rows: number): IntegrityError {
  return new IntegrityError({
    happened: `Table "${table}": ${expected} rows are processed, but ${rows} were written to curated.`,
    unchanged: 'Nothing was published: readers see the table as it was.',
    next: 'Please report this: Landfall counts every row so that this cannot pass unseen.',
  });
}
