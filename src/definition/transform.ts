import type { Expr, LazyDataFrame } from 'nodejs-polars';
import type pl from 'nodejs-polars';
import type { Columns } from './column';

/** What a transform may know beside its rows. Nothing here changes when the same file is processed again. */
export interface TransformContext {
  pipeline: string;
  table: string;
  /** The landed file's name, without timestamp. */
  file: string;
  fileLandTimestamp: number;
  /** The image's tag. */
  version: string;
}

export interface TransformInput<C extends Columns> {
  /** The checked rows of one file, in its order, typed as the table's columns say. */
  frame: LazyDataFrame;
  /** The table's columns as Polars expressions: a name that is not there does not compile. */
  columns: { readonly [K in keyof C]: Expr };
  pl: typeof pl;
  context: TransformContext;
}

/** F2: a pure function from the rows that landed to the rows that are processed, and what these look like. */
export interface Transform<C extends Columns, O extends Columns> {
  /** The columns that come out: all of them, no others; checked against what does. */
  columns: O;
  /**
   * `kept`: as many rows come out as go in, and a run in which they do not fails. `changed`: it filters or
   * explodes rows, and the report says by how many. @default 'kept'
   */
  rows?: 'kept' | 'changed';
  apply: (input: TransformInput<C>) => LazyDataFrame;
}
