import { findPipeline } from '../../definition/load-pipelines';
import { IntegrityError } from '../../errors';
import type { DeliveryRef } from '../../layout/delivery';
import { deliveryRecordKey } from '../../layout/log-keys';
import { accountForRows } from '../account-for-rows';
import { readBatchRecords, readDecision, readPlan } from '../batch';
import { cancellationSignal } from '../context';
import type { Dependencies } from '../dependencies';
import { findTableOf } from '../land/claim-file';
import { syncAreas } from '../glue/areas/sync-areas';
import { refuseProcessedAgain } from './refuse-processed-again';
import {
  readDeliveryRecord,
  writeRecord,
  type ArchivedRecord,
  type ProcessedFileRecord,
  type ProcessedRecord,
} from '../records';

/**
 * Records that the whole delivery is in processed, but for tables that are curated from raw-hist; from now on curated tables
 * are made with it, and raw is deleted.
 * @throws DefinitionError when a table has other rows of the delivery already, which cannot be taken out of it
 * @throws IntegrityError when an archived file is not among what was processed, or rows of one are unaccounted for
 */
export const recordProcessed =
  (dependencies: Dependencies) =>
  async (delivery: DeliveryRef): Promise<void> => {
    const { pipelines, store, version } = dependencies;
    const pipeline = findPipeline(pipelines, delivery.pipeline);
    const { fileLandTimestamp } = delivery;
    const archived = await readDeliveryRecord<ArchivedRecord>(store, pipeline, fileLandTimestamp, 'archived');
    const { leftOut } = await readDecision(dependencies, pipeline);
    const { unprocessed = [] } = await readPlan(dependencies, pipeline.name);
    const without = [...leftOut, ...unprocessed];
    const files = await readBatchRecords<ProcessedFileRecord>(dependencies, pipeline, 'processed', without);
    for (const file of archived.files) {
      const table = findTableOf(pipeline, file);
      if (table !== undefined && unprocessed.includes(table))
        files.push({ ...file, table, objects: [], isUnprocessed: true });
    }
    const processed = new Set(files.map(({ key }) => key));
    const missing = archived.files.find(({ key }) => !processed.has(key));
    if (missing) {
      throw new IntegrityError({
        happened: `${missing.key} was archived with delivery ${fileLandTimestamp} but not processed.`,
        unchanged: 'Nothing was published, and raw-hist is as it was.',
        next: 'Run the pipeline again.',
      });
    }
    for (const file of files) accountForRows(pipeline, file);
    await refuseProcessedAgain(dependencies, pipeline, fileLandTimestamp, files);
    const record: ProcessedRecord = { version, files };
    await writeRecord(
      store,
      pipeline.areas.log,
      deliveryRecordKey(pipeline, fileLandTimestamp, 'processed'),
      record,
    );
    // Raw-hist too: an archive whose own attempt ended before it was in step, or of a release before the pipeline wanted it.
    await syncAreas(dependencies, pipeline, ['rawHist', 'processed'], { signal: cancellationSignal() });
  };
