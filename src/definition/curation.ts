import type { Expr, LazyDataFrame } from 'nodejs-polars';
import type pl from 'nodejs-polars';
import type { z } from 'zod';
import type { Columns } from './column';
import type { Column } from './read-column';
import type { TransformedFrame } from './transform';

export const COMPRESSIONS = ['zstd', 'snappy', 'gzip'] as const;
export type Compression = (typeof COMPRESSIONS)[number];

export const CURATION_SOURCES = ['processed', 'raw-hist'] as const;
/** The area whose files a curated table is made of. */
export type CurationSource = (typeof CURATION_SOURCES)[number];

/** Of JSON lines; what a part takes in memory and temporary space follows from it. */
export const LARGEST_PART_BYTES = 1024 ** 3;
const ROW_GROUP_ROWS = 122_880;

/** What a curation may know beside its rows. */
export interface CurationContext {
  pipeline: string;
  table: string;
  /** The image's tag: of the code that curates, not of that which processed the rows. */
  version: string;
}

export interface CurationInput<O extends Columns> {
  /** Rows of one or several deliveries in their order, as they are processed, with the columns that Landfall adds. */
  frame: LazyDataFrame;
  /** The table's processed columns as Polars expressions: a name that is not there does not compile. */
  columns: { readonly [N in keyof O]: Expr };
  /** The columns that Landfall adds, which come out as they go in: `frame.select(…, ...added)`. */
  added: readonly Expr[];
  pl: typeof pl;
  context: CurationContext;
}

/**
 * From the rows that are processed to those that are curated, row by row: what comes of a row follows from that row alone,
 * since which rows come together changes from delivery to delivery, and files are kept as long as neither their rows
 * nor the image's tag have changed.
 */
export interface CurationTransform<O extends Columns, K extends Columns> {
  /** The columns that come out beside those that Landfall adds: all of them, no others, of exactly these types. */
  columns: K;
  /** As many rows come out as go in. */
  apply: (input: CurationInput<NoInfer<O>>) => TransformedFrame | Promise<TransformedFrame>;
}

/** The names of columns that are true or false, never null. */
type FlagsOf<O extends Columns> = string extends keyof O
  ? string
  : { [N in keyof O]: z.output<O[N]> extends boolean ? N : never }[keyof O] & string;

/** How curated is made of processed. `O`: the columns that are processed; `K`: those that are curated. */
export interface CurationDefinition<O extends Columns, K extends Columns = O> {
  /**
   * Which area's files curated is made of. With `raw-hist` nothing of the table is processed: its archived files are read
   * whenever rows are curated, typed by its columns. For tables without `transform`, `rejects` and a parser of their own.
   * @default 'processed'
   */
  source?: CurationSource;
  /** @default the rows as they are processed */
  transform?: CurationTransform<O, K>;
  /**
   * A folder for each of the values that these have, `year=2024/court=London/`, which readers skip as a whole: few
   * values, in the order of the folders. Columns of the types string, date or int32, not nullable.
   * @default no folders
   */
  partitionBy?: readonly (keyof NoInfer<K> & string)[];
  /**
   * Curated has one row of each primary key: that of the last delivery which has the key, and within a delivery the last in
   * the order of files and rows. `deletedWhere` names a boolean column: where it is true, the row deletes its key.
   * @default all rows of all deliveries
   */
  upsert?: true | { deletedWhere: NoInfer<FlagsOf<O>> };
  /**
   * Each Parquet file is sorted by these, ascending, nulls first.
   * @default the order of deliveries, files and rows; the primary key where there is `upsert`
   */
  sortBy?: readonly (keyof NoInfer<K> & string)[];
  /** @default 'zstd' */
  compression?: Compression;
  /** How many rows a row group has, at most: what a reader can skip by its statistics. @default 122 880 */
  rowGroupRows?: number;
  /**
   * Whether row groups say the smallest and the largest value of each column and how many are null, by which readers skip
   * them. Without, no value stands in a file's footer.
   * @default true
   */
  statistics?: boolean;
  /**
   * How much of processed becomes one Parquet file, at most: bytes of JSON lines before gzip, several times what they
   * take as Parquet; with `source: 'raw-hist'` bytes of archived files as they lie there. No file is ever cut. @default 1 GiB
   */
  maxSourceBytes?: number;
}

/** The same with every default filled in, but for the order and the transform. */
export interface ParquetOptions {
  compression: Compression;
  rowGroupRows: number;
  maxSourceBytes: number;
  /** Absent where they are written: what files follow from is as it was before there was a choice. */
  statistics?: false;
}

/** A curation's transform as the stages see it. */
export interface DeclaredCuration {
  columns: readonly Column[];
  apply: (input: CurationInput<Columns>) => unknown;
}

/** One row a key, as the stages see it. */
export interface DeclaredUpsert {
  key: readonly string[];
  /** A boolean column of processed. */
  deletedWhere: string | undefined;
}

type DeclaredParquet = Pick<
  CurationDefinition<Columns>,
  'compression' | 'rowGroupRows' | 'maxSourceBytes' | 'statistics'
>;

export const readParquetOptions = ({
  compression = 'zstd',
  rowGroupRows = ROW_GROUP_ROWS,
  maxSourceBytes = LARGEST_PART_BYTES,
  statistics = true,
}: DeclaredParquet = {}): ParquetOptions => ({
  ...{ compression, rowGroupRows, maxSourceBytes },
  ...(!statistics && { statistics }),
});
