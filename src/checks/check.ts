import type { FindingCode } from './finding';

/** What a check looks at: all files together, the files of a table, one file, its records, or the values of a column. */
export type CheckScope = 'delivery' | 'table' | 'file' | 'row' | 'value';

/** One check that a table declares, as data. Its code and column are those of the finding when it fails. */
export interface Check {
  code: FindingCode;
  column?: string;
  /** The name of a row check. */
  check?: string;
  of: CheckScope;
  /** What holds when it passes. */
  title: string;
  /** What the schema asks for, in short. */
  expected?: string;
}

/** Every code has its place and its words here, so that none can be found that no report lists. */
export const CHECKS: Readonly<Record<FindingCode, { of: CheckScope; title: string }>> = {
  'unknown-file': { of: 'delivery', title: 'belongs to a table' },
  'unsafe-key': { of: 'delivery', title: 'has a usable name' },
  'two-tables': { of: 'delivery', title: 'belongs to one table only' },
  'same-archive-key': { of: 'delivery', title: 'has a name of its own in the archive' },
  'missing-table': { of: 'table', title: 'has the files it needs' },
  'too-few-files': { of: 'table', title: 'has enough files' },
  'too-many-files': { of: 'table', title: 'has not too many files' },
  'no-files': { of: 'delivery', title: 'has files' },
  'twin-file': { of: 'delivery', title: 'has a name that can be told from others' },
  'unusual-files': { of: 'table', title: 'as many files as in earlier deliveries' },
  'unusual-rows': { of: 'table', title: 'as many rows as in earlier deliveries' },
  'unusual-bytes': { of: 'table', title: 'as many bytes as in earlier deliveries' },
  'bad-manifest': { of: 'delivery', title: "supplier's manifest can be read" },
  'listed-file-missing': { of: 'delivery', title: "all that the supplier's manifest lists is there" },
  'unlisted-file': { of: 'delivery', title: "listed in the supplier's manifest" },
  'empty-file': { of: 'file', title: 'not empty' },
  'wrong-compression': { of: 'file', title: 'packed as its name says' },
  'damaged-compression': { of: 'file', title: 'packing whole and sound' },
  'double-compression': { of: 'file', title: 'packed once' },
  'unpacks-too-large': { of: 'file', title: 'not too large once unpacked' },
  'wrong-encoding': { of: 'file', title: 'in the declared encoding' },
  'not-utf-8': { of: 'row', title: 'in UTF-8' },
  'changed-while-read': { of: 'file', title: 'unchanged while it is read' },
  'missing-column': { of: 'value', title: 'column is there' },
  'unknown-column': { of: 'file', title: 'no unknown columns' },
  'column-order': { of: 'file', title: 'columns in the declared order' },
  'duplicate-column': { of: 'file', title: 'no column twice' },
  'too-few-rows': { of: 'file', title: 'enough rows' },
  'too-many-rows': { of: 'file', title: 'not too many rows' },
  'too-few-bytes': { of: 'file', title: 'enough bytes' },
  'too-many-bytes': { of: 'file', title: 'not too many bytes' },
  'listed-bytes': { of: 'file', title: "bytes as the supplier's manifest says" },
  'listed-rows': { of: 'file', title: "rows as the supplier's manifest says" },
  'listed-checksum': { of: 'file', title: "checksum as the supplier's manifest says" },
  'too-many-rejects': { of: 'file', title: 'not too many rejected rows' },
  'missing-trailer': { of: 'file', title: 'trailer is there' },
  'trailer-count': { of: 'file', title: 'as many rows as the trailer says' },
  'column-type': { of: 'value', title: 'type of the column in Parquet' },
  'malformed-parquet': { of: 'file', title: 'well-formed Parquet' },
  'unsupported-parquet': { of: 'file', title: 'Parquet that can be read' },
  'blank-line': { of: 'row', title: 'no blank lines' },
  'line-length': { of: 'row', title: 'as long as its fields' },
  undecodable: { of: 'row', title: 'in the declared encoding' },
  'repeated-json-key': { of: 'row', title: 'no JSON key twice' },
  'too-deep': { of: 'row', title: 'not nested too deep' },
  'field-count': { of: 'row', title: 'as many fields as the header' },
  'bad-quote': { of: 'row', title: 'quotes and line ends as in RFC 4180' },
  'malformed-json': { of: 'row', title: 'well-formed JSON' },
  'parser-failed': { of: 'file', title: 'read to its end by the parser' },
  'unparsed-record': { of: 'row', title: 'records that the parser can read' },
  'row-too-large': { of: 'row', title: 'no row too large' },
  null: { of: 'value', title: 'not null' },
  type: { of: 'value', title: 'type' },
  enum: { of: 'value', title: 'allowed values' },
  pattern: { of: 'value', title: 'pattern' },
  'min-length': { of: 'value', title: 'smallest length' },
  'max-length': { of: 'value', title: 'largest length' },
  min: { of: 'value', title: 'minimum' },
  max: { of: 'value', title: 'maximum' },
  refinement: { of: 'value', title: 'refinement' },
  'row-check': { of: 'row', title: 'row check' },
  unique: { of: 'row', title: 'values unique' },
  'missing-reference': { of: 'row', title: 'reference to a row that is there' },
  'reference-left-out': { of: 'table', title: 'refers to no table that is left out' },
  'duplicate-key': { of: 'row', title: 'primary key unique' },
  'null-in-key': { of: 'row', title: 'primary key not null' },
};

/** Names that a file makes up are no checks of their own: all of them fail one. */
const OF_ANY_NAME: ReadonlySet<FindingCode> = new Set(['unknown-column', 'duplicate-column']);

/** The same for a check and for every finding that says that it failed. */
export function checkId({
  code,
  column,
  check,
}: {
  code: FindingCode;
  column?: string;
  check?: string;
}): string {
  const subject = column ?? check;
  return subject === undefined || OF_ANY_NAME.has(code) ? code : `${code} ${subject}`;
}
