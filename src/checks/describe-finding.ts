import type { Finding, FindingCode } from './finding';
import { formatShare, plural } from './numbers';
import { printable } from './printable';

function samplesOf({ samples }: Finding): string {
  if (samples.length === 0) return '';
  const shown = samples.map(({ row, line, value, first }) => {
    // Rows that a transform gave have no line in any file.
    const place = line === 0 ? `row ${row}` : `row ${row} (line ${line})`;
    const shownValue = value === undefined ? '' : ` ${JSON.stringify(value)}`;
    const other = first && ` as in row ${first.row} (line ${first.line}) of ${first.file}`;
    return `${place}${shownValue}${other ?? ''}`;
  });
  return `: ${shown.join(', ')}`;
}

const WHOLE_FILE: Partial<Record<FindingCode, (finding: Finding) => string>> = {
  'unknown-file': () => 'belongs to no table of the pipeline',
  'unsafe-key': ({ received }) => `has a name that cannot be used${received ? ` (${received})` : ''}`,
  'two-tables': ({ received }) => `is claimed by more than one table${received ? ` (${received})` : ''}`,
  'same-archive-key': ({ received }) =>
    `would be archived under the same name as another file${received ? ` (${received})` : ''}`,
  'missing-table': () => 'has no file in the delivery, and needs one',
  'too-few-files': ({ expected, received }) =>
    `has too few files: ${received ?? '?'}, expected ${expected ?? 'more'}`,
  'too-many-files': ({ expected, received }) =>
    `has too many files: ${received ?? '?'}, expected ${expected ?? 'fewer'}`,
  'no-files': () => 'has no file of any table',
  'twin-file': ({ received }) =>
    `cannot be told from ${received ?? 'another file'} by eye, or by readers that ignore case or Unicode forms`,
  'unusual-files': ({ expected, received }) =>
    `has an unusual number of files: ${received ?? '?'}, expected ${expected ?? 'as before'}`,
  'unusual-rows': ({ expected, received }) =>
    `has an unusual number of rows: ${received ?? '?'}, expected ${expected ?? 'as before'}`,
  'unusual-bytes': ({ expected, received }) =>
    `has an unusual number of bytes: ${received ?? '?'}, expected ${expected ?? 'as before'}`,
  'bad-manifest': ({ received }) =>
    `is no supplier's manifest that can be used${received ? `: ${received}` : ''}`,
  'listed-file-missing': ({ received }) => `lists ${received ?? 'a file'}, which is not in the delivery`,
  'unlisted-file': () => "is not listed in the supplier's manifest",
  'too-few-bytes': ({ expected, received }) =>
    `has too few bytes: ${received ?? '?'}, expected ${expected ?? 'more'}`,
  'too-many-bytes': ({ expected, received }) =>
    `has too many bytes: ${received ?? '?'}, expected ${expected ?? 'fewer'}`,
  'listed-bytes': ({ expected, received }) =>
    `has ${received ?? 'other'} bytes, and ${expected ?? 'others'} by the supplier's manifest`,
  'listed-rows': ({ expected, received }) =>
    `has ${received ?? 'other'} rows, and ${expected ?? 'others'} by the supplier's manifest`,
  'listed-checksum': ({ expected, received }) =>
    `has the checksum ${received ?? '?'}, and ${expected ?? 'another'} by the supplier's manifest`,
  'empty-file': () => 'is empty',
  'wrong-compression': ({ expected, received }) =>
    `is not what its name says: expected ${expected ?? 'compression'}, got ${received ?? 'other bytes'}`,
  'damaged-compression': ({ expected, received }) =>
    `is no ${expected ?? 'whole compression'}: ${received ?? 'it is damaged or cut off'}`,
  'double-compression': ({ received }) => `is compressed twice${received ? ` (${received})` : ''}`,
  'unpacks-too-large': ({ expected, received }) =>
    `unpacks to too much: ${received ?? 'more'}, expected ${expected ?? 'fewer bytes'}; nothing behind that was read`,
  'wrong-encoding': ({ expected, received }) =>
    `is in another encoding: expected ${expected ?? 'another'}, got ${received ?? 'other bytes'}; none of it was read`,
  'changed-while-read': () => 'changed while it was read',
  'missing-column': ({ column, expected, looksLike }) =>
    `lacks column "${column ?? '?'}"${expected ? ` (${expected}${looksLike === undefined ? '' : `; its "${looksLike}" looks like it`})` : ''}`,
  'unknown-column': ({ column, received, looksLike }) =>
    `has ${column === undefined ? 'other unknown columns' : `an unknown column "${column}"`}${received ? ` (${received}${looksLike === undefined ? '' : `; it looks like "${looksLike}"`})` : ''}`,
  'duplicate-column': ({ column, received }) =>
    `names ${column === undefined ? 'a column' : `column "${column}"`} more than once${received ? ` (${received})` : ''}`,
  'column-order': ({ expected, received }) =>
    `has its columns in another order: expected ${expected ?? '?'}, found ${received ?? '?'}`,
  'reference-left-out': ({ column, expected }) =>
    `refers by ${column ?? '?'} to ${expected ?? 'rows that are left out'}`,
  'too-few-rows': ({ expected, received }) =>
    `has too few rows: ${received ?? '?'}, expected ${expected ?? 'more'}`,
  'too-many-rows': ({ expected, received }) =>
    `has too many rows: ${received ?? '?'}, expected ${expected ?? 'fewer'}`,
  'too-many-rejects': ({ expected, received }) =>
    `has too many rows to reject: ${received ?? '?'}, allowed ${expected ?? 'fewer'}`,
  'missing-trailer': ({ expected }) => `does not end with a trailer${expected ? ` (${expected})` : ''}`,
  'trailer-count': ({ expected, received }) =>
    `has ${expected ?? 'other'} rows, but its trailer says ${received ?? 'otherwise'}`,
  'column-type': ({ column, expected, received }) =>
    `has column "${column ?? '?'}" in a type that does not fit: expected ${expected ?? 'another'}, got ${received ?? 'other'}`,
  'malformed-parquet': ({ received }) => `is no whole Parquet file${received ? `: ${received}` : ''}`,
  'unsupported-parquet': ({ received }) =>
    `uses what Landfall does not read in Parquet${received ? `: ${received}` : ''}`,
  'parser-failed': ({ received }) =>
    `was not read to its end: the parser failed ${received ?? 'without a word'}`,
};

