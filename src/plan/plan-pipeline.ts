import { findTableOf } from '../activities/land/claim-file';
import { listLanded } from '../activities/land/landed-objects';
import { snapshotOf } from '../activities/curated/published-parts';
import {
  compareDatabases,
  isSame,
  type ChangedTable,
  type DatabaseDifference,
} from '../activities/glue/compare-databases';
import { declareDatabase, type TableContent } from '../activities/glue/declare-database';
import { findSnapshot, objectsOf, partitionsOf } from '../activities/curated/snapshot-record';
import type { Catalogue, CatalogueDatabase, CatalogueTable } from '../adapters/catalogue';
import { comparePartitions } from '../adapters/compare-partitions';
import type { ObjectStore } from '../adapters/object-store';
import { publishedTables, type PublishedTable } from '../definition/derived-table';
import type { Pipeline } from '../definition/pipeline';
import { isAsRecorded } from '../engine/curated-part';
import { snapshotRecordKey } from '../layout/log-keys';
import { mapWithLimit } from '../map-with-limit';
import { compareCuration } from './compare-curation';
import { planAreas, type AreaPlan } from './plan-areas';
import { isOtherwise, planChanges, type PartitionPlan } from './plan-partitions';

/** What of a published table is not in curated as it was recorded. */
export interface SnapshotProblem {
  table: string;
  snapshot: string;
  /** `s3://…` of the first of them. */
  object: string;
  detail: string;
}

export interface WaitingFiles {
  /** Null where no table claims them: markers, manifests, files that would be refused. */
  table: string | null;
  files: number;
  bytes: number;
}

/** The difference between code, Glue and S3. */
export interface PublishPlan {
  format: 1;
  pipeline: string;
  database: string;
  /** Whether a run has anything to do. */
  isSame: boolean;
  glue: DatabaseDifference;
  snapshots: SnapshotProblem[];
  /** Of published tables with partitions where those that are registered are otherwise. */
  partitions: PartitionPlan[];
  /** Whose files the next delivery makes anew, since their `curated` is declared otherwise. */
  curated: ChangedTable[];
  land: WaitingFiles[];
  /** Of the databases over raw-hist and processed, where the pipeline has any. */
  areas: AreaPlan[];
  /** Where Athena is asked about tables that changed before readers are pointed at them; null where it is not. */
  readerCheck: { database: string; workgroup: string } | null;
}

const LOOKS_AT_ONCE = 32;

/**
 * Compares the pipeline's code with Glue, Glue with curated, and tells what waits in land. Only reads.
 * @throws SetupError, UnavailableError when AWS cannot be asked
 */
export async function planPipeline(
  { store, catalogue }: { store: ObjectStore; catalogue: Catalogue },
  pipeline: Pipeline,
): Promise<PublishPlan> {
  const existing = await catalogue.readDatabase(pipeline.database);
  const published = new Map(existing?.tables.map((table) => [table.name, table]));
  const contents = await mapWithLimit(publishedTables(pipeline), LOOKS_AT_ONCE, (table) =>
    readPublished(store, pipeline, table, published.get(table.name)),
  );
  const declared = declareDatabase(pipeline, contents);
  const glue = compareDatabases(existing, declared);
  const { problems: snapshots, curated } = await compareSnapshots(store, pipeline, existing?.tables ?? []);
  const land = await countWaiting(store, pipeline);
  const partitions = await planPartitions(catalogue, existing, declared);
  const areas = await planAreas({ store, catalogue }, pipeline);
  return {
    ...{ format: 1, pipeline: pipeline.name, database: pipeline.database },
    isSame:
      isSame(glue) &&
      snapshots.length + partitions.length + curated.length + land.length === 0 &&
      areas.every((area) => area.isSame),
    ...{ glue, snapshots, partitions, curated, land, areas, readerCheck: describeCheck(pipeline) },
  };
}

