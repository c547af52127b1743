import type { ObjectStore } from '../../src/adapters/object-store';
import { glueType } from '../../src/definition/column-type';
import type { Pipeline, Table } from '../../src/definition/pipeline';
import { plainTrinoType, toTrinoType } from './canonical';
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
import type { TrinoServer } from './trino-server';

export interface TableVerdict {
  /** `database.table` */
  table: string;
  rows: number;
  failures: string[];
}

const MOST_SHOWN = 5;

/** Curated, and the areas that are databases: the very rows, and the types that the code declares. */
export async function checkTable(
  server: TrinoServer,
  store: ObjectStore,
  pipeline: Pipeline,
  table: Table,
): Promise<TableVerdict[]> {
  const columns = curatedColumns(pipeline, table);
  const curated = await readProcessedRows(store, pipeline, table, columns);
  const name = `${pipeline.database}.${table.name}`;
  const verdicts = [await compare(server, name, columns, curated)];
  if (table.partitionBy.length > 0)
    verdicts.push(await compare(server, `projected.${name}`, columns, curated));
  for (const { area, database, tables } of pipeline.areaDatabases) {
    if (!tables.includes(table)) continue;
    const areaName = `${database}.${table.name}`;
    const of = area === 'processed' ? processedColumns(pipeline, table) : archivedColumns(table);
    const rows =
      area === 'processed'
        ? await readProcessedRows(store, pipeline, table, of)
        : await readArchivedRows(store, pipeline, table, MEASURES);
    verdicts.push(await compare(server, areaName, of, rows));
  }
  return verdicts;
}

async function compare(
  server: TrinoServer,
  name: string,
  columns: readonly ExpectedColumn[],
  expected: readonly string[],
): Promise<TableVerdict> {
  try {
    const found = await server.query(`SELECT * FROM ${name}`);
    const failures = compareTypes(columns, found.columns);
    const rows = found.rows.map((row) =>
      columns.map(({ type }, at) => rowOf([{ name: '', type }], () => row[at])).join(' | '),
    );
    failures.push(...difference('missing', expected, rows), ...difference('unexpected', rows, expected));
    return { table: name, rows: found.rows.length, failures };
  } catch (error) {
    return { table: name, rows: 0, failures: [error instanceof Error ? error.message : String(error)] };
  }
}

function compareTypes(
  expected: readonly ExpectedColumn[],
  found: readonly { name: string; type: string }[],
): string[] {
  const wanted = expected.map(({ name, type }) => `${name} ${toTrinoType(glueType(type))}`);
  const had = found.map(({ name, type }) => `${name} ${plainTrinoType(type)}`);
  return wanted.flatMap((each, at) =>
    each === had[at] ? [] : [`column ${each}, but Trino has ${had[at] ?? 'none'}`],
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
