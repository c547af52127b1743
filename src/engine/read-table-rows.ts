import type { FindingCollector } from '../checks/collect-findings';
import type { Format } from '../definition/format';
import type { Column } from '../definition/read-column';
import { checkCsvRows } from './check-csv-rows';
import { checkJsonRows } from './check-json-rows';
import { readCsv } from './read-csv';
import { readJsonArray, readJsonLines } from './read-json';
import type { RowVerdict, TableRow } from './table-row';

/**
 * Every data row of a file, judged, by `rowPasses` when its columns have passed: the one way from bytes to values, whoever asks. What is wrong goes to `findings`;
 * malformed rows are given too, so that rows can be counted.
 */
export function readTableRows(
  source: AsyncIterable<Uint8Array>,
  { format, columns }: { format: Format; columns: readonly Column[] },
  findings: FindingCollector,
  rowPasses?: RowVerdict,
): AsyncGenerator<TableRow[]> {
  const headers = columns.map((column) => column.header);
  switch (format.name) {
    case 'csv':
      return checkCsvRows(readCsv(source, format), columns, findings, rowPasses);
    case 'json-lines':
      return checkJsonRows(readJsonLines(source, headers), columns, findings, rowPasses);
    case 'json':
      return checkJsonRows(readJsonArray(source, headers), columns, findings, rowPasses);
  }
}
