import { DefinitionError } from '../errors';
import { glueType } from './column-type';
import type { Pipeline, Table } from './pipeline';
import type { Column } from './read-column';

/** Where the rows are that a foreign key refers to. */
export type ReferenceScope = 'delivery' | 'published' | 'either';

/** Every row's values in `columns` must be those of a row of another table; a row with a null among them is not asked. */
export interface ForeignKey<N extends string = string> {
  columns: readonly N[];
  references: { table: string; columns: readonly string[] };
  /**
   * `delivery`: the rows that landed in the same delivery; `published`: those that the table's readers see;
   * `either`: both together.
   */
  in: ReferenceScope;
}

/** The columns of the referenced table by which its rows are found, as they stand where the key looks for them. */
function referencedColumns(
  table: Table,
  { references, in: scope }: ForeignKey,
  where: string,
): (readonly (Column | undefined)[])[] {
  const stages = [
    ...(scope === 'published' ? [] : [{ stage: 'landed', columns: table.columns }]),
    ...(scope === 'delivery' ? [] : [{ stage: 'published', columns: table.curatedColumns }]),
  ];
  return stages.map(({ stage, columns }) =>
    references.columns.map((name) => {
      const found = columns.find((each) => each.name === name);
      if (found) return found;
      throw new DefinitionError({
        happened: `${where} references "${name}", which is not one of the ${stage} columns of table "${table.name}".`,
        next: `Name one of: ${columns.map((each) => each.name).join(', ')}.`,
      });
    }),
  );
}

function requireForeignKey(pipeline: Pick<Pipeline, 'name' | 'tables'>, table: Table, key: ForeignKey): void {
  const where = `Pipeline "${pipeline.name}", table "${table.name}": the foreign key of ${key.columns.join(', ')}`;
  const referenced = pipeline.tables.find(({ name }) => name === key.references.table);
  if (!referenced) {
    throw new DefinitionError({
      happened: `${where} references table "${key.references.table}", which the pipeline does not have.`,
      next: `Name one of: ${pipeline.tables.map(({ name }) => name).join(', ')}.`,
    });
  }
  if (key.columns.length !== key.references.columns.length) {
    throw new DefinitionError({
      happened: `${where} has ${key.columns.length} columns, but references ${key.references.columns.length} of table "${referenced.name}".`,
      next: 'Name as many columns on both sides, in the same order.',
    });
  }
  const own = key.columns.map((name) => table.columns.find((column) => column.name === name));
  for (const others of referencedColumns(referenced, key, where)) {
    others.forEach((other, place) => {
      const column = own[place];
      if (column?.type.name === 'binary') {
        throw new DefinitionError({
          happened: `${where}: column "${column.name}" is binary, whose bytes cannot be looked up.`,
          next: 'Compare columns of numbers, text or dates.',
        });
      }
      if (!column || !other || glueType(column.type) === glueType(other.type)) return;
      throw new DefinitionError({
        happened: `${where}: column "${column.name}" is ${glueType(column.type)}, but "${other.name}" of table "${referenced.name}" is ${glueType(other.type)}.`,
        next: 'Give both columns the same type, so that their values can be compared.',
      });
    });
  }
}

/** @throws DefinitionError when a foreign key names a table or column that is not there, or types that differ */
export function requireForeignKeys(pipeline: Pick<Pipeline, 'name' | 'tables'>): void {
  for (const table of pipeline.tables) {
    for (const key of table.foreignKeys) requireForeignKey(pipeline, table, key);
  }
}
