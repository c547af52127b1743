import { curatedGlueColumns } from '../../definition/glue-columns';
import type { Pipeline, Table } from '../../definition/pipeline';

/** How a snapshot's Parquet files were written, as far as it matters to whoever reads their rows again. */
export interface PartShape {
  /** Names and Glue types, in their order. */
  columns: [name: string, type: string][];
  sortBy: readonly string[];
}

export const shapeOf = (pipeline: Pipeline, table: Table): PartShape => ({
  columns: curatedGlueColumns(pipeline, table).map(({ name, type }) => [name, type]),
  sortBy: table.sortBy,
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
