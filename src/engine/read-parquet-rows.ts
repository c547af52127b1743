import { join } from 'node:path';
import type { FindingCollector } from '../checks/collect-findings';
import { compileColumn, describeType, toCanonicalColumn } from '../checks/compile-column';
import { readHeader } from '../checks/read-header';
import { isFault, type Fault, type ReadValue } from '../checks/value-reader';
import type { Format } from '../definition/format';
import type { HeaderPolicy } from '../definition/header-policy';
import type { Column } from '../definition/read-column';
import type { Codecs } from './parquet-codecs';
import { ParquetColumn } from './parquet-column';
import { ParquetFault, decoding, malformed } from './parquet-fault';
import { openParquet, spool, type ParquetFile } from './parquet-file';
import { loadParquetLibrary } from './parquet-library';
import { describeParquetType, parquetReader, type ToText } from './parquet-types';
import type { RowVerdict, TableRow, TableValue } from './table-row';
import { findExcess } from './unpack-source';
import { loadZstd } from './unpack-zstd';

const MOST_ROWS = 10_000;

type Texts = (string | null | undefined)[];

interface Place {
  field: number;
  toText: ToText;
  judge: (text: string | null | undefined) => ReadValue;
}

function compileJudge(column: Column): Place['judge'] {
  const read = compileColumn(toCanonicalColumn(column));
  const wrong: Fault = { code: 'type', expected: describeType(column.type) };
  const nullValue: Fault | null = column.nullable ? null : { code: 'null', expected: 'a value' };
  return (text) => (text === null ? nullValue : text === undefined ? wrong : read(text, true));
}

/** Where each column of the table is in the file, and how it is read; undefined for those that cannot be. */
function placeColumns(
  { fields }: ParquetFile,
  columns: readonly Column[],
  policy: HeaderPolicy,
  findings: FindingCollector,
): (Place | undefined)[] {
  const places = readHeader(
    fields.map(({ name }) => name),
    columns,
    policy,
    findings,
  );
  return columns.map((column, index) => {
    const field = places[index] as number;
    const element = fields[field];
    if (!element) return undefined;
    const isFlat = element.repetition_type !== 'REPEATED' && element.num_children === undefined;
    const toText = isFlat ? parquetReader(element, column.type) : undefined;
    if (toText) return { field, toText, judge: compileJudge(column) };
    const { name } = column.type;
    const expected = name === 'decimal' ? `decimal(${column.type.precision},${column.type.scale})` : name;
    findings.addToFile('column-type', {
      column: column.name,
      expected: `${expected}, or a narrower one`,
      received: describeParquetType(element),
    });
    return undefined;
  });
}

async function* readRowGroup(
  file: ParquetFile,
  group: ParquetFile['metadata']['row_groups'][number],
  codecs: Codecs,
  { columns, places }: { columns: readonly Column[]; places: readonly (Place | undefined)[] },
  firstRow: number,
  findings: FindingCollector,
  rowPasses: RowVerdict | undefined,
): AsyncGenerator<TableRow[]> {
  const rows = Number(group.num_rows);
  if (rows === 0) return;
  const judgeRow = (texts: readonly (Texts | undefined)[], index: number, row: number): TableRow => {
    let passed = true;
    const values = texts.map((column, place): TableValue => {
      const text = column?.[index];
      const value = column && (places[place] as Place).judge(text);
      if (value !== undefined && !isFault(value)) return value;
      passed = false;
      if (value)
        findings.addValue(value, columns[place] as Column, row, 0, text ?? 'a value that is no text');
      return undefined;
    });
    passed &&= rowPasses?.({ row, line: 0, values }) ?? true;
    return passed
      ? { row, line: 0, values, passed }
      : {
          row,
          line: 0,
          values,
          passed,
          raw: () => JSON.stringify(texts.map((column) => column?.[index] ?? null)),
        };
  };
  const sources = places.map((place) => {
    const element = place && file.fields[place.field];
    if (!element) return undefined;
    const chunk = group.columns.find(
      ({ meta_data: each }) => each?.path_in_schema.length === 1 && each.path_in_schema[0] === element.name,
    )?.meta_data;
    if (chunk?.type !== element.type || chunk?.num_values !== group.num_rows)
      throw malformed(`column "${element.name}" has another number of values than its row group has rows`);
    return new ParquetColumn(file.read, codecs, chunk, element, place.toText, file.dataEnd);
  });
  for (let done = 0; done < rows;) {
    let count = Math.min(MOST_ROWS, rows - done);
    for (const source of sources) if (source) count = Math.min(count, await source.ready());
    const from = firstRow + done;
    const texts = decoding('a page', 0, () =>
      sources.map((source) => source && Array.from({ length: count }, () => source.next())),
    );
    yield Array.from({ length: count }, (_, index) => judgeRow(texts, index, from + index));
    done += count;
  }
  for (const source of sources) source?.finish();
}

/**
 * The rows of a Parquet file, row group by row group and page by page, so that memory is bounded by a page of each
 * column. It is put into `tempFolder` first, since it is read from its end. Values are judged as their exact text; what
 * breaks the file ends the reading.
 */
export async function* readParquetRows(
  source: AsyncIterable<Uint8Array>,
  {
    format,
    header,
    columns,
    tempFolder,
  }: { format: Format; header: HeaderPolicy; columns: readonly Column[]; tempFolder: string },
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
    const places = placeColumns(file, columns, header, findings);
    if (places.every((place) => place === undefined)) return;
    const values = Number(file.metadata.num_rows) * columns.length;
    const excess = findExcess(values, { bytes: file.bytes }, format.limits);
    if (excess) {
      findings.addToFile('unpacks-too-large', {
        ...excess,
        received: `${values} values in ${file.bytes} bytes`,
      });
      return;
    }
    let row = 1;
    for (const group of file.metadata.row_groups) {
      yield* readRowGroup(
        file,
        group,
        { library, zstd, heldBytes: 0 },
        { columns, places },
        row,
        findings,
        rowPasses,
      );
      row += Number(group.num_rows);
    }
  } catch (error) {
    if (!(error instanceof ParquetFault)) throw error;
    findings.addToFile(error.code, { received: error.message });
  } finally {
    await file?.close();
  }
}
