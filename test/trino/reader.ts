import { glueType, type ColumnType } from '../../src/definition/column-type';
import type { ExpectedColumn } from './expected-rows';
import { plainTrinoType, toTrinoType } from './canonical';
import type { TrinoServer, TrinoValue } from './trino-server';

export interface ReadTable {
  /** In the order that was asked for, types as the reader writes them; null where a table without files has none for it. */
  columns: { name: string; type: string }[] | null;
  rows: TrinoValue[][];
}

/** Another program that reads tables. */
export interface Reader {
  name: string;
  /** Types that it cannot read, whoever wrote them, are not asked for. */
  takes(type: ColumnType): boolean;
  /** The reader's own word for a type. */
  typeOf(type: ColumnType): string;
  /** Leaves out of a row's text what the reader does not tell apart. */
  blur?(row: string): string;
  /** @throws Error in the reader's words */
  read(database: string, table: string, columns: readonly ExpectedColumn[]): Promise<ReadTable>;
}

/** @param catalogue `landfall`: partitions as they are registered; `projected`: as Athena has them */
export const trinoReader = (server: TrinoServer, catalogue: 'landfall' | 'projected'): Reader => ({
  name: catalogue === 'landfall' ? 'Trino' : 'Trino, projected',
  takes: () => true,
  typeOf: (type) => toTrinoType(glueType(type)),
  async read(database, table) {
    const { columns, rows } = await server.query(`SELECT * FROM ${catalogue}.${database}.${table}`);
    return { columns: columns.map(({ name, type }) => ({ name, type: plainTrinoType(type) })), rows };
  },
});
