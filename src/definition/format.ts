import type { CustomFormat, ReadCustomFormat } from './custom-format';
import type { FixedFields, FixedTrim } from './fixed-width';

/** Bounds on what a file may be once it is unpacked, so that a small file cannot fill memory, disk or hours. */
export interface ContentLimits {
  /** Bytes of the file once it is unpacked. @default 64 GiB */
  unpackedBytes: number;
  /** Unpacked bytes for each landed byte, asked from 64 MiB of unpacked bytes on. @default 250 */
  ratio: number;
  /** Characters (UTF-16 units) of one row. @default 16 Mi */
  rowCharacters: number;
  /** Arrays and objects in one another, in JSON. @default 32 */
  depth: number;
}

export const DEFAULT_LIMITS: ContentLimits = {
  unpackedBytes: 64 * 1024 ** 3,
  ratio: 250,
  rowCharacters: 16 * 1024 * 1024,
  depth: 32,
};

/** `utf-16` is told by its byte order mark and must have one; the other two forms may have their own. */
export type TextEncoding = 'utf-8' | 'utf-16' | 'utf-16le' | 'utf-16be' | 'latin1' | 'windows-1252';

interface CsvDialectOptions {
  /** @default ',' */
  delimiter: string;
  /** `null`: no field is in quotes, and a quote is a character like any other. @default '"' */
  quote: string | null;
  /**
   * How a quote stands inside quotes: written twice, or behind a backslash. With `'backslash'` a backslash may stand
   * before a quote, a delimiter or a backslash, in quotes or not, and nowhere else; the bare field `\N` is kept, as a text
   * for `nullTexts`. @default 'doubled'
   */
  escape: 'doubled' | 'backslash';
  /** Whether the first record names the columns; without it fields are in the order of the columns. @default true */
  header: boolean;
  /** Lines that begin with it are left out. @default no comments */
  comment: string | undefined;
  /** Lines before the header (or the first row) that are left out. @default 0 */
  skipLines: number;
  /** A line with nothing in it; in a table of one column it is a row with an empty field. @default 'refused' */
  blankLines: 'refused' | 'skipped';
  /** @default 'utf-8' */
  encoding: TextEncoding;
  /** A carriage return alone ends a record only with `'cr'`, and then a line feed does not. @default 'lf-or-crlf' */
  lineEnd: 'lf-or-crlf' | 'cr';
  /**
   * A last record that is no row and says how many rows there are: its first group is the count. It is matched, whole,
   * against the record's fields joined by the delimiter. @default no trailer
   */
  trailer: { pattern: RegExp } | undefined;
}

export interface CsvFormat extends CsvDialectOptions {
  name: 'csv';
  limits: ContentLimits;
}

export interface JsonLinesFormat {
  name: 'json-lines';
  blankLines: 'refused' | 'skipped';
  limits: ContentLimits;
}

interface FixedWidthDialectOptions extends Omit<
  CsvDialectOptions,
  'delimiter' | 'quote' | 'escape' | 'header' | 'blankLines'
> {
  /** At which ends of a field spaces are no part of the value; other blanks are. @default 'both' */
  trim: FixedTrim;
  /** `'padded'`: a line that ends early goes on with spaces. @default 'refused' */
  shortLines: 'refused' | 'padded';
  /** @default 'refused' */
  blankLines: 'refused' | 'skipped';
}

export interface FixedWidthFormat extends FixedWidthDialectOptions {
  name: 'fixed-width';
  fields: FixedFields;
  limits: ContentLimits;
}

/** How the files of a table are written. A `.gz` or `.zst` at the end of a file's name means gzip or zstd around it. */
export type Format =
  | CsvFormat
  | FixedWidthFormat
  | JsonLinesFormat
  | { name: 'json'; limits: ContentLimits }
  | { name: 'parquet'; limits: ContentLimits };

/** The format of a table as the stages see it. */
export type TableFormat = Format | ReadCustomFormat;

type OptionsOf<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

export interface FormatOptions {
  limits?: Partial<ContentLimits>;
}

export interface CsvOptions extends OptionsOf<CsvDialectOptions>, FormatOptions {}

export interface FixedWidthOptions extends OptionsOf<FixedWidthDialectOptions>, FormatOptions {
  /** The width of each column's field, in the order in which they stand, or where it starts. */
  fields: FixedFields;
}

/** Defaults filled in; what is unknown is kept, so that `definePipeline` can refuse it by name. */
const withLimits = <T extends FormatOptions>({ limits, ...rest }: T) => ({
  ...rest,
  limits: { ...DEFAULT_LIMITS, ...limits },
});

const LINE_DEFAULTS = {
  comment: undefined,
  skipLines: 0,
  blankLines: 'refused',
  encoding: 'utf-8',
  lineEnd: 'lf-or-crlf',
  trailer: undefined,
} as const;

/** Comma-separated values as RFC 4180 has them, in UTF-8, the first record naming the columns. */
export const csv = (options: CsvOptions = {}): CsvFormat => ({
  name: 'csv',
  delimiter: ',',
  quote: '"',
  escape: 'doubled',
  header: true,
  ...LINE_DEFAULTS,
  ...withLimits(options),
});

/** Lines of fields of fixed widths, in characters, in UTF-8 unless it says otherwise; no line is a header. */
export const fixedWidth = ({ fields, ...options }: FixedWidthOptions): FixedWidthFormat => ({
  name: 'fixed-width',
  fields,
  trim: 'both',
  shortLines: 'refused',
  ...LINE_DEFAULTS,
  ...withLimits(options),
});

/** One JSON object a line, in UTF-8. */
export const jsonLines = (
  options: { blankLines?: JsonLinesFormat['blankLines'] } & FormatOptions = {},
): Format => ({ name: 'json-lines', blankLines: 'refused', ...withLimits(options) });

/** One JSON array of objects, in UTF-8. */
export const json = (options: FormatOptions = {}): Format => ({ name: 'json', ...withLimits(options) });

/** Parquet: types must be those of the table, or narrower ones that lose nothing; lists are arrays, groups structs. */
export const parquet = (options: FormatOptions = {}): Format => ({ name: 'parquet', ...withLimits(options) });

/** Fills in what a table's definition leaves out. */
export const readFormat = (given: Format | CustomFormat = csv()): TableFormat =>
  'parse' in given ? { ...withLimits(given), name: 'custom' } : given;

/** The endings (without `.gz` or `.zst`) that a file of this format may have. */
export function formatEndings(format: TableFormat): readonly string[] {
  switch (format.name) {
    case 'csv':
      return format.delimiter === '\t' ? ['.tsv', '.csv'] : ['.csv'];
    case 'fixed-width':
      return ['.txt', '.dat', '.fwf'];
    case 'json-lines':
      return ['.jsonl', '.ndjson'];
    case 'json':
      return ['.json'];
    case 'parquet':
      return ['.parquet'];
    case 'custom':
      return format.endings;
  }
}
