import type { Columns } from './column-registry';
import type { ContentLimits } from './format';

declare const made: unique symbol;

/** What a parser yields: `row` and `reject` make it, nothing else is one. */
export interface ParsedRecord {
  readonly [made]: true;
}

/** The texts of a row by the table's names for its columns, each judged by its column as a field of a CSV file is. */
export type RowTexts<C extends Columns> = { readonly [K in keyof C]: string | null };

/** What a parser may know beside the bytes. Nothing here changes when the same file is read again. */
export interface ParserContext<C extends Columns = Columns> {
  pipeline: string;
  table: string;
  /** The landed file's name, without folders. */
  file: string;
  /**
   * A row. `null` is null, and so is a text of the column's `nullTexts`; `''` is the empty text, as `""` in CSV: a value
   * of a string or binary column, null in any other unless its `nullTexts` leave it out.
   *
   * @param texts by column; as a map where names stand in the file
   * @param place `line`: where the row stands, from 1, in whatever the file is counted in
   */
  row: (
    texts: RowTexts<C> | ReadonlyMap<string, string | null>,
    place?: { line?: number | undefined },
  ) => ParsedRecord;
  /**
   * A row that cannot be read. It counts as one, and is rejected where the table allows rejects; else the file is refused.
   *
   * @param reason in words, for whoever has to mend the file
   * @param place `raw`: what stands there, kept with the rejected row
   */
  reject: (reason: string, place?: { line?: number | undefined; raw?: string | undefined }) => ParsedRecord;
}

/**
 * A pure function: the same bytes give the same records in the same order, whenever, wherever and after whichever file
 * it is asked. It is asked at least twice of every file, by F1 and by F2. `bytes` are unpacked; several loops over them go
 * on where the one before stopped. What it throws refuses the file.
 */
export type Parse<C extends Columns = Columns> = (
  bytes: AsyncIterable<Uint8Array>,
  context: ParserContext<C>,
) => AsyncIterable<ParsedRecord>;

/** A format of the user's own, for a table with columns `C`. */
export interface CustomFormat<C extends Columns = Columns> {
  /** Of files' names, in lower case and without `.gz` or `.zst`, such as `.dat`. */
  endings: readonly string[];
  parse: Parse<C>;
  limits?: Partial<ContentLimits>;
}

/** The same with every default filled in. */
export interface ReadCustomFormat {
  name: 'custom';
  endings: readonly string[];
  parse: Parse;
  limits: ContentLimits;
}
