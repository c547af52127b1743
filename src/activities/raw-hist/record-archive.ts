import { findPipeline } from '../../definition/load-pipelines';
import type { Pipeline } from '../../definition/pipeline';
import { IntegrityError } from '../../errors';
import type { DeliveryRef } from '../../layout/delivery';
import { deliveryRecordKey } from '../../layout/log-keys';
import { readBatchRecords, readDecision, readPlan } from '../batch';
import { copyVerified } from '../copy-verified';
import { settleDelivery, supersededBy } from '../deliveries';
import { cancellationSignal, currentRunId } from '../context';
import type { Dependencies } from '../dependencies';
import { headersOf } from '../glue/areas/find-partitions';
import { syncAreas } from '../glue/areas/sync-areas';
import { landedObject, sourceOf } from '../land/source-of';
import { readVolumes } from '../land/weigh-delivery';
import {
  readDeliveryRecord,
  writeRecordOnce,
  type ArchivedFile,
  type ArchivedRecord,
  type Manifest,
} from '../records';

/**
 * Archives the delivery's markers and manifests beside its files, and records that the whole of it is verified in
 * raw-hist; only then may land be deleted.
 * @throws IntegrityError when a pinned object is not among what was archived
 * @throws SourceChangedError when its files were taken as another delivery meanwhile
 */
export const recordArchive =
  (dependencies: Dependencies) =>
  async (delivery: DeliveryRef): Promise<void> => {
    const pipeline = findPipeline(dependencies.pipelines, delivery.pipeline);
    await archive(dependencies, pipeline, delivery);
    await syncAreas(dependencies, pipeline, ['rawHist'], { signal: cancellationSignal() });
  };

async function archive(dependencies: Dependencies, pipeline: Pipeline, delivery: DeliveryRef): Promise<void> {
  const { store } = dependencies;
  const manifest = await readDeliveryRecord<Manifest>(
    store,
    pipeline,
    delivery.fileLandTimestamp,
    'manifest',
  );
  const plan = await readPlan(dependencies, delivery.pipeline);
  for (const note of plan.notes) {
    const target = { bucket: pipeline.areas.rawHist, key: note.archiveKey };
    await copyVerified(store, sourceOf(pipeline, note), target, {
      area: 'raw-hist',
      origin: landedObject(pipeline, note),
      sha256: note.sha256,
    });
  }
  const { leftOut: tables, accepted } = await readDecision(dependencies, pipeline);
  const files = await readBatchRecords<ArchivedFile>(dependencies, pipeline, 'raw-hist', tables);
  const leftOut = plan.files.flatMap(({ key, table }) => (tables.includes(table) ? key : []));
  const archived = new Set([...[...files, ...plan.notes].map(({ key }) => key), ...leftOut]);
  const missing = manifest.objects.find(({ key }) => !archived.has(key));
  if (missing) {
    throw new IntegrityError({
      happened: `${missing.key} was pinned with delivery ${delivery.fileLandTimestamp} but not archived.`,
      unchanged: 'Land is as it was.',
      next: 'Run the pipeline again.',
    });
  }
  const record: ArchivedRecord = {
    contentDigest: manifest.contentDigest,
    checkedBy: currentRunId(),
    files,
    notes: plan.notes,
    volumes: await readVolumes(store, pipeline),
    columns: Object.fromEntries(pipeline.tables.map((table) => [table.name, headersOf(table)])),
    ...(leftOut.length > 0 ? { leftOut } : {}),
    ...(plan.accepted ? { accepted: { ...plan.accepted, findings: accepted } } : {}),
  };
  const { fileLandTimestamp } = delivery;
  const settled = await settleDelivery(store, pipeline, fileLandTimestamp, { as: 'archived', record });
  if (settled.as === 'superseded') throw supersededBy(fileLandTimestamp, settled.by);
  if (settled.as === 'archived' && settled.record) return;
  // What was in quarantine was settled as that; what an earlier release settled has no record with it.
  const key = deliveryRecordKey(pipeline, fileLandTimestamp, 'archived');
  await writeRecordOnce(store, pipeline.areas.log, key, record);
}
