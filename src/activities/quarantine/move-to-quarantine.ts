import type { ObjectStore, PinnedObject } from '../../adapters/object-store';
import type { Pipeline } from '../../definition/pipeline';
import { findPipeline } from '../../definition/load-pipelines';
import type { DeliveryRef } from '../../layout/delivery';
import { deliveryRecordKey } from '../../layout/log-keys';
import { unclaimedKey } from '../../layout/object-keys';
import { cancellationSignal, currentProgress } from '../context';
import { copyVerified } from '../copy-verified';
import { settleDelivery, supersededBy } from '../deliveries';
import type { Dependencies } from '../dependencies';
import { claimFile } from '../land/claim-file';
import { landedObject } from '../land/source-of';
import { hashObject } from '../verify-stored';
import {
  findDeliveryRecord,
  readDeliveryRecord,
  writeRecordOnce,
  type Manifest,
  type QuarantinedRecord,
} from '../records';

/**
 * Moves a refused delivery, whole, from land to quarantine: each pinned version is copied and verified, that is recorded,
 * and only then land is cleared of just those versions. `refused.json` must be there.
 *
 * @throws IntegrityError when quarantine holds something else under one of the keys
 * @throws SourceChangedError when its files were taken as another delivery meanwhile
 */
export const moveToQuarantine =
  ({ pipelines, store, logger }: Dependencies) =>
  async (delivery: DeliveryRef): Promise<{ files: number }> => {
    const pipeline = findPipeline(pipelines, delivery.pipeline);
    const { fileLandTimestamp } = delivery;
    const write = (record: 'quarantined' | 'cleared', content: object) =>
      writeRecordOnce(
        store,
        pipeline.areas.log,
        deliveryRecordKey(pipeline, fileLandTimestamp, record),
        content,
      );
    const manifest = await readDeliveryRecord<Manifest>(store, pipeline, fileLandTimestamp, 'manifest');
    const done = await findDeliveryRecord(store, pipeline, fileLandTimestamp, 'quarantined');
    if (!done) {
      const files = await copyAll(store, pipeline, manifest);
      const record: QuarantinedRecord = { files };
      const settled = await settleDelivery(store, pipeline, fileLandTimestamp, { as: 'quarantined', record });
      if (settled.as === 'superseded') throw supersededBy(fileLandTimestamp, settled.by);
      // What an earlier release settled has no record with it.
      if (settled.as === 'quarantined' && !settled.record) await write('quarantined', record);
    }
    for (const object of manifest.objects) {
      const outcome = await store.delete(landedObject(pipeline, object), { signal: cancellationSignal() });
      if (outcome === 'locked')
        logger.warn(
          { ...delivery, key: object.key },
          'in quarantine, and kept in land by Object Lock or a legal hold; a delete marker hides it',
        );
    }
    await write('cleared', {});
    return { files: manifest.objects.length };
  };

async function copyAll(
  store: ObjectStore,
  pipeline: Pipeline,
  { fileLandTimestamp, objects }: Manifest,
): Promise<QuarantinedRecord['files']> {
  const bucket = pipeline.areas.quarantine;
  if (bucket === undefined) throw new Error(`pipeline ${pipeline.name} has no quarantine`);
  const progress = currentProgress();
  const copied: QuarantinedRecord['files'] = [];
  const taken = new Set<string>();
  for (const [place, object] of objects.entries()) {
    const claimed = claimFile(pipeline, fileLandTimestamp, object);
    const own = 'code' in claimed ? undefined : claimed.archiveKey;
    const key = own === undefined || taken.has(own) ? unclaimedKey(pipeline, fileLandTimestamp, place) : own;
    taken.add(key);
    const source = landedObject(pipeline, object);
    const sha256 = await hashOf(store, source, { bucket, key });
    await copyVerified(store, source, { bucket, key }, { area: 'quarantine', origin: source, sha256 });
    copied.push({ key: object.key, quarantineKey: key, sha256 });
    progress.files += 1;
    progress.bytes += object.size;
  }
  return copied;
}

/** Of the very version that is copied; an attempt that comes late finds it written down with the copy. */
async function hashOf(
  store: ObjectStore,
  source: PinnedObject,
  target: { bucket: string; key: string },
): Promise<string> {
  const signal = cancellationSignal();
  const copy = await store.head(target, { signal });
  const known = copy?.metadata['landfall-sha256'];
  if (known !== undefined) return known;
  return (await hashObject(store, source, signal)).sha256;
}
