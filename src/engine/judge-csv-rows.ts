import { compileColumn } from '../checks/compile-column';
import type { FindingCollector } from '../checks/collect-findings';
import { readHeader, type ColumnPlace } from '../checks/read-header';
import { isFault, type ValueReader } from '../checks/value-reader';
import type { HeaderPolicy } from '../definition/header-policy';
import type { Column } from '../definition/read-column';
import type { CsvRow } from './scan-csv';
import { refuseRow, type RowVerdict, type TableRow, type TableValue } from './table-row';

const isBlank = ({ fields, quoted }: CsvRow): boolean =>
  fields.length === 1 && fields[0] === '' && quoted.length === 0;

export interface CsvTable {
  columns: readonly Column[];
  header: HeaderPolicy;
  format: { header: boolean };
}

/** Judges the records of one CSV file, each by its fields. */
export class CsvJudge {
  /** Whether there was a record. */
  hasBegun = false;
  /** Whether it is known where the columns are. */
  isReady: boolean;
  /** Fields of a record. */
  width: number;
  /** Of each column of the table in the file. */
  places: readonly ColumnPlace[];
  readonly columns: readonly Column[];
  readonly readers: readonly ValueReader[];
  private readonly policy: HeaderPolicy;

  constructor(
    { columns, header, format }: CsvTable,
    readonly findings: FindingCollector,
    readonly rowPasses: RowVerdict | undefined,
  ) {
    this.columns = columns;
    this.policy = header;
    this.readers = columns.map(compileColumn);
    this.width = columns.length;
    this.places = [...columns.keys()];
    this.isReady = !format.header;
  }

  /** @returns false when the header cannot be read, so that nothing behind it can be */
  readHeader({ fault, fields }: Pick<CsvRow, 'fault' | 'fields'>): boolean {
    if (fault !== undefined) {
      this.findings.addToFile(fault);
      return false;
    }
    this.places = readHeader(fields, this.columns, this.policy, this.findings);
    this.width = fields.length;
    this.isReady = true;
    return true;
  }

  judge(raw: CsvRow): TableRow {
    const { findings, places, width } = this;
    if (raw.fault !== undefined) {
      const refused = refuseRow(raw, raw.fault, findings, raw.expected);
      return raw.fields.length === 0 ? refused : { ...refused, raw: fieldsOf(raw.fields) };
    }
    const { fields, quoted, row, line } = raw;
    if (fields.length !== width && isBlank(raw)) return refuseRow(raw, 'blank-line', findings);
    if (fields.length !== width)
      return { ...refuseRow(raw, 'field-count', findings, `${width} fields`), raw: fieldsOf(fields) };
    const { length } = this.columns;
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
      const value = (this.readers[index] as ValueReader)(text, quoted[place] === true);
      if (isFault(value)) {
        passed = false;
        findings.addValue(value, this.columns[index] as Column, row, line, text);
      } else values[index] = value;
    }
    passed &&= this.rowPasses?.({ row, line, values }) ?? true;
    return passed ? { row, line, values, passed } : { row, line, values, passed, raw: fieldsOf(fields) };
  }

  /** What is wrong with a file without any record. */
  end(): void {
    if (!this.hasBegun && this.findings.size === 0) this.findings.addToFile('empty-file');
  }
}

/** Apart, so that rows which pass pay nothing for it. */
const fieldsOf = (fields: readonly string[]) => (): string => JSON.stringify(fields);
