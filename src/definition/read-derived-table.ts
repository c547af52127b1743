import { DefinitionError } from '../errors';
import { readParquetOptions } from './curation';
import type { DerivedTable, DerivedTableDefinition } from './derived-table';
import type { Table } from './pipeline';
import { readColumn } from './read-column';
import { readPartitionBy } from './read-partition-by';
import { refuseLostOptions } from './read-curation';
import { requireColumns } from './require-columns';
import { refuseNestedKeys } from './refuse-nested';

type Definitions = Readonly<Record<string, DerivedTableDefinition>>;

/** @throws DefinitionError where a name is taken, what it reads is no table of the pipeline, or its parts do not agree */
export function readDerivedTables(
  pipeline: string,
  definitions: Definitions = {},
  tables: readonly Table[],
): DerivedTable[] {
  return Object.entries(definitions).map(([name, definition]) => {
    const where = `Pipeline "${pipeline}", derived table "${name}"`;
    if (tables.some((table) => table.name === name)) {
      throw new DefinitionError({
        happened: `${where}: one of the pipeline's tables has this name already.`,
        next: 'Give it another one: both are tables of the same database.',
      });
    }
    for (const read of definition.from) requireTable(where, read, definitions, tables);
    return readDerivedTable(where, name, definition);
  });
}

function requireTable(where: string, name: string, derived: Definitions, tables: readonly Table[]): void {
  if (tables.some((table) => table.name === name)) return;
  const known = `Name one of: ${tables.map((table) => table.name).join(', ')}.`;
  throw new DefinitionError(
    name in derived
      ? {
          happened: `${where}: from names "${name}", which is a derived table itself; these read the pipeline's own tables alone.`,
          next: `Write what "${name}" selects into this table's sql too (WITH ${name} AS (…) SELECT …). ${known}`,
        }
      : { happened: `${where}: from names "${name}", which is not one of its tables.`, next: known },
  );
}

function readDerivedTable(where: string, name: string, definition: DerivedTableDefinition): DerivedTable {
  const { description, from, sql, primaryKey = [], sortBy = [] } = definition;
  const columns = Object.entries(definition.columns).map(([each, schema]) => readColumn(each, schema));
  for (const column of columns) refuseLostOptions(where, column, 'a derived table');
  for (const [key, names] of Object.entries({ primaryKey, sortBy })) {
    requireColumns(where, key, names, columns);
    refuseNestedKeys(where, key, names, columns);
  }
  const partitionBy = readPartitionBy(where, definition.partitionBy ?? [], columns, sortBy, {
    ...{ option: 'partitionBy', sortBy: 'sortBy', columns: 'columns', maker: 'its sql' },
  });
  const { maxSourceBytes: _, ...parquet } = readParquetOptions(definition);
  return {
    ...{ name, description, from: [...new Set(from)], sql, primaryKey, curatedColumns: columns, sortBy },
    ...{ partitionBy, parquet },
  };
}
