import type { Catalogue } from '../../../adapters/catalogue';
import type { CallOptions, ObjectStore } from '../../../adapters/object-store';
import type { TableArea } from '../../../definition/area-databases';
import type { Pipeline } from '../../../definition/pipeline';
import { compareArea, type CompareOptions } from './compare-area';

/**
 * Makes the databases over an area's own folders equal the code and what is recorded: a delivery's partition is there
 * once all of it is, and goes before its objects do. Nothing of the published database is read or changed.
 */
export async function syncAreas(
  { store, catalogue }: { store: ObjectStore; catalogue: Catalogue },
  pipeline: Pipeline,
  areas: readonly TableArea[],
  options: CompareOptions = {},
): Promise<void> {
  const calls: CallOptions = options.signal ? { signal: options.signal } : {};
  for (const database of pipeline.areaDatabases.filter(({ area }) => areas.includes(area))) {
    const { declared, tables } = await compareArea({ store, catalogue }, pipeline, database, options);
    await catalogue.publishDatabase(declared, calls);
    for (const { table, changes } of tables)
      await catalogue.changePartitions(declared.name, table, changes, calls);
  }
}
