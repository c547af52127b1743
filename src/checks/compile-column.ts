import type { ColumnType } from '../definition/column-type';
import type { Column } from '../definition/read-column';
import { compileRefinement } from './compile-refinement';
import { compileRules } from './compile-rules';
import {
  CANONICAL_DATE_FORMAT,
  CANONICAL_TIMESTAMP_FORMAT,
  dateReader,
  describeDate,
  describeTimestamp,
  timestampReader,
} from './read-date';
import { decimalReader, describeDecimal } from './read-decimal';
import { describeFloat, floatReader } from './read-float';
import { describeInteger, integerReader } from './read-integer';
import type { Fault, TypeReader, ValueReader } from './value-reader';

function booleanReader(trueTexts: readonly string[], falseTexts: readonly string[]): TypeReader {
  const texts = new Map([
    ...trueTexts.map((text) => [text, 'true'] as const),
    ...falseTexts.map((text) => [text, 'false'] as const),
  ]);
  return (text) => texts.get(text);
}

function typeReader(type: ColumnType): TypeReader {
  switch (type.name) {
    case 'string':
      return (text) => text;
    case 'boolean':
      return booleanReader(type.trueTexts, type.falseTexts);
    case 'float32':
    case 'float64':
      return floatReader(type.name);
    case 'decimal':
      return decimalReader(type.precision, type.scale);
    case 'date':
      return dateReader(type.format);
    case 'timestamp':
      return timestampReader(type.format);
    default:
      return integerReader(type.name);
  }
}

/** What a column's type asks of a text, in short. */
export function describeType(type: ColumnType): string {
  switch (type.name) {
    case 'string':
      return 'text';
    case 'boolean':
      return `one of ${[...type.trueTexts, ...type.falseTexts].map((text) => `"${text}"`).join(', ')}`;
    case 'float32':
    case 'float64':
      return describeFloat(type.name);
    case 'decimal':
      return describeDecimal(type.precision, type.scale);
    case 'date':
      return describeDate(type.format);
    case 'timestamp':
      return describeTimestamp(type.format);
    default:
      return describeInteger(type.name);
  }
}

/**
 * Compiles a column to one function that judges the text of a field before anything is cast: null, type, rules, then
 * what only zod can say, the first fault being the one that is told.
 *
 * A text is null when it stands unquoted and is one of the column's null texts. A quoted text is a value, but for `""`
 * in a column that is no string: no other type has an empty text, so it is null where `''` is a null text.
 *
 * @throws DefinitionError when a format leaves its date open or a bound is not of the type
 */
export function compileColumn(column: Column): ValueReader {
  const read = typeReader(column.type);
  const checks = compileRules(column);
  if (column.refinement) checks.push(compileRefinement(column, column.refinement));
  const nullTexts = new Set(column.nullTexts);
  const emptyIsNull = nullTexts.has('') && column.type.name !== 'string';
  const typeFault: Fault = { code: 'type', expected: describeType(column.type) };
  const nullValue: Fault | null = column.nullable ? null : { code: 'null', expected: 'a value' };
  return (text, quoted) => {
    if (quoted ? emptyIsNull && text === '' : nullTexts.has(text)) return nullValue;
    const value = read(text);
    if (value === undefined) return typeFault;
    for (const check of checks) {
      const fault = check(value);
      if (fault) return fault;
    }
    return value;
  };
}

/** The column as Landfall itself writes it: the same type and rules, in canonical form and under its own name. */
export function toCanonicalColumn(column: Column): Column {
  const { type } = column;
  const canonical: ColumnType =
    type.name === 'date'
      ? { ...type, format: CANONICAL_DATE_FORMAT }
      : type.name === 'timestamp'
        ? { ...type, format: CANONICAL_TIMESTAMP_FORMAT }
        : type.name === 'boolean'
          ? { ...type, trueTexts: ['true'], falseTexts: ['false'] }
          : type;
  return { ...column, header: column.name, type: canonical, nullTexts: [''] };
}
