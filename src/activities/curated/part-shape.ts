import { curatedGlueColumns } from '../../definition/glue-columns';
import type { DeclaredUpsert } from '../../definition/curation';
import type { PublishedTable } from '../../definition/derived-table';
import type { Pipeline } from '../../definition/pipeline';

/** How a snapshot's Parquet files were written, as far as it matters to whoever reads their rows again. */
export interface PartShape {
  /** Names and Glue types, in their order. */
  columns: [name: string, type: string][];
  sortBy: readonly string[];
  /** Absent where the table has no partitions. */
  partitionBy?: readonly string[];
  /** Absent where they have all rows. */
  upsert?: { key: readonly string[]; deletedWhere?: string };
}

export const shapeOf = (pipeline: Pipeline, table: PublishedTable): PartShape => ({
  columns: curatedGlueColumns(pipeline, table).map(({ name, type }) => [name, type]),
  sortBy: table.sortBy,
  ...(table.partitionBy.length > 0 && { partitionBy: table.partitionBy }),
  ...('upsert' in table && table.upsert && { upsert: upsertOf(table.upsert) }),
});

const upsertOf = ({ key, deletedWhere }: DeclaredUpsert): NonNullable<PartShape['upsert']> => ({
  ...{ key, ...(deletedWhere !== undefined && { deletedWhere }) },
});

const INTEGERS = ['tinyint', 'smallint', 'int', 'bigint'];
const DECIMAL = /^decimal\((\d+),(\d+)\)$/;

/** Whether every value of a Glue type is one of another, without a change of its digits but for zeros at the end. */
function isWider(held: string, wanted: string): boolean {
  if (INTEGERS.includes(held)) return INTEGERS.indexOf(wanted) > INTEGERS.indexOf(held);
  const [, heldDigits, heldScale] = DECIMAL.exec(held) ?? [];
  const [, digits, scale] = DECIMAL.exec(wanted) ?? [];
  const scales = Number(scale) - Number(heldScale);
  // Not comparable, and so not wider, unless both are decimals.
  return scales >= 0 && Number(digits) - Number(heldDigits) >= scales;
}

/**
 * Why rows that were written as `held` are not those that are wanted now, or not in their order; in words. Columns may be
 * added: they are null in earlier rows, as they are in earlier lines of processed. They may be dropped, and become wider.
 * @returns undefined where they are
 */
export function whyNotTaken(held: PartShape, wanted: PartShape): string | undefined {
  const types = new Map(wanted.columns);
  for (const [name, type] of held.columns) {
    const now = types.get(name);
    if (now !== undefined && now !== type && !isWider(type, now))
      return `their column "${name}" is of the type ${type}, and is declared as ${now} now`;
  }
  if (held.upsert || wanted.upsert) return whyOtherRows(held, wanted);
  const { partitionBy = [] } = held;
  if (partitionBy.length > 0 && partitionBy.join() !== wanted.partitionBy?.join())
    return `they are partitioned by ${partitionBy.join(', ')}, and otherwise now`;
  if (held.sortBy.length === 0 || held.sortBy.join() === wanted.sortBy.join()) return undefined;
  return `they are sorted by ${held.sortBy.join(', ')}, and other than that now`;
}

/** One row a key is in one order, whatever it is sorted by. */
function whyOtherRows(held: PartShape, wanted: PartShape): string | undefined {
  if (!held.upsert) return 'they have all rows, and not one of each key';
  const { key, deletedWhere } = held.upsert;
  if (!wanted.upsert) return `they have one row of each key (${key.join(', ')}), and all rows are wanted now`;
  if (key.join() !== wanted.upsert.key.join())
    return `they have one row of each ${key.join(', ')}, and the key is ${wanted.upsert.key.join(', ')} now`;
  const types = new Map(wanted.columns);
  const other = held.columns.find(([name, type]) => key.includes(name) && types.get(name) !== type);
  // Which part has a key follows from how it is written.
  if (other) return `the type of their key's column "${other[0]}" is ${other[1]}, and is another now`;
  if (deletedWhere === undefined || deletedWhere === wanted.upsert.deletedWhere) return undefined;
  return `what "${deletedWhere}" deletes is not in them, and curated.upsert.deletedWhere is otherwise now`;
}
