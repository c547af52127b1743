import type { FindingCollector } from '../checks/collect-findings';
import { compileColumn, describeType, toCanonicalColumn } from '../checks/compile-column';
import { compileJsonColumn } from '../checks/compile-json-column';
import type { JsonValue } from '../checks/json-value';
import { readHeader } from '../checks/read-header';
import { isFault, type Fault, type ReadValue } from '../checks/value-reader';
import { isNested } from '../definition/column-type';
import type { HeaderPolicy } from '../definition/header-policy';
import type { Column } from '../definition/read-column';
import { planColumn, type PlannedColumn } from './parquet-plan';
import type { SchemaNode } from './parquet-schema';
import { jsonTextOf } from './raw-json';
import type { TableValue } from './table-row';
import { tellOnceInRow } from './tell-once-in-row';

/** A text, or what is nested; null, or undefined for what is no value of its type, or larger than a row may be. */
export type ParquetValue = string | JsonValue | undefined;

/** Where a column of the table is in the file, and how its values are judged. */
export interface ParquetPlace extends PlannedColumn {
  /** @returns undefined when `findings` were told what is wrong with it */
  judge: (value: ParquetValue, row: number) => TableValue;
}

export const describeValue = (value: ParquetValue): string =>
  value === null || typeof value === 'object' ? jsonTextOf(value) : JSON.stringify(value ?? null);

function compileTextJudge(column: Column, findings: FindingCollector): ParquetPlace['judge'] {
  const read = compileColumn(toCanonicalColumn(column));
  const wrong: Fault = { code: 'type', expected: describeType(column.type) };
  const nullValue: Fault | null = column.nullable ? null : { code: 'null', expected: 'a value' };
  const readText = (text: string | null | undefined): ReadValue =>
    text === null ? nullValue : text === undefined ? wrong : read(text, true);
  return (value, row) => {
    const text = value as string | null | undefined;
    const found = readText(text);
    if (!isFault(found)) return found;
    findings.addValue(found, column, row, 0, text ?? 'a value that is no text');
    return undefined;
  };
}

function compileNestedJudge(column: Column, findings: FindingCollector): ParquetPlace['judge'] {
  const read = compileJsonColumn(toCanonicalColumn(column));
  const teller = tellOnceInRow(findings);
  return (value, row) => {
    teller.begin(row, 0);
    if (value !== undefined) return read(value as JsonValue, teller.tell);
    findings.addToRow({ code: 'row-too-large', row, line: 0 });
    return undefined;
  };
}

/** Where each column of the table is in the file, and how it is read; undefined for those that cannot be. */
export function placeColumns(
  fields: readonly SchemaNode[],
  columns: readonly Column[],
  policy: HeaderPolicy,
  findings: FindingCollector,
): (ParquetPlace | undefined)[] {
  const names = fields.map(({ element }) => element.name);
  const places = readHeader(names, columns, policy, findings);
  return columns.map((column, index) => {
    const field = fields[places[index] ?? -1];
    const planned = field && planColumn(column, field, findings);
    if (!planned) return undefined;
    const compile = isNested(column.type) ? compileNestedJudge : compileTextJudge;
    return { ...planned, judge: compile(column, findings) };
  });
}
