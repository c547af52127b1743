import type {
  CatalogueDatabase,
  CatalogueTable,
  PartitionCatalogue,
  PartitionChanges,
} from '../../../adapters/catalogue';
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
    const existing = new Map(listed.map((each) => [each.values.join('/'), each]));
    const changes = { added: [], updated: [], removed: [] } as Record<keyof PartitionChanges, typeof listed>;
    for (const wanted of partitions.get(table.name) ?? []) {
      const value = wanted.values.join('/');
      const found = existing.get(value);
      const isRight = found?.isAsDeclared === true && found.location === wanted.location;
      const byPlace = table.storage?.name === 'csv' && !isRight;
      // What stays in the map is removed.
      if (byPlace && !(await isReadByPlace(store, pipeline, database.tables[place] as Table, wanted)))
        continue;
      existing.delete(value);
      if (!isRight) changes[found ? 'updated' : 'added'].push({ ...wanted, isAsDeclared: false });
    }
    changes.removed.push(...existing.values());
    tables.push({ table, changes });
  }
  return { declared, tables };
}
