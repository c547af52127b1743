import { findPipeline } from '../../definition/load-pipelines';
import type { DeliveryRef } from '../../layout/delivery';
import { cancellationSignal, currentProgress } from '../context';
import type { Dependencies } from '../dependencies';
import { readDeliveryRecord, type ArchivedRecord } from '../records';
import { sourceOf } from './source-of';

/**
 * Deletes from land (or quarantine, when it was taken from there) what is verified in raw-hist, and only those versions:
 * what was uploaded since stays and is the next delivery, what is locked stays hidden. `archived.json` must be there.
 */
export const deleteFromLand =
  ({ pipelines, store, logger }: Dependencies) =>
  async (delivery: DeliveryRef): Promise<{ deleted: number; kept: number; locked?: number }> => {
    const pipeline = findPipeline(pipelines, delivery.pipeline);
    const { files, notes } = await readDeliveryRecord<ArchivedRecord>(
      store,
      pipeline,
      delivery.fileLandTimestamp,
      'archived',
    );
    const progress = currentProgress();
    let kept = 0;
    let locked = 0;
    const objects = [...files, ...notes];
    for (const object of objects) {
      const { key } = object;
      const outcome = await store.delete(sourceOf(pipeline, object), { signal: cancellationSignal() });
      if (outcome === 'changed') {
        kept += 1;
        logger.info(
          { ...delivery, key },
          'uploaded again since it was archived; kept in land as part of the next delivery',
        );
      }
      if (outcome === 'locked') {
        locked += 1;
        logger.warn(
          { ...delivery, key },
          'archived, and kept in land by Object Lock or a legal hold; a delete marker hides it, so that it is not taken again',
        );
      }
      progress.files += 1;
    }
    return { deleted: objects.length - kept - locked, kept, ...(locked > 0 ? { locked } : {}) };
  };
