import { addedColumns } from '../../definition/added-columns';
import { glueType } from '../../definition/column-type';
import { LAND_TIMESTAMP_COLUMN, type Pipeline, type Table } from '../../definition/pipeline';

/** How a snapshot's Parquet files were written, as far as it matters to whoever reads their rows again. */
export interface PartShape {
  /** Names and Glue types, in their order. */
  columns: [name: string, type: string][];
  sortBy: readonly string[];
}

export const shapeOf = (pipeline: Pipeline, { processedColumns, sortBy }: Table): PartShape => ({
  columns: [
    ...processedColumns.map(({ name, type }): [string, string] => [name, glueType(type)]),
    ...addedColumns(pipeline).map(({ name }): [string, string] => [name, 'string']),
    [LAND_TIMESTAMP_COLUMN, 'bigint'],
  ],
  sortBy,
});

/**
 * Why rows that were written as `held` are not those that are wanted now, or not in their order; in words. Columns may be
 * added: they are null in earlier rows, as they are in earlier lines of processed.
 * @returns undefined where they are
 */
export function whyNotTaken(held: PartShape, wanted: PartShape): string | undefined {
  const types = new Map(wanted.columns);
  for (const [name, type] of held.columns) {
    const now = types.get(name);
    if (now === undefined) return `they have the column "${name}", which is not declared any more`;
    if (now !== type) return `their column "${name}" is of the type ${type}, and is declared as ${now} now`;
  }
  if (held.sortBy.length === 0 || held.sortBy.join() === wanted.sortBy.join()) return undefined;
  return `they are sorted by ${held.sortBy.join(', ')}, and other than that now`;
}
