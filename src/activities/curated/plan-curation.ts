import { createHash } from 'node:crypto';
import { glueType } from '../../definition/column-type';
import type { Pipeline, Table } from '../../definition/define-pipeline';
import { findPipeline } from '../../definition/load-pipelines';
import type { ProcessedFile } from '../../engine/tasks';
import type { DeliveryRef } from '../../layout/delivery';
import {
  batchRecordKey,
  deliveriesPrefix,
  parseDeliveryRecordKey,
  snapshotRecordKey,
} from '../../layout/log-keys';
import { currentRunId } from '../context';
import type { Dependencies } from '../dependencies';
import { findRecord, readDeliveryRecord, readRecord, writeRecord, type ProcessedRecord } from '../records';

/** What a curated table is made of. The snapshot's name follows from it, so the same content is never written twice. */
export interface TableCuration {
  table: string;
  snapshot: string;
  inputs: ProcessedFile[];
}

export interface CurationStep {
  table: string;
  rows: number;
  /** The snapshot is complete from an earlier run: nothing of it changed. */
  isCurrent: boolean;
}

// Raised when the way Parquet is written changes, so that snapshots are made anew.
const PARQUET_LAYOUT = 1;

const curationKey = (pipeline: Pipeline): string => batchRecordKey(pipeline, currentRunId(), 'curated', 0);

/** Decides what each curated table is made of: all that was ever processed (mode `rebuild`). */
export const planCuration =
  ({ pipelines, store }: Dependencies) =>
  async (delivery: DeliveryRef): Promise<CurationStep[]> => {
    const pipeline = findPipeline(pipelines, delivery.pipeline);
    const timestamps: number[] = [];
    for await (const { key } of store.list(pipeline.areas.log, deliveriesPrefix(pipeline))) {
      const parsed = parseDeliveryRecordKey(pipeline, key);
      if (parsed?.record === 'processed') timestamps.push(parsed.fileLandTimestamp);
    }
    timestamps.sort((a, b) => a - b);
    const inputs = new Map<string, ProcessedFile[]>(pipeline.tables.map(({ name }) => [name, []]));
    for (const fileLandTimestamp of timestamps) {
      const { files } = await readDeliveryRecord<ProcessedRecord>(
        store,
        pipeline,
        fileLandTimestamp,
        'processed',
      );
      for (const { table, processedKey: key, processedRows: rows, contentSha256 } of files) {
        inputs
          .get(table)
          ?.push({ bucket: pipeline.areas.processed, key, fileLandTimestamp, rows, contentSha256 });
      }
    }
    const curations = pipeline.tables.map((table) => curate(pipeline, table, inputs.get(table.name) ?? []));
    await writeRecord(store, pipeline.areas.log, curationKey(pipeline), { curations });
    return Promise.all(
      curations.map(async ({ table, snapshot, inputs: files }) => ({
        table,
        rows: files.reduce((sum, { rows }) => sum + rows, 0),
        isCurrent:
          (await findRecord(store, pipeline.areas.log, snapshotRecordKey(pipeline, table, snapshot))) !==
          undefined,
      })),
    );
  };

function curate(pipeline: Pipeline, table: Table, inputs: ProcessedFile[]): TableCuration {
  const declaration = {
    layout: PARQUET_LAYOUT,
    columns: table.processedColumns.map(({ name, type }) => [name, glueType(type)]),
    versionColumn: pipeline.versionColumn,
    sortBy: table.sortBy,
    inputs: inputs.map(({ fileLandTimestamp, rows, contentSha256 }) => [
      fileLandTimestamp,
      rows,
      contentSha256,
    ]),
  };
  const snapshot = createHash('sha256').update(JSON.stringify(declaration)).digest('hex').slice(0, 16);
  return { table: table.name, snapshot, inputs };
}

/** What `planCuration` decided in this run. */
export async function readCurations({ store }: Dependencies, pipeline: Pipeline): Promise<TableCuration[]> {
  const { curations } = await readRecord<{ curations: TableCuration[] }>(
    store,
    pipeline.areas.log,
    curationKey(pipeline),
  );
  return curations;
}
