import { isDeepStrictEqual } from 'node:util';
import type { CatalogueColumn, CatalogueDatabase, CatalogueTable } from '../../adapters/catalogue';
import { addedColumns } from '../../definition/added-columns';
import { glueType } from '../../definition/column-type';
import { LAND_TIMESTAMP_COLUMN, type Pipeline, type Table } from '../../definition/pipeline';
import { findPipeline } from '../../definition/load-pipelines';
import { IntegrityError } from '../../errors';
import type { DeliveryRef } from '../../layout/delivery';
import { batchRecordKey } from '../../layout/log-keys';
import { snapshotPrefix } from '../../layout/object-keys';
import { cancellationSignal, currentRunId } from '../context';
import {
  readCurations,
  requireCuration,
  type CurationRecord,
  type TableCuration,
} from '../curated/plan-curation';
import { listProcessed } from '../curated/processed-index';
import { readSnapshot } from '../curated/snapshot-record';
import type { Dependencies } from '../dependencies';
import { writeRecordOnce } from '../records';
import type { PublicationReport } from '../report/report';
import { claimPublish } from './publishes';

export type Publication = Pick<PublicationReport, 'glue' | 'locations' | 'publish'>;

/** Points Glue at this run's snapshots, so that the database equals its declaration in code: nothing stale, nothing extra. */
export const publishDatabase =
  (dependencies: Dependencies) =>
  async (delivery: DeliveryRef): Promise<void> => {
    const { pipelines, store, catalogue, version } = dependencies;
    const pipeline = findPipeline(pipelines, delivery.pipeline);
    const planned = await readCurations(dependencies, pipeline);
    const tables: CatalogueTable[] = [];
    for (const table of pipeline.tables) {
      const curation = requireCuration(planned, pipeline, table.name);
      const { rows } = await readSnapshot(store, pipeline, table.name, curation.snapshot);
      tables.push(declareTable(pipeline, table, curation, { rows, version }));
    }
    const database: CatalogueDatabase = {
      name: pipeline.database,
      ...(pipeline.description === undefined ? {} : { description: pipeline.description }),
      tables,
    };
    let publish: number | undefined;
    const confirm = async (): Promise<void> => {
      await requireCurrent(dependencies, pipeline, delivery, planned);
      const { fileLandTimestamp } = delivery;
      const at = new Date().toISOString();
      const record = { kind: 'run', fileLandTimestamp, run: currentRunId(), at, version, database } as const;
      publish = await claimPublish(store, pipeline, { format: 1, ...record }, planned.publish);
    };
    const glue = await catalogue.publishDatabase(database, { signal: cancellationSignal(), confirm });
    const locations = Object.fromEntries(tables.map(({ name, location }) => [name, location]));
    const publication: Publication = { glue, locations, ...(publish === undefined ? {} : { publish }) };
    await writeRecordOnce(
      store,
      pipeline.areas.log,
      batchRecordKey(pipeline, currentRunId(), 'glue', 0),
      publication,
    );
  };

/** An attempt that wakes up after a later delivery was processed would move its readers back. */
async function requireCurrent(
  { store }: Dependencies,
  pipeline: Pipeline,
  { fileLandTimestamp }: DeliveryRef,
  { basis }: CurationRecord,
): Promise<void> {
  if (isDeepStrictEqual(await listProcessed(store, pipeline), basis)) return;
  throw new IntegrityError({
    happened: `Delivery ${fileLandTimestamp} of pipeline "${pipeline.name}" is not published by this run: since it planned its tables, something else was processed.`,
    unchanged: 'Readers see what they saw.',
    next: 'If the delivery is not published by another run, run the pipeline again: the tables are planned afresh.',
  });
}

function declareTable(
  pipeline: Pipeline,
  table: Table,
  { snapshot, parts }: TableCuration,
  { rows, version }: { rows: number; version: string },
): CatalogueTable {
  const columns: CatalogueColumn[] = table.processedColumns.map(({ name, type, description }) => ({
    name,
    type: glueType(type),
    ...(description === undefined ? {} : { comment: description }),
  }));
  columns.push(...addedColumns(pipeline).map(({ name, comment }) => ({ name, type: 'string', comment })), {
    name: LAND_TIMESTAMP_COLUMN,
    type: 'bigint',
    comment: 'When the row landed, in UTC epoch seconds',
  });
  const keyIsCurated = table.primaryKey.every((name) => columns.some((column) => column.name === name));
  return {
    name: table.name,
    ...(table.description === undefined ? {} : { description: table.description }),
    columns,
    partitionKeys: [],
    location: `s3://${pipeline.areas.curated}/${snapshotPrefix(pipeline, table.name, snapshot)}`,
    parameters: {
      'landfall.pipeline': pipeline.name,
      'landfall.version': version,
      'landfall.snapshot': snapshot,
      'landfall.file_land_timestamp': String(parts.at(-1)?.inputs.at(-1)?.fileLandTimestamp ?? ''),
      'landfall.rows': String(rows),
      ...(table.primaryKey.length > 0 && keyIsCurated ? { primary_key: table.primaryKey.join(',') } : {}),
    },
  };
}
