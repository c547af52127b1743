import { innerColumns, isNested } from '../definition/column-type';
import type { CsvFormat, FixedWidthFormat, TableFormat } from '../definition/format';
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

const HEADER_CODES: readonly FindingCode[] = ['unknown-column', 'duplicate-column'];
const JSON_CODES: readonly FindingCode[] = [
  ...(['not-utf-8', 'malformed-json', 'repeated-json-key', 'too-deep', 'row-too-large'] as const),
  'unknown-column',
];

const textCodesOf = (format: CsvFormat | FixedWidthFormat, ofShape: FindingCode): readonly FindingCode[] => [
  ...(format.encoding === 'utf-8' ? (['not-utf-8'] as const) : (['wrong-encoding', 'undecodable'] as const)),
  'bad-quote',
  ofShape,
  'row-too-large',
  ...(format.blankLines === 'refused' ? (['blank-line'] as const) : []),
  ...(format.trailer ? (['missing-trailer', 'trailer-count'] as const) : []),
];

function rowCodesOf({ format, columns }: Table): readonly FindingCode[] {
  switch (format.name) {
    case 'csv':
      return [...textCodesOf(format, 'field-count'), ...(format.header ? HEADER_CODES : [])];
    case 'fixed-width':
      return textCodesOf(format, 'line-length');
    case 'json-lines':
      return [...JSON_CODES, 'blank-line'];
    case 'json':
      return JSON_CODES;
    case 'parquet':
      return [
        ...(['malformed-parquet', 'unsupported-parquet'] as const),
        ...(columns.some(({ type }) => isNested(type)) ? (['row-too-large'] as const) : []),
        ...HEADER_CODES,
      ];
    case 'custom':
      return ['parser-failed', 'unparsed-record', 'row-too-large', 'unknown-column'];
  }
}

function listFileChecks(table: Table): Check[] {
  const { header, rows, rejects } = table;
  return [
    toCheck('empty-file'),
    toCheck('wrong-compression', 'gzip where the name ends with .gz, zstd where with .zst, and only there'),
    toCheck('damaged-compression'),
    toCheck('double-compression'),
    toCheck('unpacks-too-large'),
    ...(rows.min > 0 ? [toCheck('too-few-rows', `at least ${rows.min}`)] : []),
    ...(rows.max < Number.MAX_SAFE_INTEGER ? [toCheck('too-many-rows', `at most ${rows.max}`)] : []),
    ...(rejects ? [toCheck('too-many-rejects')] : []),
    ...rowCodesOf(table).map((code) => toCheck(code)),
    ...(header.order === 'declared' ? [toCheck('column-order')] : []),
  ];
}

/** Columns inside an array or struct are named by their paths, such as `items[].price`. */
function listColumnChecks(column: Column, format: TableFormat, isElement = false): Check[] {
  const { name, header, type, nullable, rules, refinement } = column;
  const mayBeAbsent = isElement || (nullable && (format.name === 'json' || format.name === 'json-lines'));
  const inner = innerColumns(type).flatMap((each) => {
    const path = type.name === 'array' ? `${name}[]` : `${name}.${each.name}`;
    return listColumnChecks({ ...each, name: path }, format, type.name === 'array');
  });
  return [
    ...(mayBeAbsent ? [] : [toCheck('missing-column', `"${header}"`, name)]),
    ...(nullable ? [] : [toCheck('null', 'a value', name)]),
    ...(format.name === 'parquet' ? [toCheck('column-type', undefined, name)] : []),
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
    ...table.columns.flatMap(({ name, unique }) => (unique ? toCheck('unique', undefined, name) : [])),
    ...table.foreignKeys.map(({ columns }) => toCheck('missing-reference', undefined, columns.join(', '))),
  ]);
}
