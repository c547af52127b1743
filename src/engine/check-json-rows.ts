import type { FindingCollector } from '../checks/collect-findings';
import { compileColumn, describeType, toCanonicalColumn } from '../checks/compile-column';
import { isFault, type Fault, type ReadValue, type ValueReader } from '../checks/value-reader';
import type { ColumnType } from '../definition/column-type';
import type { Column } from '../definition/read-column';
import type { JsonRecord, JsonValue } from './parse-json-record';
import type { JsonRow } from './scan-json-lines';
import { refuseRow, type TableRow, type TableValue } from './table-row';

const NUMBERS: ReadonlySet<ColumnType['name']> = new Set([
  'int8',
  'int16',
  'int32',
  'int64',
  'float32',
  'float64',
  'decimal',
]);

function jsonTextOf(value: JsonValue): string {
  if (value === null) return 'null';
  return value.kind === 'number' || value.kind === 'boolean' ? value.text : JSON.stringify(value.text);
}

/** Apart, so that rows which pass pay nothing for it. */
const recordOf = (entries: readonly (readonly [string, JsonValue | undefined])[]) => (): string => {
  const members = entries.flatMap(([key, value]) =>
    value === undefined ? [] : `${JSON.stringify(key)}:${jsonTextOf(value)}`,
  );
  return `{${members.join(',')}}`;
};

type JsonColumnReader = (value: JsonValue) => ReadValue;

/**
 * A JSON string is judged as a quoted field is; a number only where the column is of numbers, by its text; `true` and
 * `false` only where it is boolean. Nothing is turned from one into another.
 */
function compileJsonColumn(column: Column): JsonColumnReader {
  const read: ValueReader = compileColumn(column);
  const wrongKind: Fault = { code: 'type', expected: describeType(column.type) };
  const nullValue: Fault | null = column.nullable ? null : { code: 'null', expected: 'a value' };
  const takesNumbers = NUMBERS.has(column.type.name);
  // The column's own texts are those of strings; JSON's two words need no declaration.
  const readBoolean = column.type.name === 'boolean' ? compileColumn(toCanonicalColumn(column)) : undefined;
  return (value) => {
    if (value === null) return nullValue;
    switch (value.kind) {
      case 'string':
        return read(value.text, true);
      case 'number':
        return takesNumbers ? read(value.text, true) : wrongKind;
      case 'boolean':
        return readBoolean ? readBoolean(value.text, true) : wrongKind;
      case 'nested':
        return wrongKind;
    }
  };
}

/** Judges records key by key. A column that may be null may be absent; a key that is no column is a finding. */
export async function* checkJsonRows(
  batches: AsyncIterable<JsonRow[]>,
  columns: readonly Column[],
  findings: FindingCollector,
): AsyncGenerator<TableRow[]> {
  const readers = columns.map(compileJsonColumn);
  const known = new Set(columns.map((column) => column.header));

  const checkValues = (raw: readonly (JsonValue | undefined)[], row: number, line: number): TableRow => {
    let passed = true;
    const values = new Array<TableValue>(columns.length);
    for (let index = 0; index < columns.length; index += 1) {
      const column = columns[index] as Column;
      const given = raw[index];
      if (given === undefined && column.nullable) {
        values[index] = null;
        continue;
      }
      if (given === undefined) {
        passed = false;
        findings.addToRow({ code: 'missing-column', column: column.name, row, line });
        continue;
      }
      const value = (readers[index] as JsonColumnReader)(given);
      if (isFault(value)) {
        passed = false;
        findings.addValue(value, column, row, line, given?.text ?? '');
      } else values[index] = value;
    }
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
    const checked = checkValues(
      columns.map(({ header }) => record.get(header)),
      row,
      line,
    );
    for (const key of record.keys()) {
      if (known.has(key)) continue;
      checked.passed = false;
      checked.raw = recordOf([...record]);
      findings.addToRow({ code: 'unknown-column', column: key, row, line });
    }
    return checked;
  };

  for await (const batch of batches) {
    yield batch.map((raw) => {
      if (raw.values) return checkValues(raw.values, raw.row, raw.line);
      if (raw.record) return checkRecord(raw.record, raw.row, raw.line);
      return refuseRow(raw, raw.fault ?? 'malformed-json', findings);
    });
  }
}
