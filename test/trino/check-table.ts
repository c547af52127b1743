import type { ObjectStore } from '../../src/adapters/object-store';
import type { Pipeline, Table } from '../../src/definition/pipeline';
import {
  archivedColumns,
  curatedColumns,
  processedColumns,
  readArchivedRows,
  readProcessedRows,
  rowOf,
  type ExpectedColumn,
} from './expected-rows';
import { MEASURES } from './landed-files';
import type { Reader } from './reader';

export interface TableVerdict {
  /** `database.table`, and its reader. */
  table: string;
  rows: number;
  failures: string[];
}

const MOST_SHOWN = 5;

export interface Readers {
  /** Who read what analysts query. */
  curated: readonly Reader[];
  /** Who also read curated tables by their partitions' other description. */
  partitioned: readonly Reader[];
  /** Who also read the areas that are databases. */
  areas: readonly Reader[];
}

/** Curated, and the areas that are databases: the very rows, and the types that the code declares. */
export async function checkTable(
  { curated, partitioned, areas }: Readers,
  store: ObjectStore,
  pipeline: Pipeline,
  table: Table,
): Promise<TableVerdict[]> {
  const columns = curatedColumns(pipeline, table);
  const verdicts: TableVerdict[] = [];
  for (const reader of table.partitionBy.length > 0 ? [...curated, ...partitioned] : curated) {
    const taken = columns.filter(({ type }) => reader.takes(type));
    const rows = await readProcessedRows(store, pipeline, table, taken);
    verdicts.push(await compare(reader, pipeline.database, table.name, taken, rows));
  }
  for (const { area, database, tables } of pipeline.areaDatabases) {
    if (!tables.includes(table)) continue;
    const of = area === 'processed' ? processedColumns(pipeline, table) : archivedColumns(table);
    const rows =
      area === 'processed'
        ? await readProcessedRows(store, pipeline, table, of)
        : await readArchivedRows(store, pipeline, table, MEASURES);
    for (const reader of areas) verdicts.push(await compare(reader, database, table.name, of, rows));
  }
  return verdicts;
}

async function compare(
  reader: Reader,
  database: string,
  table: string,
  columns: readonly ExpectedColumn[],
  expected: readonly string[],
): Promise<TableVerdict> {
  const name = `${database}.${table}, ${reader.name}`;
  try {
    const found = await reader.read(database, table, columns);
    const failures = found.columns ? compareTypes(reader, columns, found.columns) : [];
    const rows = found.rows.map((row) =>
      columns.map(({ type }, at) => rowOf([{ name: '', type }], () => row[at])).join(' | '),
    );
    const toBlurred = (row: string): string => reader.blur?.(row) ?? row;
    const [wanted, had] = [expected.map(toBlurred), rows.map(toBlurred)];
    failures.push(...difference('missing', wanted, had), ...difference('unexpected', had, wanted));
    return { table: name, rows: found.rows.length, failures };
  } catch (error) {
    return { table: name, rows: 0, failures: [error instanceof Error ? error.message : String(error)] };
  }
}

function compareTypes(
  reader: Reader,
  expected: readonly ExpectedColumn[],
  found: readonly { name: string; type: string }[],
): string[] {
  const wanted = expected.map(({ name, type }) => `${name} ${reader.typeOf(type)}`);
  const had = found.map(({ name, type }) => `${name} ${type}`);
  return wanted.flatMap((each, at) =>
    each === had[at] ? [] : [`column ${each}, but ${reader.name} has ${had[at] ?? 'none'}`],
  );
}

/** Of the first that are not in the second, as often. */
function difference(what: string, first: readonly string[], second: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const row of second) counts.set(row, (counts.get(row) ?? 0) + 1);
  const left = first.filter((row) => {
    const count = counts.get(row) ?? 0;
    counts.set(row, count - 1);
    return count <= 0;
  });
  return [
    ...left.slice(0, MOST_SHOWN).map((row) => `${what}: ${row}`),
    ...(left.length > MOST_SHOWN ? [`and ${left.length - MOST_SHOWN} more ${what}`] : []),
  ];
}
