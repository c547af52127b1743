import type { ColumnSchema, Columns } from './column';
import type { CurationDefinition } from './curation';
import type { CustomFormat } from './custom-format';
import type { ForeignKey } from './foreign-key';
import type { Format } from './format';
import type { HeaderPolicy } from './header-policy';
import type { RowCheck } from './row-check';
import type { Transform } from './transform';
import type { DeliveryVolumes, HistoryDefinition } from './volumes';

/**
 * How a table's processed objects are kept. `rebuild`: for good, since curated is made of all of them. `delta`: until they
 * are published, since curated is made of what is published and of what is new.
 */
export type TableMode = 'rebuild' | 'delta';

/** A table as the user writes it. `C`: the columns that land; `O`: those that are processed; `K`: those that are curated. */
export interface TableDefinition<C extends Columns = Columns, O extends Columns = C, K extends Columns = O> {
  description?: string;
  /** The table's folder in land, raw-hist, raw and processed. @default the name with hyphens, and `-data` */
  folder?: string;
  files?: {
    /** Must match the whole name of a file. Others in the folder are refused. @default any name with the format's ending */
    name?: RegExp;
    /** A delivery without a file of this table is refused. @default true */
    required?: boolean;
    /** How many files a delivery may have, if it has any. */
    min?: number;
    max?: number;
    /** How large a file may be, in bytes as it lies in land, packed or not. @default any size */
    minBytes?: number;
    maxBytes?: number;
  };
  /** What a function such as `csv()` makes, or `{ endings, parse }`: a parser of one's own. @default csv() */
  format?: Format | CustomFormat<NoInfer<C>>;
  /** The columns of the landed file; all of them and no others, unless `header` allows it. */
  columns: C;
  /** How far a file's header may be other than declared. */
  header?: Partial<HeaderPolicy>;
  /** No two rows of the table in a delivery have the same values here, and none is null. */
  primaryKey?: readonly (keyof NoInfer<C> & string)[];
  /** What rows must be as a whole, asked of each row whose columns have passed. */
  rowChecks?: readonly RowCheck<C>[];
  /** Rows of other tables (or of this one) that every row must refer to. */
  foreignKeys?: readonly ForeignKey<keyof NoInfer<C> & string>[];
  /** How many rows a file may have. @default at least 1 */
  rows?: { min?: number; max?: number };
  /**
   * Rows that do not pass are left out of processed and kept, with the reasons, in the `rejects` area, as long as they
   * are no more than this; a row counts as rejected for what is wrong with the row itself, never for its file's header,
   * packing or keys. @default every row must pass
   */
  rejects?: {
    /** Of each file. */
    maxRows?: number;
    /** Of each file's rows, from 0 to 1. */
    maxShare?: number;
  };
  /** What all its files of a delivery may come to, if it has any. */
  delivery?: DeliveryVolumes;
  /** How far a delivery may be from those before it. */
  history?: HistoryDefinition;
  transform?: Transform<C, O>;
  /**
   * Whether what is processed is kept (`rebuild`), or deleted once it is published and verified (`delta`). The rows that
   * readers see are the same.
   * @default 'rebuild'
   */
  mode?: TableMode;
  processed?: {
    /** A file whose JSON lines are more than this, in bytes before gzip, becomes several objects. @default 500 MiB */
    objectBytes?: number;
  };
  /** How curated is made of processed. */
  curated?: CurationDefinition<O, K>;
}

declare const madeByTable: unique symbol;
/** A table that `table()` has type-checked; `definePipeline` takes no other. */
export type CheckedTable<
  C extends Columns = Columns,
  O extends Columns = Columns,
  F extends readonly ForeignKey[] = readonly ForeignKey[],
  K extends Columns = O,
> = TableDefinition<Columns, Columns> & {
  readonly [madeByTable]: { landed: C; processed: O; curated: K; foreignKeys: F };
};

/** What the compiler knows of a table that `table()` has made. */
export type KnownOf<T extends CheckedTable> = T[typeof madeByTable];

/** Declares a table. Its only work is done by the compiler: keys, sort columns and transforms must name columns. */
export function table<
  const C extends Readonly<Record<string, ColumnSchema>>,
  const O extends Readonly<Record<string, ColumnSchema>> = C,
  const F extends readonly ForeignKey<keyof NoInfer<C> & string>[] = readonly [],
  const K extends Readonly<Record<string, ColumnSchema>> = O,
>(
  definition: TableDefinition<C, O, K> & { foreignKeys?: F },
): CheckedTable<NoInfer<C>, NoInfer<O>, NoInfer<F>, NoInfer<K>> {
  return definition as unknown as CheckedTable<NoInfer<C>, NoInfer<O>, NoInfer<F>, NoInfer<K>>;
}
