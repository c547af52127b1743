import type { FindingCollector } from '../checks/collect-findings';
import { compileColumn } from '../checks/compile-column';
import { readHeader, type ColumnPlace } from '../checks/read-header';
import { isFault } from '../checks/value-reader';
import type { HeaderPolicy } from '../definition/header-policy';
import type { Column } from '../definition/read-column';
import type { CsvRow } from './scan-csv';
import { refuseRow, type RowVerdict, type TableRow, type TableValue } from './table-row';

const isBlank = ({ fields, quoted }: CsvRow): boolean =>
  fields.length === 1 && fields[0] === '' && quoted.length === 0;

/** Judges the data rows of a CSV file, field by field. A header that cannot be read ends the reading. */
export async function* checkCsvRows(
  batches: AsyncIterable<CsvRow[]>,
  { columns, header: policy }: { columns: readonly Column[]; header: HeaderPolicy },
  findings: FindingCollector,
  rowPasses?: RowVerdict,
  hasHeader = true,
): AsyncGenerator<TableRow[]> {
  let checkRow: ((row: CsvRow) => TableRow) | undefined = hasHeader
    ? undefined
    : compileRowCheck(columns.length, [...columns.keys()], columns, findings, rowPasses);
  let isBegun = false;
  for await (const batch of batches) {
    let first = 0;
    isBegun = true;
    if (checkRow === undefined) {
      const header = batch[0];
      if (header === undefined) continue;
      if (header.fault !== undefined) {
        findings.addToFile(header.fault);
        return;
      }
      const places = readHeader(header.fields, columns, policy, findings);
      checkRow = compileRowCheck(header.fields.length, places, columns, findings, rowPasses);
      first = 1;
    }
    const rows: TableRow[] = [];
    for (let index = first; index < batch.length; index += 1) rows.push(checkRow(batch[index] as CsvRow));
    if (rows.length > 0) yield rows;
  }
  if (!isBegun && findings.size === 0) findings.addToFile('empty-file');
}

function compileRowCheck(
  width: number,
  places: readonly ColumnPlace[],
  columns: readonly Column[],
  findings: FindingCollector,
  rowPasses?: RowVerdict,
): (row: CsvRow) => TableRow {
  const readers = columns.map(compileColumn);
  const { length } = columns;
  return (raw) => {
    if (raw.fault !== undefined) {
      const refused = refuseRow(raw, raw.fault, findings, raw.expected);
      return raw.fields.length === 0 ? refused : { ...refused, raw: fieldsOf(raw.fields) };
    }
    const { fields, quoted, row, line } = raw;
    if (fields.length !== width && isBlank(raw)) return refuseRow(raw, 'blank-line', findings);
    if (fields.length !== width)
      return { ...refuseRow(raw, 'field-count', findings, `${width} fields`), raw: fieldsOf(fields) };
    const values = new Array<TableValue>(length);
    let passed = true;
    for (let index = 0; index < length; index += 1) {
      const place = places[index];
      if (place === undefined || place === null) {
        if (place === null) values[index] = null;
        else passed = false;
        continue;
      }
      const text = fields[place] as string;
      const value = (readers[index] as ReturnType<typeof compileColumn>)(text, quoted[place] === true);
      if (isFault(value)) {
        passed = false;
        findings.addValue(value, columns[index] as Column, row, line, text);
      } else values[index] = value;
    }
    passed &&= rowPasses?.({ row, line, values }) ?? true;
    return passed ? { row, line, values, passed } : { row, line, values, passed, raw: fieldsOf(fields) };
  };
}

/** Apart, so that rows which pass pay nothing for it. */
const fieldsOf = (fields: readonly string[]) => (): string => JSON.stringify(fields);
