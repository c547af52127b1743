import type { ObjectStore } from '../../adapters/object-store';
import type { Pipeline } from '../../definition/pipeline';
import { findPipeline, isDelta } from '../../definition/find-pipeline';
import type { ProcessedFile } from '../../engine/tasks';
import type { DeliveryRef } from '../../layout/delivery';
import { batchRecordKey, deliveryRecordKey } from '../../layout/log-keys';
import { cancellationSignal, currentProgress, currentRunId } from '../context';
import { findPublishedHoldings, type PublishedHoldings } from '../curated/published-holdings';
import { readCurations, type TableCuration } from '../curated/plan-curation';
import { inputsOf } from '../curated/plan-parts';
import { listDeliveries } from '../deliveries';
import type { Dependencies } from '../dependencies';
import { syncAreas } from '../glue/areas/sync-areas';
import { writeRecord } from '../records';

/** `emptied.json`: what of the delivery's processed objects is transient is deleted. */
export interface EmptiedRecord {
  /** The workflow run that did it. */
  by: string;
  deleted: number;
  /** Other objects than those whose rows are published. */
  kept: number;
}

export type ProcessedDeletion = Pick<EmptiedRecord, 'deleted' | 'kept'>;

const beginKey = (pipeline: Pipeline): string =>
  batchRecordKey(pipeline, currentRunId(), 'deleted-from-processed', 0);

/** Whether this run has begun to delete its delivery: what an attempt writes to processed from then on, nobody deletes any more. */
export const hasBegunToDelete = async (store: ObjectStore, pipeline: Pipeline): Promise<boolean> =>
  (await store.head({ bucket: pipeline.areas.log, key: beginKey(pipeline) })) !== undefined;

/**
 * Deletes what was processed of tables in mode `delta`, once the snapshots that readers see hold the very rows and are read
 * back as they were written: of this delivery, and of earlier ones whose run ended before it could. What is there by now
 * with other content stays.
 * @throws IntegrityError when a published Parquet file is not what was written; nothing is deleted then
 */
export const deleteFromProcessed =
  (dependencies: Dependencies) =>
  async (delivery: DeliveryRef): Promise<ProcessedDeletion> => {
    const { store } = dependencies;
    const pipeline = findPipeline(dependencies.pipelines, delivery.pipeline);
    const { curations } = await readCurations(dependencies, pipeline);
    const known = await listDeliveries(store, pipeline);
    const transient = groupByDelivery(pipeline, curations);
    for (const timestamp of transient.keys())
      if (timestamp !== delivery.fileLandTimestamp && known.get(timestamp)?.has('emptied'))
        transient.delete(timestamp);
    const holdings = await findPublishedHoldings(dependencies, pipeline);
    const sum = { deleted: 0, kept: 0 };
    const leaving = new Map<number, ProcessedFile[]>();
    for (const [timestamp, tables] of transient) {
      const files = [...tables.values()].flat();
      if (await holdsAll(holdings, tables)) leaving.set(timestamp, files);
      else sum.kept += files.length;
    }
    if (leaving.has(delivery.fileLandTimestamp))
      await writeRecord(store, pipeline.areas.log, beginKey(pipeline), {});
    await syncAreas(dependencies, pipeline, ['processed'], {
      leaving: new Set(leaving.keys()),
      signal: cancellationSignal(),
    });
    for (const [timestamp, files] of leaving) {
      const { deleted, kept } = await deleteHeld(store, pipeline, timestamp, files);
      sum.deleted += deleted;
      sum.kept += kept;
    }
    return sum;
  };

type FilesByTable = Map<string, ProcessedFile[]>;

/** By timestamp, the transient files of each table that is in mode `delta` still. */
function groupByDelivery(pipeline: Pipeline, curations: readonly TableCuration[]): Map<number, FilesByTable> {
  const deliveries = new Map<number, FilesByTable>();
  for (const { table, parts } of curations) {
    if (!isDelta(pipeline, table)) continue;
    for (const input of inputsOf(parts)) {
      // What is read from raw-hist stays there, whatever the mode.
      if (!input.isTransient || input.fileName !== undefined) continue;
      const tables = deliveries.get(input.fileLandTimestamp) ?? new Map<string, ProcessedFile[]>();
      deliveries.set(input.fileLandTimestamp, tables);
      const files = tables.get(table) ?? [];
      tables.set(table, files);
      files.push(input);
    }
  }
  return deliveries;
}

/** All of a delivery is deleted or, where a table of it is not published as it was processed, nothing. */
async function holdsAll(holdings: PublishedHoldings, tables: FilesByTable): Promise<boolean> {
  for (const [table, files] of tables) if (!(await holdings.hold(table, files))) return false;
  return true;
}

async function deleteHeld(
  store: ObjectStore,
  pipeline: Pipeline,
  fileLandTimestamp: number,
  files: readonly ProcessedFile[],
): Promise<ProcessedDeletion> {
  const progress = currentProgress();
  const signal = cancellationSignal();
  let kept = 0;
  for (const { bucket, key, contentSha256 } of files) {
    const stored = await store.head({ bucket, key }, { signal });
    const isOther = stored && stored.metadata['landfall-content-sha256'] !== contentSha256;
    if (isOther) kept += 1;
    else if (stored && (await store.delete({ ...stored, bucket, key }, { signal })) === 'changed') kept += 1;
    progress.files += 1;
  }
  const record: EmptiedRecord = { by: currentRunId(), deleted: files.length - kept, kept };
  const key = deliveryRecordKey(pipeline, fileLandTimestamp, 'emptied');
  await writeRecord(store, pipeline.areas.log, key, record);
  return record;
}
