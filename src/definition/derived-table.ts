import type { Columns, ColumnSchema } from './column';
import type { ParquetOptions } from './curation';
import type { Table } from './pipeline';

/** A table of SQL as the user writes it. `F`: the tables that it reads; `K`: its columns. */
export interface DerivedTableDefinition<F extends string = string, K extends Columns = Columns> {
  description?: string;
  /** The tables of the pipeline that `sql` reads, by their names; it sees no others. */
  from: readonly [F, ...F[]];
  /** All that `sql` gives, no others, of these types. */
  columns: K;
  /** One SELECT in Polars' SQL, over the tables of `from` as they are curated. The same rows must always give the same. */
  sql: string;
  /** No two rows have the same values here, and none is null. */
  primaryKey?: readonly (keyof NoInfer<K> & string)[];
  /**
   * A folder for each of the values that these have, as `curated.partitionBy` of a table has them. Columns of the types
   * string, date or int32, not nullable.
   * @default no folders
   */
  partitionBy?: readonly (keyof NoInfer<K> & string)[];
  /** The rows are sorted by these, ascending, nulls first; then by all other columns. @default by all columns */
  sortBy?: readonly (keyof NoInfer<K> & string)[];
  /** @default 'zstd' */
  compression?: ParquetOptions['compression'];
  /** How many rows a row group has, at most. @default 122 880 */
  rowGroupRows?: number;
  /** Whether row groups say from which value to which each column goes. @default true */
  statistics?: boolean;
}

declare const madeByDerivedTable: unique symbol;
/** A table that `derivedTable()` has type-checked; `definePipeline` takes no other. */
export type CheckedDerivedTable<F extends string = string> = DerivedTableDefinition & {
  readonly [madeByDerivedTable]: { from: F };
};

/** Declares a table that is made by SQL of the pipeline's curated tables, and published together with them. */
export function derivedTable<const F extends string, const K extends Readonly<Record<string, ColumnSchema>>>(
  definition: DerivedTableDefinition<F, K>,
): CheckedDerivedTable<F> {
  return definition as unknown as CheckedDerivedTable<F>;
}

/** The same with every default filled in. */
export interface DerivedTable extends Pick<
  Table,
  'name' | 'description' | 'primaryKey' | 'curatedColumns' | 'partitionBy' | 'sortBy'
> {
  from: readonly string[];
  sql: string;
  parquet: Omit<ParquetOptions, 'maxSourceBytes'>;
}

/** A table of the database that readers see. */
export type PublishedTable = Table | DerivedTable;

export const isDerived = (table: PublishedTable): table is DerivedTable => 'sql' in table;

/** The tables of the database that readers see, in its order. */
export const publishedTables = ({
  tables,
  derived,
}: {
  tables: readonly Table[];
  derived: readonly DerivedTable[];
}): PublishedTable[] => [...tables, ...derived];
