import type { FindingCollector } from '../checks/collect-findings';
import type { TableFormat } from '../definition/format';
import type { HeaderPolicy } from '../definition/header-policy';
import type { Column } from '../definition/read-column';
import { checkCsvRows } from './check-csv-rows';
import { checkCsvTrailer } from './check-csv-trailer';
import { checkJsonRows, createJsonJudge } from './check-json-rows';
import { EncodingFault } from './decode-text';
import { CsvJudge } from './judge-csv-rows';
import { readCsv } from './read-csv';
import { readCsvRows } from './read-csv-rows';
import { readJsonArray, readJsonLines, readJsonLinesRows } from './read-json';
import type { ParsedFile } from './parser-errors';
import { readParsedRows } from './read-parsed-rows';
import { readParquetRows } from './read-parquet-rows';
import { splitFixedWidth } from './split-fixed-width';
import { toRowBatches, type RowBatch } from './row-batch';
import type { RowVerdict, TableRow } from './table-row';

/** What must be known of a table for its files to be read. */
export interface TableRead {
  format: TableFormat;
  header: HeaderPolicy;
  columns: readonly Column[];
  /** Where a file may be put that cannot be read from its beginning to its end. */
  tempFolder?: string;
  /** What a parser is told of the file; needed where the format is one. */
  parsedFile?: ParsedFile;
}

const ONE_FIELD_A_LINE = { delimiter: '', quote: null, escape: 'doubled', header: false } as const;

function readRows(
  source: AsyncIterable<Uint8Array>,
  table: TableRead,
  findings: FindingCollector,
  rowPasses: RowVerdict | undefined,
): AsyncGenerator<RowBatch> {
  const { format, columns } = table;
  const headers = columns.map((column) => column.header);
  const asBatches = (rows: AsyncIterable<TableRow[]>): AsyncGenerator<RowBatch> =>
    toRowBatches(rows, columns.length);
  switch (format.name) {
    case 'csv':
      return readCsvRows(source, format, new CsvJudge({ ...table, format }, findings, rowPasses));
    case 'fixed-width': {
      const dialect = { ...format, ...ONE_FIELD_A_LINE };
      const records = checkCsvTrailer(readCsv(source, dialect), dialect, findings);
      const judge = new CsvJudge({ ...table, format: dialect }, findings, rowPasses);
      return asBatches(checkCsvRows(splitFixedWidth(records, format, columns), judge));
    }
    case 'json-lines': {
      const judge = createJsonJudge(table, findings, rowPasses);
      // A row check asks for texts.
      if (!rowPasses) return readJsonLinesRows(source, columns, format, judge);
      return asBatches(checkJsonRows(readJsonLines(source, headers, format), judge));
    }
    case 'json': {
      const judge = createJsonJudge(table, findings, rowPasses);
      return asBatches(checkJsonRows(readJsonArray(source, headers, format), judge));
    }
    case 'parquet':
      return asBatches(readParquetRows(source, table, findings, rowPasses));
    case 'custom': {
      const { parsedFile } = table;
      if (!parsedFile) throw new Error('a parser must be told which file it reads');
      return asBatches(readParsedRows(source, { ...table, format, parsedFile }, findings, rowPasses));
    }
  }
}

/**
 * Every data row of a file, judged, by `rowPasses` when its columns have passed: the one way from bytes to values,
 * whoever asks. What is wrong goes to `findings`; malformed rows are given too, so that rows can be counted.
 */
export async function* readTableRows(
  source: AsyncIterable<Uint8Array>,
  table: TableRead,
  findings: FindingCollector,
  rowPasses?: RowVerdict,
): AsyncGenerator<RowBatch> {
  try {
    yield* readRows(source, table, findings, rowPasses);
  } catch (error) {
    if (!(error instanceof EncodingFault)) throw error;
    findings.addToFile('wrong-encoding', { expected: error.expected, received: error.received });
  }
}
