import type {
  CatalogueDatabase,
  CataloguePartition,
  CatalogueTable,
  PartitionCatalogue,
  PartitionChanges,
} from '../../../adapters/catalogue';
import { comparePartitions } from '../../../adapters/compare-partitions';
import type { CallOptions, ObjectStore } from '../../../adapters/object-store';
import type { AreaDatabase } from '../../../definition/area-databases';
import type { Pipeline, Table } from '../../../definition/pipeline';
import { declareArea } from './declare-area';
import { findAreaPartitions, isReadByPlace } from './find-partitions';

/** An area's database as the code and the records have it, and which partitions Glue has otherwise. */
export interface AreaComparison {
  declared: CatalogueDatabase;
  tables: { table: CatalogueTable; changes: PartitionChanges }[];
}

export interface CompareOptions extends CallOptions {
  /** Deliveries whose transient objects are about to be deleted from processed. */
  leaving?: ReadonlySet<number>;
}

/** Only reads. */
export async function compareArea(
  { store, catalogue }: { store: ObjectStore; catalogue: PartitionCatalogue },
  pipeline: Pipeline,
  database: AreaDatabase,
  { leaving, signal }: CompareOptions = {},
): Promise<AreaComparison> {
  const declared = declareArea(pipeline, database);
  const partitions = await findAreaPartitions(store, pipeline, database, leaving);
  const tables: AreaComparison['tables'] = [];
  for (const [place, table] of declared.tables.entries()) {
    const listed = await catalogue.readPartitions(declared.name, table, signal ? { signal } : {});
    const wanted = partitions.get(table.name) ?? [];
    const changes = comparePartitions(listed, wanted);
    const isReadable = (partition: CataloguePartition): Promise<boolean> =>
      isReadByPlace(store, pipeline, database.tables[place] as Table, partition);
    tables.push({
      table,
      changes: table.storage?.name === 'csv' ? await leaveOut(changes, isReadable) : changes,
    });
  }
  return { declared, tables };
}

/** Partitions that cannot be read as the table is declared now: none is made, and what is there of them goes. */
async function leaveOut(
  { added, updated, removed }: PartitionChanges,
  isReadable: (partition: CataloguePartition) => Promise<boolean>,
): Promise<PartitionChanges> {
  const [kept, gone]: [CataloguePartition[], CataloguePartition[]] = [[], [...removed]];
  for (const partition of updated) ((await isReadable(partition)) ? kept : gone).push(partition);
  const made: CataloguePartition[] = [];
  for (const partition of added) if (await isReadable(partition)) made.push(partition);
  return { added: made, updated: kept, removed: gone };
}
