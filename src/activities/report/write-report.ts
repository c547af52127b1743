import type { ObjectStore } from '../../adapters/object-store';
import { findPipeline } from '../../definition/load-pipelines';
import type { Pipeline } from '../../definition/pipeline';
import type { DeliveryRef, DerivedResult, RunResult, TableResult } from '../../layout/delivery';
import { batchRecordKey, deliveryRecordKey } from '../../layout/log-keys';
import { accountForRows } from '../account-for-rows';
import { currentRunId } from '../context';
import { accountForMerged } from '../curated/account-for-merged';
import { readCurations, type CurationRecord } from '../curated/plan-curation';
import { requireDerivation } from '../curated/require-derivation';
import { requireSnapshot } from '../curated/snapshot-record';
import { findTableOf } from '../land/claim-file';
import type { Dependencies } from '../dependencies';
import { readTableChecks } from '../glue/reader-check/check-records';
import type { Publication } from '../glue/publish-database';
import {
  readDeliveryRecord,
  readRecord,
  writeRecord,
  type ArchivedRecord,
  type ProcessedFileRecord,
  type ProcessedRecord,
} from '../records';
import type { FileReport, PublicationReport } from './report';
import { sumCounters } from './sum-counters';
import { locateReport } from './write-validation-report';

/**
 * Accounts for every row, writes the run's report, and by it records that the delivery is complete.
 * @throws IntegrityError when landed + added by transform = processed + rejected does not hold for a file, or
 * processed = curated + superseded + deleted for a table with one row a key
 */
export const writeReport =
  (dependencies: Dependencies) =>
  async (delivery: DeliveryRef): Promise<RunResult> => {
    const { pipelines, store, version } = dependencies;
    const pipeline = findPipeline(pipelines, delivery.pipeline);
    const { fileLandTimestamp } = delivery;
    const archived = await readDeliveryRecord<ArchivedRecord>(store, pipeline, fileLandTimestamp, 'archived');
    const { files: processed } = await readDeliveryRecord<ProcessedRecord>(
      store,
      pipeline,
      delivery.fileLandTimestamp,
      'processed',
    );
    const files = processed.map((file) => reportFile(pipeline, file));
    const planned = await readCurations(dependencies, pipeline);
    const publication = await readRecord<Publication>(
      store,
      pipeline.areas.log,
      batchRecordKey(pipeline, currentRunId(), 'glue', 0),
    );
    const key = deliveryRecordKey(pipeline, delivery.fileLandTimestamp, 'published');
    const tables = await Promise.all(
      pipeline.tables.map(async ({ name }) => {
        const curation = planned.curations.find(({ table }) => table === name);
        if (!curation) return sumTable(name, files, 0, undefined);
        const record = await requireSnapshot(store, pipeline, name, curation.snapshot);
        return sumTable(name, files, record.rows, accountForMerged(name, curation.parts, record));
      }),
    );
    const result: RunResult = {
      ...delivery,
      outcome: 'published',
      database: pipeline.database,
      version,
      files: files.length,
      bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
      tables,
      ...(pipeline.derived.length > 0 && { derived: await countDerived(store, pipeline, planned) }),
      report: `s3://${pipeline.areas.log}/${key}`,
      validation: locateReport(pipeline, archived.checkedBy).page,
      ...describeLeftOut(pipeline, archived),
    };
    const report: PublicationReport = {
      format: 1,
      result,
      files,
      notes: archived.notes.map(({ key: file, archiveKey, size: bytes, sha256 }) => ({
        file,
        archived: archiveKey,
        bytes,
        sha256,
      })),
      volumes: archived.volumes,
      ...publication,
      ...(pipeline.readerCheck ? { readerCheck: await readTableChecks(store, pipeline) } : {}),
      ...(archived.accepted ? { accepted: archived.accepted } : {}),
    };
    await writeRecord(store, pipeline.areas.log, key, report);
    return result;
  };

const countDerived = (
  store: ObjectStore,
  pipeline: Pipeline,
  planned: CurationRecord,
): Promise<DerivedResult[]> =>
  Promise.all(
    pipeline.derived.map(async ({ name: table }) => {
      const { snapshot } = requireDerivation(planned, pipeline, table);
      const { rows } = await requireSnapshot(store, pipeline, table, snapshot);
      return { table, rows };
    }),
  );

function describeLeftOut(
  pipeline: Pipeline,
  { leftOut: keys, checkedBy }: Pick<ArchivedRecord, 'leftOut' | 'checkedBy'>,
): Pick<RunResult, 'leftOut'> {
  if (keys === undefined) return {};
  const tables = keys.flatMap((key) => findTableOf(pipeline, { table: '', key }) ?? []);
  const locations = locateReport(pipeline, checkedBy);
  return { leftOut: { tables: [...new Set(tables)], files: keys.length, ...locations } };
}

function reportFile(pipeline: Pipeline, file: ProcessedFileRecord): FileReport {
  const rows = accountForRows(pipeline, file);
  return {
    table: file.table,
    file: file.key,
    archived: file.archiveKey,
    processed: file.objects.map(({ key }) => key),
    ...(rows.rejected > 0 ? { rejects: file.processedKey } : {}),
    bytes: file.size,
    sha256: file.sha256,
    rows,
    ...(file.counters === undefined ? {} : { counters: file.counters }),
  };
}

function sumTable(
  table: string,
  all: readonly FileReport[],
  published: number,
  merged: TableResult['merged'],
): TableResult {
  const files = all.filter((file) => file.table === table);
  const sum = (of: keyof FileReport['rows']): number =>
    files.reduce((total, { rows }) => total + rows[of], 0);
  return {
    table,
    files: files.length,
    landed: sum('landed'),
    processed: sum('processed'),
    rejected: sum('rejected'),
    addedByTransform: sum('addedByTransform'),
    published,
    ...(merged && { merged }),
    ...sumCounters(files),
  };
}
