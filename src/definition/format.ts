/** How the files of a table are written. A `.gz` at the end of a file's name means gzip around it. */
export type Format =
  { name: 'csv'; delimiter: string; quote: string } | { name: 'json-lines' } | { name: 'json' };

/** Comma-separated values as RFC 4180 has them, in UTF-8, the first record naming the columns. */
export function csv(options: { delimiter?: string; quote?: string } = {}): Format {
  // What it does not know is kept, so that it is refused by name.
  return { ...options, name: 'csv', delimiter: options.delimiter ?? ',', quote: options.quote ?? '"' };
}

/** One JSON object a line. */
export const jsonLines = (): Format => ({ name: 'json-lines' });

/** One JSON array of objects. */
export const json = (): Format => ({ name: 'json' });

/** The endings (without `.gz`) that a file of this format may have. */
export function formatEndings(format: Format): readonly string[] {
  switch (format.name) {
    case 'csv':
      return format.delimiter === '\t' ? ['.tsv', '.csv'] : ['.csv'];
    case 'json-lines':
      return ['.jsonl', '.ndjson'];
    case 'json':
      return ['.json'];
  }
}
