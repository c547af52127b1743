import { createHash } from 'node:crypto';
import { glueType } from '../../definition/column-type';
import type { DerivedTable } from '../../definition/derived-table';

/** What a derived table is made of. The snapshot's name follows from it, so the same content is never written twice. */
export interface TableDerivation {
  table: string;
  snapshot: string;
  /** Hexadecimal. */
  content: string;
  /** The snapshot of each table that it reads. */
  from: Record<string, string>;
}

// Raised when the way it is made changes, or Polars answers the same SQL otherwise.
const SQL_LAYOUT = 1;

/** @param curations of the tables that it reads, and others */
export function planDerived(
  { name, from, sql, curatedColumns, primaryKey, partitionBy, sortBy, parquet }: DerivedTable,
  curations: readonly { table: string; snapshot: string }[],
): TableDerivation {
  const snapshots = from.map((table): [string, string] => {
    const snapshot = curations.find((each) => each.table === table)?.snapshot;
    return [table, snapshot ?? ''];
  });
  const columns = curatedColumns.map((column) => [column.name, glueType(column.type), column.nullable]);
  const made = {
    ...{ layout: SQL_LAYOUT, from: snapshots, sql, columns, primaryKey },
    ...(partitionBy.length > 0 && { partitionBy }),
    ...{ sortBy, parquet },
  };
  const content = createHash('sha256').update(JSON.stringify(made)).digest('hex');
  return { table: name, snapshot: content.slice(0, 16), content, from: Object.fromEntries(snapshots) };
}
