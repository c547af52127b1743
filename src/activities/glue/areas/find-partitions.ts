import type { CataloguePartition } from '../../../adapters/catalogue';
import type { ObjectStore } from '../../../adapters/object-store';
import type { AreaDatabase } from '../../../definition/area-databases';
import type { Pipeline, Table } from '../../../definition/pipeline';
import { listProcessed, readProcessedFiles } from '../../curated/processed-index';
import { listDeliveries } from '../../deliveries';
import { findTableOf } from '../../land/claim-file';
import { readDeliveryRecord, type ArchivedRecord } from '../../records';

/** What a table is to have: what is recorded to be wholly there. */
export type AreaPartitions = ReadonlyMap<string, readonly CataloguePartition[]>;

/** A file of a delivery, and the folder that it is in. */
interface Placed {
  table: string;
  fileLandTimestamp: number;
  folder: string;
}

/**
 * The partitions of an area's tables: of raw-hist what was archived; of processed what was processed and is not deleted.
 * @param leaving deliveries whose transient objects are about to be deleted
 */
export async function findAreaPartitions(
  store: ObjectStore,
  pipeline: Pipeline,
  { area, tables }: AreaDatabase,
  leaving: ReadonlySet<number> = new Set(),
): Promise<AreaPartitions> {
  const found = new Map<string, Map<number, string>>(tables.map(({ name }) => [name, new Map()]));
  const files =
    area === 'rawHist' ? archivedFiles(store, pipeline) : processedFiles(store, pipeline, leaving);
  for await (const { table, fileLandTimestamp, folder } of files)
    found.get(table)?.set(fileLandTimestamp, `s3://${pipeline.areas[area]}/${folder}`);
  const toPartition = ([timestamp, location]: [number, string]): CataloguePartition => ({
    ...{ values: [String(timestamp)], location },
  });
  return new Map([...found].map(([table, folders]) => [table, [...folders].map(toPartition)]));
}

async function* processedFiles(
  store: ObjectStore,
  pipeline: Pipeline,
  leaving: ReadonlySet<number>,
): AsyncGenerator<Placed> {
  const known = await listDeliveries(store, pipeline);
  const processed = await readProcessedFiles(store, pipeline, await listProcessed(store, pipeline));
  for (const [fileLandTimestamp, files] of processed) {
    const isDeleted = leaving.has(fileLandTimestamp) || known.get(fileLandTimestamp)?.has('emptied') === true;
    for (const file of files) {
      const table = findTableOf(pipeline, file);
      const [object] = file.objects;
      if (table === undefined || !object || (isDeleted && file.isTransient)) continue;
      yield { table, fileLandTimestamp, folder: folderOf(object.key) };
    }
  }
}

/** What is processed is known without reading the record of every archive. */
async function* archivedFiles(store: ObjectStore, pipeline: Pipeline): AsyncGenerator<Placed> {
  const known = await listDeliveries(store, pipeline);
  const processed = await readProcessedFiles(store, pipeline, await listProcessed(store, pipeline));
  for (const [fileLandTimestamp, records] of known) {
    if (!records.has('archived')) continue;
    const files =
      processed
        .get(fileLandTimestamp)
        ?.map(({ archive, ...file }) => ({ ...file, archiveKey: archive.key })) ??
      (await readDeliveryRecord<ArchivedRecord>(store, pipeline, fileLandTimestamp, 'archived')).files;
    for (const file of files) {
      const table = findTableOf(pipeline, file);
      if (table !== undefined) yield { table, fileLandTimestamp, folder: folderOf(file.archiveKey) };
    }
  }
}

const folderOf = (key: string): string => key.slice(0, key.lastIndexOf('/') + 1);

/** In their order, as long as files of the table are told by it. */
export const headersOf = ({ columns }: Pick<Table, 'columns'>): string[] =>
  columns.map(({ header }) => header);

/**
 * Whether a delivery's CSV files, whose fields go by their place, are read right by the columns of today: those that the
 * table had when it was archived must be the first of them. Records of earlier releases do not say it and are trusted.
 */
export async function isReadByPlace(
  store: ObjectStore,
  pipeline: Pipeline,
  table: Table,
  { values: [timestamp] }: CataloguePartition,
): Promise<boolean> {
  const { columns } = await readDeliveryRecord<ArchivedRecord>(
    store,
    pipeline,
    Number(timestamp),
    'archived',
  );
  const now = headersOf(table);
  return (columns?.[table.name] ?? []).every((header, place) => now[place] === header);
}