const describeCheck = ({ readerCheck }: Pipeline): PublishPlan['readerCheck'] =>
  readerCheck ? { database: readerCheck.database, workgroup: readerCheck.workgroup } : null;

/** What follows from the data, and not from the code, is taken as it is. */
async function readPublished(
  store: ObjectStore,
  pipeline: Pipeline,
  { name, partitionBy }: PublishedTable,
  published: CatalogueTable | undefined,
): Promise<TableContent> {
  const snapshot = (published && snapshotOf(published)) ?? '';
  // Of other keys the next delivery makes other folders.
  const isKnown = partitionBy.length > 0 && keysOf(published) === partitionBy.join();
  const record = isKnown ? await findSnapshot(store, pipeline, name, snapshot) : undefined;
  const { parameters = {} } = published ?? {};
  return {
    snapshot,
    rows: parameters['landfall.rows'] ?? '',
    version: parameters['landfall.version'] ?? '',
    fileLandTimestamp: parameters['landfall.file_land_timestamp'] ?? '',
    partitions: record ? partitionsOf(record) : [],
  };
}

const keysOf = (table: CatalogueTable | undefined): string | undefined =>
  table?.partitionKeys.map(({ name }) => name).join();

/** Only of tables where something is otherwise. */
async function planPartitions(
  catalogue: Catalogue,
  existing: CatalogueDatabase | undefined,
  declared: CatalogueDatabase,
): Promise<PartitionPlan[]> {
  const plans: PartitionPlan[] = [];
  for (const table of declared.tables) {
    const published = existing?.tables.find(({ name }) => name === table.name);
    // Of other keys all of them are made anew.
    if (!table.partitions || keysOf(published) !== keysOf(table)) continue;
    const listed = await catalogue.readPartitions(declared.name, table);
    plans.push(planChanges(table.name, comparePartitions(listed, table.partitions)));
  }
  return plans.filter(isOtherwise);
}

async function compareSnapshots(
  store: ObjectStore,
  pipeline: Pipeline,
  tables: readonly CatalogueTable[],
): Promise<{ problems: SnapshotProblem[]; curated: ChangedTable[] }> {
  const { log, curated: bucket } = pipeline.areas;
  const problems: SnapshotProblem[] = [];
  const curated: ChangedTable[] = [];
  for (const table of tables) {
    const declared = publishedTables(pipeline).find(({ name }) => name === table.name);
    if (!declared) continue;
    const snapshot = snapshotOf(table) ?? '';
    const recordKey = snapshotRecordKey(pipeline, table.name, snapshot);
    const add = (key: string, detail: string): void =>
      void problems.push({ table: table.name, snapshot, object: key, detail });
    const record = await findSnapshot(store, pipeline, table.name, snapshot);
    if (!record) add(`s3://${log}/${recordKey}`, 'the record of what readers see is missing');
    if (record?.swept) add(`s3://${log}/${recordKey}`, `it was swept at ${record.swept.at}`);
    const differences = record ? compareCuration(declared, record) : [];
    if (differences.length > 0) curated.push({ table: table.name, differences });
    await mapWithLimit(record ? objectsOf(record) : [], LOOKS_AT_ONCE, async (part) => {
      const { key } = part;
      const stored = await store.head({ bucket, key });
      if (!stored) add(`s3://${bucket}/${key}`, 'missing');
      else if (!isAsRecorded(stored, part)) add(`s3://${bucket}/${key}`, 'another object than was recorded');
    });
  }
  return { problems, curated };
}

async function countWaiting(store: ObjectStore, pipeline: Pipeline): Promise<WaitingFiles[]> {
  const waiting = new Map<string | null, WaitingFiles>();
  for (const { key, size } of await listLanded(store, pipeline)) {
    const table = findTableOf(pipeline, { table: '', key }) ?? null;
    const counted = waiting.get(table) ?? { table, files: 0, bytes: 0 };
    waiting.set(table, { table, files: counted.files + 1, bytes: counted.bytes + size });
  }
  return [...waiting.values()];
}
