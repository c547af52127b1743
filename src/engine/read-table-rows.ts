import type { FindingCollector } from '../checks/collect-findings';
import type { Format } from '../definition/format';
import type { HeaderPolicy } from '../definition/header-policy';
import type { Column } from '../definition/read-column';
import { checkCsvRows } from './check-csv-rows';
import { checkJsonRows } from './check-json-rows';
import { readCsv } from './read-csv';
import { readJsonArray, readJsonLines } from './read-json';
import type { RowVerdict, TableRow } from './table-row';

/** What must be known of a table for its files to be read. */
export interface TableRead {
  format: Format;
  header: HeaderPolicy;
  columns: readonly Column[];
}

/**
 * Every data row of a file, judged, by `rowPasses` when its columns have passed: the one way from bytes to values, whoever asks. What is wrong goes to `findings`;
 * malformed rows are given too, so that rows can be counted.
 */
export function readTableRows(
  source: AsyncIterable<Uint8Array>,
  table: TableRead,
  findings: FindingCollector,
  rowPasses?: RowVerdict,
): AsyncGenerator<TableRow[]> {
  const { format, columns } = table;
  const headers = columns.map((column) => column.header);
  switch (format.name) {
    case 'csv':
      return checkCsvRows(readCsv(source, format), table, findings, rowPasses);
    case 'json-lines':
      return checkJsonRows(readJsonLines(source, headers), table, findings, rowPasses);
    case 'json':
      return checkJsonRows(readJsonArray(source, headers), table, findings, rowPasses);
  }
}
