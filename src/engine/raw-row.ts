/** What is wrong with a record as a whole, so that its fields are not looked at. */
export type RowFault =
  | 'bad-quote'
  | 'row-too-large'
  | 'not-utf-8'
  | 'undecodable'
  | 'blank-line'
  | 'line-length'
  | 'malformed-json'
  | 'repeated-json-key'
  | 'too-deep';

/** A record as it stands in the file. */
export interface RawRow {
  /** The header of a CSV file is 0, its first data row 1. */
  row: number;
  /** The line on which the record begins, the first being 1. */
  line: number;
  fault?: RowFault;
  /** What the fault asks for, in short. */
  expected?: string;
}
