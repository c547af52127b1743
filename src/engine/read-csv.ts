import { decodeUtf8 } from './decode-utf8';
import { LARGEST_ROW } from './raw-row';
import { CsvScanner, type CsvDialect, type CsvRow } from './scan-csv';

/** The records of a CSV file in batches, the header first, as row 0. Memory is bounded by a chunk and the largest record. */
export async function* readCsv(
  source: AsyncIterable<Uint8Array>,
  {
    delimiter,
    quote,
    largestRow = LARGEST_ROW,
  }: Pick<CsvDialect, 'delimiter' | 'quote'> & Partial<CsvDialect>,
): AsyncGenerator<CsvRow[]> {
  const scanner = new CsvScanner({ delimiter, quote, largestRow });
  for await (const { text, badLines } of decodeUtf8(source)) {
    const rows = scanner.push(text, badLines);
    if (rows.length > 0) yield rows;
  }
  const rows = scanner.end();
  if (rows.length > 0) yield rows;
}