const IN_ROWS: Partial<Record<FindingCode, string>> = {
  'not-utf-8': 'not in UTF-8',
  'field-count': 'with a wrong number of fields',
  'bad-quote': 'with a quote (or a lone carriage return) where RFC 4180 has none',
  'malformed-json': 'of malformed JSON',
  'row-too-large': 'too large (limits.rowCharacters)',
  undecodable: 'not in the encoding of the format',
  'blank-line': 'of blank lines',
  'line-length': 'of another length',
  'repeated-json-key': 'of JSON that names a key twice',
  'unparsed-record': 'that the parser rejects',
  'too-deep': 'of JSON that is nested too deep (limits.depth)',
  null: 'without a value',
  'duplicate-key': 'with a key that an earlier row has',
  'null-in-key': 'with a null in the primary key',
  'missing-column': 'without this key',
  'unknown-column': 'with a key that is no column',
  'duplicate-column': 'with more than one key for this column',
  unique: 'with a value that an earlier row has',
  'missing-reference': 'with a reference to a row that is not there',
};

/**
 * One sentence on a finding: file, column, how many rows and which share of `rows`, what was expected, the first rows,
 * lines and values (none where the column is sensitive). The one place that has these words.
 */
export const describeFinding = (finding: Finding, rows?: number): string =>
  printable(describe(finding, rows));

function describe(finding: Finding, rows: number | undefined): string {
  const subject = finding.file ?? (finding.table === undefined ? 'The delivery' : `Table ${finding.table}`);
  const wholeFile = WHOLE_FILE[finding.code];
  if (finding.samples.length === 0) {
    return `${subject} ${wholeFile?.(finding) ?? `has a header ${IN_ROWS[finding.code] ?? 'that cannot be read'}`}.`;
  }
  const check = finding.check === undefined ? '' : `, row check "${finding.check}"`;
  const column = finding.column === undefined ? check : `, column ${finding.column}`;
  const counted = plural(finding.count, 'row');
  const of = rows ? ` (${formatShare(finding.count / rows)})` : '';
  const what = IN_ROWS[finding.code] ?? 'not as declared';
  const expected = finding.expected === undefined || wholeFile ? '' : `, expected ${finding.expected}`;
  return `${subject}${column}: ${counted}${of} ${what}${expected}${samplesOf(finding)}.`;
}
