import type { CsvFormat } from '../definition/format';
import { decodeText } from './decode-text';
import { CsvScanner, type CsvRow } from './scan-csv';
import { BackslashCsvScanner } from './scan-csv-backslash';

/**
 * The records of a CSV file in batches, the header as row 0, the first data row as row 1. Memory is bounded by a chunk
 * and the largest record.
 * @throws EncodingFault when a byte order mark says that it is in another encoding
 */
export async function* readCsv(
  source: AsyncIterable<Uint8Array>,
  format: Omit<CsvFormat, 'name' | 'trailer'>,
): AsyncGenerator<CsvRow[]> {
  const { encoding, lineEnd } = format;
  const Scanner = format.escape === 'backslash' ? BackslashCsvScanner : CsvScanner;
  const scanner = new Scanner({
    ...format,
    undecodable: encoding === 'utf-8' ? 'not-utf-8' : 'undecodable',
  });
  const blocks = decodeText(source, encoding, { lineEnd: lineEnd === 'cr' ? '\r' : '\n' });
  for await (const { text, badLines } of blocks) yield* scanner.push(text, badLines);
  yield* scanner.end();
}
