import { findPipeline } from '../../definition/load-pipelines';
import type { DeliveryRef } from '../../layout/delivery';
import { deliveryRecordKey } from '../../layout/log-keys';
import { readBatchRecords } from '../batch';
import type { Dependencies } from '../dependencies';
import { writeRecord, type ProcessedFileRecord, type ProcessedRecord } from '../records';

/** Records that the whole delivery is in processed; from now on curated tables are made with it. */
export const recordProcessed =
  (dependencies: Dependencies) =>
  async ({ batches, ...delivery }: DeliveryRef & { batches: number }): Promise<void> => {
    const { pipelines, store, version } = dependencies;
    const pipeline = findPipeline(pipelines, delivery.pipeline);
    const files = await readBatchRecords<ProcessedFileRecord>(dependencies, pipeline, 'processed', batches);
    const record: ProcessedRecord = { version, files };
    await writeRecord(
      store,
      pipeline.areas.log,
      deliveryRecordKey(pipeline, delivery.fileLandTimestamp, 'processed'),
      record,
    );
  };
