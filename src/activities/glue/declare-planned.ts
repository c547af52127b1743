import type { CatalogueDatabase } from '../../adapters/catalogue';
import type { Pipeline } from '../../definition/pipeline';
import { requireCuration, type CurationRecord } from '../curated/plan-curation';
import { requireDerivation } from '../curated/require-derivation';
import { partitionsOf, readSnapshot } from '../curated/snapshot-record';
import type { Dependencies } from '../dependencies';
import { declareDatabase, type TableContent } from './declare-database';

/**
 * What Glue is to hold once the run's snapshots are published.
 * @throws IntegrityError when one is not complete, or swept; DefinitionError when the code says otherwise by now
 */
export async function declarePlanned(
  { store, version }: Pick<Dependencies, 'store' | 'version'>,
  pipeline: Pipeline,
  planned: CurationRecord,
): Promise<CatalogueDatabase> {
  const contents: TableContent[] = [];
  for (const table of pipeline.tables) {
    const { snapshot, parts } = requireCuration(planned, pipeline, table.name, version);
    const record = await readSnapshot(store, pipeline, table.name, snapshot);
    const latest = parts.at(-1)?.inputs.at(-1)?.fileLandTimestamp ?? '';
    contents.push({
      ...{ snapshot, rows: String(record.rows), version, fileLandTimestamp: String(latest) },
      partitions: partitionsOf(record),
    });
  }
  const latestOf = new Map(
    pipeline.tables.map(({ name }, place) => [name, contents[place]?.fileLandTimestamp]),
  );
  for (const { name, from } of pipeline.derived) {
    const { snapshot } = requireDerivation(planned, pipeline, name);
    const record = await readSnapshot(store, pipeline, name, snapshot);
    const latest = Math.max(...from.map((table) => Number(latestOf.get(table) ?? '')));
    const fileLandTimestamp = latest === 0 ? '' : String(latest);
    const rows = String(record.rows);
    contents.push({ snapshot, rows, version, fileLandTimestamp, partitions: partitionsOf(record) });
  }
  return declareDatabase(pipeline, contents);
}
