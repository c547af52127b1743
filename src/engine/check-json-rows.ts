import type { FindingCollector } from '../checks/collect-findings';
import { compileJsonColumn, type JsonReader } from '../checks/compile-json-column';
import type { JsonValue } from '../checks/json-value';
import { columnFinder } from '../checks/read-header';
import type { HeaderPolicy } from '../definition/header-policy';
import type { Column } from '../definition/read-column';
import type { JsonRecord } from './parse-json-record';
import type { JsonRow } from './scan-json-lines';
import { recordOf } from './raw-json';
import { refuseRow, type RowVerdict, type TableRow, type TableValue } from './table-row';
import { tellOnceInRow } from './tell-once-in-row';

/** Judges one record. */
export type JsonJudge = (raw: JsonRow) => TableRow;

/** Judges records key by key; which may be absent, unknown or written otherwise, the policy says. */
export function createJsonJudge(
  { columns, header: policy }: { columns: readonly Column[]; header: HeaderPolicy },
  findings: FindingCollector,
  rowPasses?: RowVerdict,
): JsonJudge {
  const readers = columns.map(compileJsonColumn);
  const find = columnFinder(columns, policy);
  const teller = tellOnceInRow(findings);

  const checkValues = (
    raw: readonly (JsonValue | undefined)[],
    row: number,
    line: number,
    hasOthers = false,
  ): TableRow => {
    let passed = !hasOthers;
    teller.begin(row, line);
    const values = new Array<TableValue>(columns.length);
    for (let index = 0; index < columns.length; index += 1) {
      const column = columns[index] as Column;
      const given = raw[index];
      if (given === undefined && column.nullable && policy.missing === 'null') {
        values[index] = null;
        continue;
      }
      if (given === undefined) {
        passed = false;
        findings.addToRow({ code: 'missing-column', column: column.name, row, line });
        continue;
      }
      const value = (readers[index] as JsonReader)(given, teller.tell);
      if (value === undefined) passed = false;
      else values[index] = value;
    }
    passed &&= rowPasses?.({ row, line, values }) ?? true;
    return passed
      ? { row, line, values, passed }
      : {
          row,
          line,
          values,
          passed,
          raw: recordOf(columns.map(({ header }, index) => [header, raw[index]])),
        };
  };

  const checkRecord = (record: JsonRecord, row: number, line: number): TableRow => {
    const raw = new Array<JsonValue | undefined>(columns.length);
    let hasOthers = false;
    for (const [key, value] of record) {
      const index = find(key);
      if (index !== undefined && raw[index] === undefined) {
        raw[index] = value;
        continue;
      }
      if (index === undefined && policy.extra === 'ignore') continue;
      hasOthers = true;
      const column = columns[index ?? -1]?.name ?? key;
      findings.addToRow({
        code: index === undefined ? 'unknown-column' : 'duplicate-column',
        column,
        row,
        line,
      });
    }
    const checked = checkValues(raw, row, line, hasOthers);
    if (hasOthers) checked.raw = recordOf([...record]);
    return checked;
  };

  return (raw) => {
    if (raw.values) return checkValues(raw.values, raw.row, raw.line);
    if (raw.record) return checkRecord(raw.record, raw.row, raw.line);
    return refuseRow(raw, raw.fault ?? 'malformed-json', findings);
  };
}

export async function* checkJsonRows(
  batches: AsyncIterable<JsonRow[]>,
  judge: JsonJudge,
): AsyncGenerator<TableRow[]> {
  for await (const batch of batches) yield batch.map(judge);
}
