import { innerColumns } from '../definition/column-type';
import type { Format } from '../definition/format';
import type { Table } from '../definition/pipeline';
import type { Column } from '../definition/read-column';
import type { DeclaredRowCheck } from '../definition/row-check';
import { CHECKS, checkId, type Check } from './check';
import { describeType } from './compile-column';
import { describeRule, isImpliedByType } from './describe-rule';
import type { FindingCode } from './finding';

function toCheck(code: FindingCode, expected?: string, column?: string): Check {
  return {
    code,
    ...(column === undefined ? {} : { column }),
    ...CHECKS[code],
    ...(expected === undefined ? {} : { expected }),
  };
}

const ROW_CODES: Readonly<Record<Format['name'], readonly FindingCode[]>> = {
  csv: ['not-utf-8', 'bad-quote', 'field-count', 'row-too-large', 'unknown-column', 'duplicate-column'],
  'json-lines': ['not-utf-8', 'malformed-json', 'row-too-large', 'unknown-column'],
  json: ['not-utf-8', 'malformed-json', 'row-too-large', 'unknown-column'],
};

function listFileChecks({ format, rows, rejects }: Table): Check[] {
  return [
    toCheck('empty-file'),
    toCheck('not-gzip', 'gzip where the name ends with .gz, and only there'),
    toCheck('truncated-gzip'),
    ...(rows.min > 0 ? [toCheck('too-few-rows', `at least ${rows.min}`)] : []),
    ...(rows.max < Number.MAX_SAFE_INTEGER ? [toCheck('too-many-rows', `at most ${rows.max}`)] : []),
    ...(rejects ? [toCheck('too-many-rejects')] : []),
    ...ROW_CODES[format.name].map((code) => toCheck(code)),
  ];
}

/** Columns inside an array or struct are named by their paths, such as `items[].price`. */
function listColumnChecks(column: Column, format: Format, isElement = false): Check[] {
  const { name, header, type, nullable, rules, refinement } = column;
  const mayBeAbsent = isElement || (nullable && format.name !== 'csv');
  const inner = innerColumns(type).flatMap((each) => {
    const path = type.name === 'array' ? `${name}[]` : `${name}.${each.name}`;
    return listColumnChecks({ ...each, name: path }, format, type.name === 'array');
  });
  return [
    ...(mayBeAbsent ? [] : [toCheck('missing-column', `"${header}"`, name)]),
    ...(nullable ? [] : [toCheck('null', 'a value', name)]),
    toCheck('type', describeType(type), name),
    ...rules
      .filter((rule) => !isImpliedByType(rule, column))
      .map((rule) =>
        toCheck(rule.rule, describeRule(rule, type.name === 'array' ? 'elements' : 'characters'), name),
      ),
    ...(refinement ? [toCheck('refinement', undefined, name)] : []),
    ...inner,
  ];
}

const toRowCheck = ({ name, message }: DeclaredRowCheck): Check => ({
  ...toCheck('row-check', message),
  check: name,
});

/** Two rules of one kind fail as one. */
function mergeSameChecks(checks: readonly Check[]): Check[] {
  const merged = new Map<string, Check>();
  for (const check of checks) {
    const same = merged.get(checkId(check));
    const expected = [same?.expected, check.expected].filter((each) => each !== undefined).join(' and ');
    merged.set(checkId(check), { ...check, ...(expected && { expected }) });
  }
  return [...merged.values()];
}

/** Every check that F1 makes of each file of a table, in the order in which people read a schema. */
export function listChecks(table: Table): Check[] {
  const key = table.primaryKey.length === 0 ? undefined : table.primaryKey.join(', ');
  return mergeSameChecks([
    ...listFileChecks(table),
    ...table.columns.flatMap((column) => listColumnChecks(column, table.format)),
    ...table.rowChecks.map(toRowCheck),
    ...(key === undefined
      ? []
      : [toCheck('null-in-key', undefined, key), toCheck('duplicate-key', undefined, key)]),
  ]);
}
