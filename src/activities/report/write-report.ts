import { findPipeline } from '../../definition/load-pipelines';
import type { Pipeline } from '../../definition/define-pipeline';
import { IntegrityError } from '../../errors';
import type { DeliveryRef, RunResult, TableResult } from '../../layout/delivery';
import { batchRecordKey, deliveryRecordKey } from '../../layout/log-keys';
import { currentRunId } from '../context';
import { readCurations } from '../curated/plan-curation';
import type { Dependencies } from '../dependencies';
import type { Publication } from '../glue/publish-database';
import {
  readDeliveryRecord,
  readRecord,
  writeRecord,
  type ProcessedFileRecord,
  type ProcessedRecord,
} from '../records';
import type { FileReport, PublicationReport } from './report';

/**
 * Accounts for every row, writes the run's report, and by it records that the delivery is complete.
 * @throws IntegrityError when landed + added by transform = processed + rejected does not hold for a file
 */
export const writeReport =
  (dependencies: Dependencies) =>
  async (delivery: DeliveryRef): Promise<RunResult> => {
    const { pipelines, store, version } = dependencies;
    const pipeline = findPipeline(pipelines, delivery.pipeline);
    const { files: processed } = await readDeliveryRecord<ProcessedRecord>(
      store,
      pipeline,
      delivery.fileLandTimestamp,
      'processed',
    );
    const files = processed.map((file) => accountForFile(pipeline, file));
    const curations = await readCurations(dependencies, pipeline);
    const publication = await readRecord<Publication>(
      store,
      pipeline.areas.log,
      batchRecordKey(pipeline, currentRunId(), 'glue', 0),
    );
    const key = deliveryRecordKey(pipeline, delivery.fileLandTimestamp, 'published');
    const tables = pipeline.tables.map(({ name }) => {
      const published =
        curations.find(({ table }) => table === name)?.inputs.reduce((sum, { rows }) => sum + rows, 0) ?? 0;
      return sumTable(name, files, published);
    });
    const result: RunResult = {
      ...delivery,
      outcome: 'published',
      database: pipeline.database,
      version,
      files: files.length,
      bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
      tables,
      report: `s3://${pipeline.areas.log}/${key}`,
    };
    const report: PublicationReport = { format: 1, result, files, ...publication };
    await writeRecord(store, pipeline.areas.log, key, report);
    return result;
  };

function accountForFile(pipeline: Pipeline, file: ProcessedFileRecord): FileReport {
  const difference = file.processedRows - file.rows;
  const mayChange = pipeline.tables.find(({ name }) => name === file.table)?.transform?.rows === 'changed';
  if (difference !== 0 && !mayChange) {
    throw new IntegrityError({
      happened: `${file.key}: ${file.rows} rows landed, ${file.processedRows} are processed, and the pipeline does not allow for the difference.`,
      unchanged: 'raw-hist is as it was.',
      next: "If the transform is meant to leave rows out or add some, declare it with rows: 'changed'.",
    });
  }
  return {
    table: file.table,
    file: file.key,
    archived: file.archiveKey,
    processed: file.processedKey,
    bytes: file.size,
    sha256: file.sha256,
    rows: { landed: file.rows, processed: file.processedRows, rejected: 0, addedByTransform: difference },
  };
}

function sumTable(table: string, all: readonly FileReport[], published: number): TableResult {
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
  };
}
