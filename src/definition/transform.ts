import type { DataFrame, Expr, LazyDataFrame } from 'nodejs-polars';
import type pl from 'nodejs-polars';
import type { Columns } from './column';
import type { Column } from './read-column';
import type { Row } from './row-check';

/** Lines into the worker's log: the first 100 of a file, and how many there were beyond them. */
export interface TransformLog {
  /** @param data plain data, which is cut where it is large: no values of sensitive columns */
  info: (data: Readonly<Record<string, unknown>>, words: string) => void;
  warn: (data: Readonly<Record<string, unknown>>, words: string) => void;
}

/** What a transform may know and tell beside its rows. Nothing here changes when the same file is processed again. */
export interface TransformContext {
  pipeline: string;
  table: string;
  /** The landed file's name, without timestamp. */
  file: string;
  fileLandTimestamp: number;
  /** The image's tag. */
  version: string;
  /** Of a table with sensitive columns only how many lines there were, since any of them may hold their values. */
  log: TransformLog;
  /**
   * Counts something by a name of its own, such as `without_court`; the sums stand in the run's report, by file and table.
   * @param by a safe integer, also below 0 @default 1
   * @throws TransformError when the name is no lower snake identifier or the 51st of the file, or `by` or the sum is no
   * safe integer
   */
  count: (name: string, by?: number) => void;
}

export interface TransformInput<C extends Columns> {
  /** The checked rows of one file, in its order, typed as the table's columns say. */
  frame: LazyDataFrame;
  /** The table's columns as Polars expressions: a name that is not there does not compile. */
  columns: { readonly [K in keyof C]: Expr };
  pl: typeof pl;
  context: TransformContext;
}

/** What a transform of frames gives: best a lazy frame, since one that is collected is in memory as a whole. */
export type TransformedFrame = LazyDataFrame | DataFrame;

interface Transforming<O extends Columns> {
  /** The columns that come out: all of them, no others; checked against what does. */
  columns: O;
}

interface Keeping {
  /**
   * `kept`: as many rows come out as go in, and a run in which they do not fails. `changed`: it filters or
   * explodes rows, and the report says by how many. @default 'kept'
   */
  rows?: 'kept';
}

interface Changing {
  rows: 'changed';
}

/** F2 in Polars: all rows of a file at once. */
export type FrameTransform<C extends Columns, O extends Columns> = Transforming<O> &
  (Keeping | Changing) & {
    apply: (input: TransformInput<C>) => TransformedFrame | Promise<TransformedFrame>;
    row?: never;
  };

/** F2 in TypeScript: one row after the other, in the order of the file, however large it is. */
export type RowTransform<C extends Columns, O extends Columns> = Transforming<O> & { apply?: never } & (
    | (Keeping & { row: (row: Row<NoInfer<C>>, context: TransformContext) => NoInfer<Row<O>> })
    | (Changing & {
        /** `undefined` leaves the row out. */
        row: (
          row: Row<NoInfer<C>>,
          context: TransformContext,
        ) => NoInfer<Row<O> | readonly Row<O>[] | undefined>;
      })
  );

/** F2: a pure function from the rows that landed to the rows that are processed, and what these look like. */
export type Transform<C extends Columns, O extends Columns> = FrameTransform<C, O> | RowTransform<C, O>;

interface Declared {
  columns: readonly Column[];
  rows: 'kept' | 'changed';
}

export interface DeclaredFrameTransform extends Declared {
  apply: (input: TransformInput<Columns>) => unknown;
}

export interface DeclaredRowTransform extends Declared {
  row: (row: Readonly<Record<string, unknown>>, context: TransformContext) => unknown;
}

/** A transform as the stages see it. */
export type DeclaredTransform = DeclaredFrameTransform | DeclaredRowTransform;

/** Fills in the defaults of a transform whose columns have been read. */
export const declareTransform = (
  { rows = 'kept', ...transform }: Transform<Columns, Columns>,
  columns: readonly Column[],
): DeclaredTransform =>
  transform.row ? { columns, rows, row: transform.row } : { columns, rows, apply: transform.apply };
