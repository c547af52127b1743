import type { CatalogueTable } from '../../../adapters/catalogue';
import type { DerivedTable } from '../../../definition/derived-table';
import type { Pipeline } from '../../../definition/pipeline';
import type { DeliveryRef } from '../../../layout/delivery';
import { outcomesOf, type SnapshotRecord } from '../../curated/snapshot-record';
import { requireCuration, type CurationRecord } from '../../curated/plan-curation';
import type { TableDerivation } from '../../curated/plan-derived';
import { requireDerivation } from '../../curated/require-derivation';

/** What a table must be through Athena, by the records of the run. */
export interface TableExpectation {
  table: string;
  snapshot: string;
  rows: number;
  /** The newest `file_land_timestamp` that has rows in it; null where none has. Absent of a derived table. */
  newest?: number | null;
  /** Of its primary key, as far as they are curated: no row has a null in them. */
  keys: string[];
  /** The others that are not nullable. Rows of deliveries from before such a column was declared are null in it. */
  required: string[];
  /** So that only these rows are asked about `required`. */
  fileLandTimestamp?: number;
}

/** @throws DefinitionError where the code declares the table otherwise than when the run was planned */
export function expectTable(
  pipeline: Pipeline,
  planned: CurationRecord,
  { name, parameters }: CatalogueTable,
  record: Pick<SnapshotRecord, 'rows' | 'parts' | 'outcomes'>,
  { fileLandTimestamp, version }: Pick<DeliveryRef, 'fileLandTimestamp'> & { version: string },
): TableExpectation {
  const derived = pipeline.derived.find((each) => each.name === name);
  if (derived) return expectDerived(derived, requireDerivation(planned, pipeline, name), parameters);
  const { snapshot, parts } = requireCuration(planned, pipeline, name, version);
  const inputs = parts.flatMap((part) => part.inputs).filter((input) => input.rows > 0);
  const outcomes = outcomesOf(record);
  const newest =
    outcomes.length > 0
      ? outcomes.flatMap(({ merged }) => merged.newest ?? [])
      : inputs.map((input) => input.fileLandTimestamp);
  const declared = pipeline.tables.find((each) => each.name === name);
  const columns = declared?.curatedColumns ?? [];
  const isKey = (column: string): boolean => declared?.primaryKey.includes(column) ?? false;
  return {
    ...{ table: name, snapshot, fileLandTimestamp },
    rows: record.rows,
    newest: newest.reduce<number | null>((last, each) => Math.max(last ?? 0, each), null),
    keys: columns.map(({ name: column }) => column).filter(isKey),
    required: columns.filter((each) => !each.nullable && !isKey(each.name)).map((each) => each.name),
  };
}

/** All of its rows are of this declaration, so that none may be null where a column is not nullable. */
const expectDerived = (
  { name, curatedColumns, primaryKey }: DerivedTable,
  { snapshot }: TableDerivation,
  parameters: CatalogueTable['parameters'],
): TableExpectation => ({
  ...{ table: name, snapshot, rows: Number(parameters['landfall.rows']) },
  keys: curatedColumns
    .filter((column) => !column.nullable || primaryKey.includes(column.name))
    .map((column) => column.name),
  required: [],
});
