import type { CsvFormat } from '../definition/format';
import { checkCsvRows } from './check-csv-rows';
import { checkCsvTrailer } from './check-csv-trailer';
import { skipByteOrderMark } from './decode-text';
import type { CsvJudge } from './judge-csv-rows';
import { readCsv, readCsvFrom } from './read-csv';
import { PlainCsvReader } from './read-plain-csv';
import { toRowBatches, type RowBatch } from './row-batch';
import { isPlain } from './scan-plain-csv';

/**
 * The rows of a CSV file, judged: plain ones from their bytes, and from the first that is not plain, as text.
 * @throws EncodingFault when a byte order mark says that it is in another encoding
 */
export async function* readCsvRows(
  source: AsyncIterable<Uint8Array>,
  format: Omit<CsvFormat, 'name'>,
  judge: CsvJudge,
): AsyncGenerator<RowBatch> {
  const width = judge.columns.length;
  if (!isPlain(format)) {
    const records = checkCsvTrailer(readCsv(source, format), format, judge.findings);
    yield* toRowBatches(checkCsvRows(records, judge), width);
    return;
  }
  const plain = new PlainCsvReader(format, judge);
  yield* plain.read(await skipByteOrderMark(source, 'utf-8'));
  if (plain.rest) yield* toRowBatches(checkCsvRows(readCsvFrom(plain.rest, format), judge), width);
  else judge.end();
}
