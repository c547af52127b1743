@unmanaged
export class Table {
  delimiter: u32;
  /** Above 255 where there is none. */
  quote: u32;
  fieldCount: u32;
  fields: usize;
  /** Spans of columns that the file leaves out. */
  absentCount: u32;
  absents: usize;
  /** Bytes of a record. */
  largest: u32;
  /** Bytes of a row's spans. */
  rowBytes: u32;
  /** Room for a number a field. */
  escapes: usize;
  /** By byte, 1 where a bare field may end, or is not plain. */
  special: usize;
}
