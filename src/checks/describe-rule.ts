import type { ColumnType } from '../definition/column-type';
import type { Column, ColumnRule } from '../definition/read-column';

const SHOWN_VALUES = 20;

function describeEnum(values: readonly string[]): string {
  const shown = values.slice(0, SHOWN_VALUES).map((value) => `"${value}"`);
  return `one of ${shown.join(', ')}${values.length > shown.length ? ` or ${values.length - shown.length} more` : ''}`;
}

/** What a rule asks of a value, in short. */
export function describeRule(rule: ColumnRule, of: 'characters' | 'elements' = 'characters'): string {
  switch (rule.rule) {
    case 'enum':
      return describeEnum(rule.values);
    case 'pattern':
      return `text that matches ${String(rule.pattern)}`;
    case 'min-length':
      return `at least ${rule.length} ${of}`;
    case 'max-length':
      return `at most ${rule.length} ${of}`;
    case 'min':
      return `${rule.inclusive ? 'at least' : 'more than'} ${rule.value}`;
    case 'max':
      return `${rule.inclusive ? 'at most' : 'less than'} ${rule.value}`;
  }
}

const TYPE_LIMITS: Partial<Record<ColumnType['name'], readonly string[]>> = {
  int8: ['-128', '127'],
  int16: ['-32768', '32767'],
  int32: ['-2147483648', '2147483647'],
  int64: ['-9223372036854775808', '9223372036854775807'],
};

/** The type's own range has been checked already, by digits. */
export const isImpliedByType = (rule: ColumnRule, column: Pick<Column, 'type'>): boolean =>
  (rule.rule === 'min' || rule.rule === 'max') &&
  rule.inclusive &&
  TYPE_LIMITS[column.type.name]?.includes(rule.value) === true;
