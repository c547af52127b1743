/** What a check can find, as data; `describe-finding.ts` has the words. Codes are part of the report's format. */
export type FindingCode =
  // of the delivery
  | 'unknown-file'
  | 'unsafe-key'
  | 'two-tables'
  | 'same-archive-key'
  | 'missing-table'
  | 'too-few-files'
  | 'too-many-files'
  | 'no-files'
  | 'twin-file'
  | 'unusual-files'
  | 'unusual-rows'
  | 'unusual-bytes'
  | 'bad-manifest'
  | 'listed-file-missing'
  | 'unlisted-file'
  // of a file
  | 'empty-file'
  | 'wrong-compression'
  | 'damaged-compression'
  | 'double-compression'
  | 'unpacks-too-large'
  | 'wrong-encoding'
  | 'not-utf-8'
  | 'changed-while-read'
  | 'missing-column'
  | 'unknown-column'
  | 'duplicate-column'
  | 'column-order'
  | 'too-few-rows'
  | 'too-many-rows'
  | 'too-many-rejects'
  | 'too-few-bytes'
  | 'too-many-bytes'
  | 'listed-bytes'
  | 'listed-rows'
  | 'listed-checksum'
  | 'missing-trailer'
  | 'trailer-count'
  | 'column-type'
  | 'malformed-parquet'
  | 'unsupported-parquet'
  | 'parser-failed'
  // of rows
  | 'field-count'
  | 'bad-quote'
  | 'malformed-json'
  | 'row-too-large'
  | 'undecodable'
  | 'blank-line'
  | 'line-length'
  | 'repeated-json-key'
  | 'too-deep'
  | 'unparsed-record'
  // of values
  | 'null'
  | 'type'
  | 'enum'
  | 'pattern'
  | 'min-length'
  | 'max-length'
  | 'min'
  | 'max'
  | 'refinement'
  | 'duplicate-key'
  | 'null-in-key'
  | 'row-check'
  | 'unique'
  // between files
  | 'missing-reference'
  | 'reference-left-out';

export interface FindingSample {
  /** Data row, the first being 1. */
  row: number;
  /** Line of the (unpacked) file on which the row begins, the first being 1. */
  line: number;
  /** Absent where the column is sensitive. */
  value?: string;
  /** Where the value stands that this one repeats, when that is in another file. */
  first?: { file: string; row: number; line: number };
}

/** One check that one file (or delivery) failed: once for each (file, column or row check, code), however many rows. */
export interface Finding {
  code: FindingCode;
  table?: string;
  /** The key in land. */
  file?: string;
  /** The table's name for the column; for an unknown column its header. */
  column?: string;
  /** The name of the row check, where it is about one. */
  check?: string;
  /** What the schema asks for, in short. */
  expected?: string;
  /** What was there instead, where it is no value of a row. */
  received?: string;
  /** Of a missing column: the name in the header that may be meant. Of an unknown one: the name that it may mean. */
  looksLike?: string;
  /** How many rows (or fields of the header, or files) it is about. */
  count: number;
  /** The first few of them. */
  samples: FindingSample[];
}
