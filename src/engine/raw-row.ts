/** What is wrong with a record as a whole, so that its fields are not looked at. */
export type RowFault = 'bad-quote' | 'row-too-large' | 'not-utf-8' | 'malformed-json';

/** A record as it stands in the file. */
export interface RawRow {
  /** The header of a CSV file is 0, its first data row 1. */
  row: number;
  /** The line on which the record begins, the first being 1. */
  line: number;
  fault?: RowFault;
}

/** A larger record is refused, so that a stray quote cannot draw the whole file into memory. In UTF-16 units. */
export const LARGEST_ROW = 16 * 1024 * 1024;
