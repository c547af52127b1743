import { isDeepStrictEqual } from 'node:util';
import type { CatalogueColumn, CatalogueDatabase, CatalogueTable } from '../../adapters/catalogue';
import type { TableChanges } from '../../layout/maintenance';

/** One thing about a table that is to be otherwise. */
export interface TableDifference {
  what: 'column' | 'partition' | 'description' | 'parameter' | 'location' | 'order' | 'curated';
  /** Of the column, parameter or option of `curated`; empty for the table's own. */
  name: string;
  /** Absent where it is added. */
  before?: string;
  /** Absent where it is dropped. */
  after?: string;
}

export interface ChangedTable {
  table: string;
  differences: TableDifference[];
}

export interface DatabaseDifference {
  created: string[];
  changed: ChangedTable[];
  unchanged: string[];
  dropped: string[];
  /** Of the database. */
  description?: { before: string; after: string };
  /** It is not there at all. */
  isMissing: boolean;
}

/** What publishing `declared` over what Glue has now would change. */
export function compareDatabases(
  existing: CatalogueDatabase | undefined,
  declared: CatalogueDatabase,
): DatabaseDifference {
  const before = new Map((existing?.tables ?? []).map((table) => [table.name, table]));
  const stays = new Set(declared.tables.map(({ name }) => name));
  const difference: DatabaseDifference = {
    ...{ created: [], changed: [], unchanged: [] },
    dropped: [...before.keys()].filter((name) => !stays.has(name)),
    isMissing: existing === undefined,
  };
  for (const table of declared.tables) {
    const old = before.get(table.name);
    const differences = old ? compareTables(old, table) : [];
    if (!old) difference.created.push(table.name);
    else if (differences.length > 0) difference.changed.push({ table: table.name, differences });
    else difference.unchanged.push(table.name);
  }
  const [was = '', is = ''] = [existing?.description, declared.description];
  if (existing && was !== is) difference.description = { before: was, after: is };
  return difference;
}

export const toTableChanges = ({
  created,
  changed,
  unchanged,
  dropped,
}: DatabaseDifference): TableChanges => ({
  ...{ created, unchanged, dropped },
  updated: changed.map(({ table }) => table),
});

export const isSame = ({ created, changed, dropped, description, isMissing }: DatabaseDifference): boolean =>
  !isMissing && !description && created.length + changed.length + dropped.length === 0;

function compareTables(before: CatalogueTable, after: CatalogueTable): TableDifference[] {
  const differences = [
    ...compareEntries('description', { '': before.description ?? '' }, { '': after.description ?? '' }),
    ...compareEntries('column', byName(before.columns), byName(after.columns)),
    ...compareEntries('partition', byName(before.partitionKeys), byName(after.partitionKeys)),
    ...compareEntries('parameter', before.parameters, after.parameters),
    ...compareEntries('location', { '': before.location }, { '': after.location }),
  ];
  const order = ({ columns }: CatalogueTable): string => columns.map(({ name }) => name).join(', ');
  const isReordered = !isDeepStrictEqual(before.columns, after.columns);
  if (isReordered && !differences.some(({ what }) => what === 'column'))
    differences.push({ what: 'order', name: '', before: order(before), after: order(after) });
  return differences;
}

/** `decimal(12,2) "What it costs"` */
const byName = (columns: readonly CatalogueColumn[]): Record<string, string> =>
  Object.fromEntries(
    columns.map(({ name, type, comment }) => [name, comment ? `${type} ${JSON.stringify(comment)}` : type]),
  );

export function compareEntries(
  what: TableDifference['what'],
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): TableDifference[] {
  const names = new Set([...Object.keys(after), ...Object.keys(before)]);
  return [...names].flatMap((name) => {
    const [was, is] = [before[name], after[name]];
    if (was === is) return [];
    return [
      {
        what,
        name,
        ...(was === undefined ? {} : { before: was }),
        ...(is === undefined ? {} : { after: is }),
      },
    ];
  });
}
