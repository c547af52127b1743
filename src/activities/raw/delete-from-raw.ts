import { findPipeline } from '../../definition/load-pipelines';
import type { DeliveryRef } from '../../layout/delivery';
import { cancellationSignal, currentProgress } from '../context';
import type { Dependencies } from '../dependencies';
import { readDeliveryRecord, type ProcessedRecord } from '../records';

/** Deletes the delivery from raw once all of it is recorded in processed; raw-hist keeps it. */
export const deleteFromRaw =
  ({ pipelines, store }: Dependencies) =>
  async (delivery: DeliveryRef): Promise<void> => {
    const pipeline = findPipeline(pipelines, delivery.pipeline);
    const bucket = pipeline.areas.raw;
    if (bucket === undefined) return;
    const { files } = await readDeliveryRecord<ProcessedRecord>(
      store,
      pipeline,
      delivery.fileLandTimestamp,
      'processed',
    );
    const progress = currentProgress();
    const signal = cancellationSignal();
    for (const { archiveKey: key } of files) {
      const stored = await store.head({ bucket, key }, { signal });
      if (stored) await store.delete({ ...stored, bucket, key }, { signal });
      progress.files += 1;
    }
  };
