import { createHash } from 'node:crypto';
import type { ObjectStore } from '../../adapters/object-store';
import { glueType } from '../../definition/column-type';
import type { Pipeline, Table } from '../../definition/pipeline';
import { findPipeline } from '../../definition/load-pipelines';
import type { ProcessedFile } from '../../engine/tasks';
import { DefinitionError } from '../../errors';
import type { DeliveryRef } from '../../layout/delivery';
import {
  batchRecordKey,
  deliveriesPrefix,
  parseDeliveryRecordKey,
  snapshotRecordKey,
} from '../../layout/log-keys';
import { currentRunId } from '../context';
import type { Dependencies } from '../dependencies';
import { findTableOf } from '../land/claim-file';
import {
  findRecord,
  readDeliveryRecord,
  readRecord,
  writeRecordOnce,
  type ProcessedRecord,
} from '../records';

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

/** What a run decided: kept by workflow run, so that a late attempt finds what its own run was to do. */
export interface CurationRecord {
  curations: TableCuration[];
  /** The `processed.json` of every delivery that the tables are made of, by timestamp, with its ETag. */
  basis: Record<string, string>;
}

const curationKey = (pipeline: Pipeline): string => batchRecordKey(pipeline, currentRunId(), 'curated', 0);

/** Decides what each curated table is made of: all that was ever processed (mode `rebuild`). */
export const planCuration =
  ({ pipelines, store }: Dependencies) =>
  async (delivery: DeliveryRef): Promise<CurationStep[]> => {
    const pipeline = findPipeline(pipelines, delivery.pipeline);
    const { log } = pipeline.areas;
    const basis = await listProcessed(store, pipeline);
    const inputs = await readInputs(store, pipeline, Object.keys(basis).map(Number));
    const planned: CurationRecord = {
      curations: pipeline.tables.map((table) => curate(pipeline, table, inputs.get(table.name) ?? [])),
      basis,
    };
    const isFirst = (await writeRecordOnce(store, log, curationKey(pipeline), planned)) === 'written';
    const { curations } = isFirst ? planned : await readCurations({ store }, pipeline);
    return Promise.all(
      curations.map(async ({ table, snapshot, inputs: files }) => ({
        table,
        rows: files.reduce((sum, { rows }) => sum + rows, 0),
        isCurrent: (await findRecord(store, log, snapshotRecordKey(pipeline, table, snapshot))) !== undefined,
      })),
    );
  };

/** The ETag of every delivery's `processed.json`, by timestamp. */
export async function listProcessed(
  store: ObjectStore,
  pipeline: Pipeline,
): Promise<CurationRecord['basis']> {
  const basis: CurationRecord['basis'] = {};
  for await (const { key, etag } of store.list(pipeline.areas.log, deliveriesPrefix(pipeline))) {
    const parsed = parseDeliveryRecordKey(pipeline, key);
    if (parsed?.record === 'processed') basis[parsed.fileLandTimestamp] = etag;
  }
  return basis;
}

/** The processed files of each table, in the order in which they landed; those of tables that are gone are left out. */
async function readInputs(
  store: ObjectStore,
  pipeline: Pipeline,
  timestamps: readonly number[],
): Promise<Map<string, ProcessedFile[]>> {
  const inputs = new Map<string, ProcessedFile[]>(pipeline.tables.map(({ name }) => [name, []]));
  for (const timestamp of [...timestamps].sort((a, b) => a - b)) {
    const { files } = await readDeliveryRecord<ProcessedRecord>(store, pipeline, timestamp, 'processed');
    for (const { processedKey: key, processedRows: rows, contentSha256, ...file } of files) {
      const bucket = pipeline.areas.processed;
      const table = findTableOf(pipeline, file);
      if (table !== undefined)
        inputs.get(table)?.push({ bucket, key, fileLandTimestamp: timestamp, rows, contentSha256 });
    }
  }
  return inputs;
}

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
export const readCurations = (
  { store }: Pick<Dependencies, 'store'>,
  pipeline: Pipeline,
): Promise<CurationRecord> => readRecord<CurationRecord>(store, pipeline.areas.log, curationKey(pipeline));

/**
 * What `planCuration` decided for a table.
 * @throws DefinitionError when the pipeline's code says otherwise by now: snapshot and schema would not fit together
 */
export function requireCuration(
  { curations }: CurationRecord,
  pipeline: Pipeline,
  name: string,
): TableCuration {
  const table = pipeline.tables.find((each) => each.name === name);
  const planned = curations.find((each) => each.table === name);
  if (table && planned && curate(pipeline, table, planned.inputs).snapshot === planned.snapshot)
    return planned;
  throw new DefinitionError({
    happened: `Table "${name}" of pipeline "${pipeline.name}" was declared otherwise when this run planned its curated tables: another release was deployed meanwhile.`,
    unchanged: 'Nothing was published.',
    next: 'Run the pipeline again: it goes on from raw-hist with the new release.',
  });
}
