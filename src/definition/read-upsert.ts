import { DefinitionError } from '../errors';
import { glueType } from './column-type';
import type { Columns } from './column';
import type { DeclaredUpsert } from './curation';
import type { Column } from './read-column';
import { refuseNestedKeys } from './refuse-nested';
import { requireColumns } from './require-columns';
import type { TableDefinition } from './table';

const isFloat = ({ type }: Column): boolean => type.name === 'float32' || type.name === 'float64';

/** What of the table cannot go together with one row a key. */
function refuseOthers(where: string, { curated, primaryKey }: TableDefinition<Columns, Columns>): void {
  if (primaryKey === undefined)
    throw new DefinitionError({
      happened: `${where}: curated.upsert keeps one row of each primary key, and the table has none.`,
      next: 'Say which columns are the key: primaryKey.',
    });
  if (curated?.transform)
    throw new DefinitionError({
      happened: `${where}: curated.upsert and curated.transform cannot go together yet.`,
      next: "Transform the rows before they are processed (the table's own transform, F2).",
    });
}

function refuseKey(where: string, column: Column): void {
  if (column.nullable)
    throw new DefinitionError({
      happened: `${where}: column "${column.name}" of primaryKey is nullable, and with curated.upsert a null is no key.`,
      next: 'Declare the column without .nullable(), or leave it out of the key.',
    });
  if (isFloat(column))
    throw new DefinitionError({
      happened: `${where}: column "${column.name}" of primaryKey is ${glueType(column.type)}, of which equal values cannot be told for sure; curated.upsert needs that.`,
      next: 'Declare it as column.decimal(…) or column.string().',
    });
}

function refuseMark(where: string, { name, type, nullable }: Column): void {
  if (type.name === 'boolean' && !nullable) return;
  throw new DefinitionError({
    happened: `${where}: curated.upsert.deletedWhere names "${name}", which is ${nullable ? 'a nullable ' : ''}${glueType(type)}: whether a row is a deletion must be either true or false.`,
    next: "Name a column.boolean() that is not nullable; the table's transform (F2) can make one of a code such as 'D'.",
  });
}

/**
 * Reads whether curated has one row a key.
 * @param columns those that are processed
 * @returns undefined where it has all rows
 * @throws DefinitionError when keys or deletions could not be told
 */
export function readUpsert(
  where: string,
  definition: TableDefinition<Columns, Columns>,
  columns: readonly Column[],
): DeclaredUpsert | undefined {
  const upsert = definition.curated?.upsert;
  if (upsert === undefined) return undefined;
  refuseOthers(where, definition);
  const key = definition.primaryKey ?? [];
  requireColumns(`${where}, with curated.upsert`, 'primaryKey', key, columns);
  refuseNestedKeys(where, 'primaryKey', key, columns);
  for (const column of columns) if (key.includes(column.name)) refuseKey(where, column);
  const deletedWhere = upsert === true ? undefined : upsert.deletedWhere;
  if (deletedWhere !== undefined) {
    requireColumns(where, 'curated.upsert.deletedWhere', [deletedWhere], columns);
    for (const column of columns) if (column.name === deletedWhere) refuseMark(where, column);
  }
  return { key, deletedWhere };
}
