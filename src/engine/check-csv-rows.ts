import type { CsvJudge } from './judge-csv-rows';
import type { CsvRow } from './scan-csv';
import type { TableRow } from './table-row';

/** Judges the data rows of a CSV file, field by field. A header that cannot be read ends the reading. */
export async function* checkCsvRows(
  batches: AsyncIterable<CsvRow[]>,
  judge: CsvJudge,
): AsyncGenerator<TableRow[]> {
  for await (const batch of batches) {
    judge.hasBegun = true;
    let first = 0;
    if (!judge.isReady) {
      const header = batch[0];
      if (header === undefined) continue;
      if (!judge.readHeader(header)) return;
      first = 1;
    }
    const rows: TableRow[] = [];
    for (let index = first; index < batch.length; index += 1) rows.push(judge.judge(batch[index] as CsvRow));
    if (rows.length > 0) yield rows;
  }
  judge.end();
}
