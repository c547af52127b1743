import type { Catalogue, CatalogueTable } from '../../adapters/catalogue';
import { glueType } from '../../definition/column-type';
import type { Pipeline, Table } from '../../definition/pipeline';
import type { PublishedPart } from '../../engine/tasks';
import { cancellationSignal } from '../context';
import type { Dependencies } from '../dependencies';
import { publishedPartsOf, requireSnapshot } from './snapshot-record';

/** What a table's parameters say that its readers see. */
export const snapshotOf = ({ parameters }: CatalogueTable): string | undefined =>
  parameters['landfall.snapshot'];

/** Which snapshot of each table its readers see. */
export async function readPublishedSnapshots(
  catalogue: Catalogue,
  pipeline: Pipeline,
): Promise<Record<string, string>> {
  const database = await catalogue.readDatabase(pipeline.database, { signal: cancellationSignal() });
  return snapshotsOf(database?.tables ?? []);
}

/** Which snapshot each table declares. */
export const snapshotsOf = (tables: readonly CatalogueTable[]): Record<string, string> =>
  Object.fromEntries(
    tables.flatMap((table) => {
      const snapshot = snapshotOf(table);
      return snapshot === undefined ? [] : [[table.name, snapshot] as const];
    }),
  );

function holdsColumns(
  { columns, partitionKeys }: CatalogueTable,
  table: Table,
  names: readonly string[],
): boolean {
  return names.every((name) => {
    const declared = table.curatedColumns.find((column) => column.name === name);
    const type = [...columns, ...partitionKeys].find((column) => column.name === name)?.type;
    return declared !== undefined && type === glueType(declared.type);
  });
}

/**
 * The Parquet files that a table's readers see. None when it is not published, or not with these columns of these types
 * yet.
 */
export async function findPublishedParts(
  { store, catalogue }: Pick<Dependencies, 'store' | 'catalogue'>,
  pipeline: Pipeline,
  table: Table,
  columns: readonly string[],
): Promise<PublishedPart[]> {
  const database = await catalogue.readDatabase(pipeline.database, { signal: cancellationSignal() });
  const published = database?.tables.find(({ name }) => name === table.name);
  const snapshot = published && snapshotOf(published);
  if (!published || snapshot === undefined || !holdsColumns(published, table, columns)) return [];
  return publishedPartsOf(pipeline, await requireSnapshot(store, pipeline, table.name, snapshot));
}
