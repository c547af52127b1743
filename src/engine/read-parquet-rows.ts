import { join } from 'node:path';
import type { FindingCollector } from '../checks/collect-findings';
import type { TableFormat } from '../definition/format';
import type { HeaderPolicy } from '../definition/header-policy';
import type { Column } from '../definition/read-column';
import type { Codecs } from './parquet-codecs';
import { ParquetFault, decoding } from './parquet-fault';
import { openParquet, spool, type ParquetFile } from './parquet-file';
import { loadParquetLibrary } from './parquet-library';
import { countValues, openRowGroup } from './parquet-row-group';
import { describeValue, placeColumns, type ParquetPlace, type ParquetValue } from './place-parquet-columns';
import type { RowVerdict, TableRow, TableValue } from './table-row';
import { findExcess } from './unpack-source';
import { loadZstd } from './unpack-zstd';

interface ParquetRead {
  format: Pick<TableFormat, 'limits'>;
  header: HeaderPolicy;
  columns: readonly Column[];
  tempFolder?: string;
}

const MOST_ROWS = 10_000;

type Places = readonly (ParquetPlace | undefined)[];

/** @param columns the values of each column, as many as there are rows; none of one that cannot be read */
function judgeRow(
  columns: readonly (readonly ParquetValue[] | undefined)[],
  index: number,
  row: number,
  places: Places,
  rowPasses: RowVerdict | undefined,
): TableRow {
  const values = columns.map(
    (column, place): TableValue => column && (places[place] as ParquetPlace).judge(column[index], row),
  );
  const passed = !values.includes(undefined) && (rowPasses?.({ row, line: 0, values }) ?? true);
  if (passed) return { row, line: 0, values, passed };
  const raw = (): string => `[${columns.map((column) => describeValue(column?.[index])).join(',')}]`;
  return { row, line: 0, values, passed, raw };
}

async function* readRowGroup(
  file: ParquetFile,
  group: ParquetFile['metadata']['row_groups'][number],
  codecs: Codecs,
  { places, mostInRow }: { places: Places; mostInRow: number },
  firstRow: number,
  rowPasses: RowVerdict | undefined,
): AsyncGenerator<TableRow[]> {
  const rows = Number(group.num_rows);
  if (rows === 0) return;
  const sources = openRowGroup(file, group, codecs, places, mostInRow);
  for (let done = 0; done < rows;) {
    let count = Math.min(MOST_ROWS, rows - done);
    for (const source of sources) if (source) count = Math.min(count, await source.ready());
    const from = firstRow + done;
    const columns = decoding('a page', 0, () =>
      sources.map((source) => source && Array.from({ length: count }, (): ParquetValue => source.next())),
    );
    yield Array.from({ length: count }, (_, index) =>
      judgeRow(columns, index, from + index, places, rowPasses),
    );
    done += count;
  }
  for (const source of sources) source?.finish();
}

/**
 * The rows of a Parquet file, row group by row group and page by page, so that memory is bounded by a page of each
 * column. It is put into `tempFolder` first, since it is read from its end. Values are judged as their exact text, by the
 * same checks as those of JSON; what breaks the file ends the reading.
 */
export async function* readParquetRows(
  source: AsyncIterable<Uint8Array>,
  { format, header, columns, tempFolder = '' }: ParquetRead,
  findings: FindingCollector,
  rowPasses?: RowVerdict,
): AsyncGenerator<TableRow[]> {
  const path = join(tempFolder, 'landed.parquet');
  await spool(source, path);
  // Its bytes are none, or not whole.
  if (findings.size > 0) return;
  const [library, zstd] = await Promise.all([loadParquetLibrary(), loadZstd()]);
  let file: ParquetFile | undefined;
  try {
    file = await openParquet(path, library);
    const places = placeColumns(file.fields, columns, header, findings);
    if (places.every((place) => place === undefined)) return;
    const values = countValues(file.metadata, places);
    const excess = findExcess(values, { bytes: file.bytes }, format.limits);
    if (excess) {
      findings.addToFile('unpacks-too-large', {
        ...excess,
        received: `${values} values in ${file.bytes} bytes`,
      });
      return;
    }
    const reading = { places, mostInRow: format.limits.rowCharacters };
    let row = 1;
    for (const group of file.metadata.row_groups) {
      yield* readRowGroup(file, group, { library, zstd, heldBytes: 0 }, reading, row, rowPasses);
      row += Number(group.num_rows);
    }
  } catch (error) {
    if (!(error instanceof ParquetFault)) throw error;
    findings.addToFile(error.code, { received: error.message });
  } finally {
    await file?.close();
  }
}
