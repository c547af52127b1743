import { compareDatabases, isSame, type DatabaseDifference } from '../activities/glue/compare-databases';
import { compareArea } from '../activities/glue/areas/compare-area';
import type { Catalogue } from '../adapters/catalogue';
import type { ObjectStore } from '../adapters/object-store';
import type { Pipeline } from '../definition/pipeline';
import { isOtherwise, planChanges, type PartitionPlan } from './plan-partitions';

/** The difference between code and records, and a Glue database over raw-hist or processed. */
export interface AreaPlan {
  database: string;
  isSame: boolean;
  glue: DatabaseDifference;
  /** Of tables where there are any. */
  partitions: PartitionPlan[];
}

/** Only reads. */
export async function planAreas(
  { store, catalogue }: { store: ObjectStore; catalogue: Catalogue },
  pipeline: Pipeline,
): Promise<AreaPlan[]> {
  const plans: AreaPlan[] = [];
  for (const area of pipeline.areaDatabases) {
    const { declared, tables } = await compareArea({ store, catalogue }, pipeline, area);
    const glue = compareDatabases(await catalogue.readDatabase(declared.name), declared);
    const partitions = tables
      .map(({ table, changes }) => planChanges(table.name, changes))
      .filter(isOtherwise);
    plans.push({
      ...{ database: declared.name, isSame: isSame(glue) && partitions.length === 0 },
      ...{ glue, partitions },
    });
  }
  return plans;
}
