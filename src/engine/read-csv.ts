import type { CsvFormat } from '../definition/format';
import { decodeText } from './decode-text';
import { decodeUtf8, type TextBlock } from './decode-utf8';
import { CsvScanner, type CsvRow } from './scan-csv';
import { BackslashCsvScanner } from './scan-csv-backslash';

type Dialect = Omit<CsvFormat, 'name' | 'trailer'>;

async function* scan(
  blocks: AsyncIterable<TextBlock>,
  format: Dialect,
  place?: { row: number; line: number },
): AsyncGenerator<CsvRow[]> {
  const Scanner = format.escape === 'backslash' ? BackslashCsvScanner : CsvScanner;
  const undecodable = format.encoding === 'utf-8' ? 'not-utf-8' : 'undecodable';
  const scanner = new Scanner({ ...format, undecodable, ...(place && { place }) });
  for await (const { text, badLines } of blocks) yield* scanner.push(text, badLines);
  yield* scanner.end();
}

/**
 * The records of a CSV file in batches, the header as row 0, the first data row as row 1. Memory is bounded by a chunk
 * and the largest record.
 * @throws EncodingFault when a byte order mark says that it is in another encoding
 */
export const readCsv = (source: AsyncIterable<Uint8Array>, format: Dialect): AsyncGenerator<CsvRow[]> =>
  scan(decodeText(source, format.encoding, { lineEnd: format.lineEnd === 'cr' ? '\r' : '\n' }), format);

/** The records of what is left of a UTF-8 file, from one on that stands in its middle. */
export const readCsvFrom = (
  { source, row, line }: { source: AsyncIterable<Uint8Array>; row: number; line: number },
  format: Dialect,
): AsyncGenerator<CsvRow[]> => scan(decodeUtf8(source), format, { row, line });
