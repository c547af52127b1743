import type { FindingCollector } from '../checks/collect-findings';
import type { FindingCode } from '../checks/finding';
import type { RawRow } from './raw-row';

export type TableValue = string | null | undefined;

/** A row of a table in the order of its columns. */
export interface TableRow {
  row: number;
  line: number;
  /** In canonical form; undefined for one that is at fault, and none at all when the record is. */
  values: TableValue[];
  /** Whether nothing is wrong with it. */
  passed: boolean;
  /** Of a row at fault: what it holds in the file, as JSON text; absent when that cannot be told. */
  raw?: () => string;
}

/** Whether a row whose columns have passed is right as a whole; what is wrong with it has been told. */
export type RowVerdict = (row: Pick<TableRow, 'row' | 'line' | 'values'>) => boolean;

const NO_VALUES: TableValue[] = [];

export function refuseRow(
  { row, line }: RawRow,
  code: FindingCode,
  findings: FindingCollector,
  expected?: string,
): TableRow {
  findings.addToRow({ code, row, line, ...(expected === undefined ? {} : { expected }) });
  return { row, line, values: NO_VALUES, passed: false };
}
