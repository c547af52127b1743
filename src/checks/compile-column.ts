import { mapInner, type ColumnType } from '../definition/column-type';
import type { Column } from '../definition/read-column';
import { compileRefinement, toTypeScriptValue } from './compile-refinement';
import { compileRules } from './compile-rules';
import { binaryReader, describeBinary } from './read-binary';
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
    case 'binary':
      return binaryReader(type.encoding);
    case 'array':
    case 'struct':
      // They are values of JSON: no text is one.
      return () => undefined;
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
    case 'binary':
      return describeBinary(type.encoding);
    case 'array':
      return 'an array';
    case 'struct':
      return 'an object';
    default:
      return describeInteger(type.name);
  }
}

const HAVE_EMPTY_TEXTS: readonly ColumnType['name'][] = ['string', 'binary'];

/**
 * Compiles a column to one function that judges the text of a field before anything is cast: null, type, rules, then
 * what only zod can say, the first fault being the one that is told.
 *
 * A text is null when it stands unquoted and is one of the column's null texts. A quoted text is a value, but for `""`
 * in a column that is neither string nor binary: no other type has an empty text, so it is null where `''` is a null
 * text.
 */
export function compileColumn(column: Column): ValueReader {
  const read = typeReader(column.type);
  const checks = compileRules(column);
  if (column.refinement) {
    const ask = compileRefinement(column, column.refinement);
    checks.push((value) => ask(toTypeScriptValue(column.type.name, value)));
  }
  const nullTexts = new Set(column.nullTexts);
  const emptyIsNull = nullTexts.has('') && !HAVE_EMPTY_TEXTS.includes(column.type.name);
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

function toCanonicalType(type: ColumnType): ColumnType {
  switch (type.name) {
    case 'date':
      return { ...type, format: CANONICAL_DATE_FORMAT };
    case 'timestamp':
      return { ...type, format: CANONICAL_TIMESTAMP_FORMAT };
    case 'boolean':
      return { ...type, trueTexts: ['true'], falseTexts: ['false'] };
    case 'binary':
      return { ...type, encoding: 'base64' };
    default:
      return mapInner(type, toCanonicalInner);
  }
}

const toCanonicalInner = (column: Column): Column => ({
  ...column,
  header: column.name,
  aliases: [],
  type: toCanonicalType(column.type),
});

/** The column as Landfall itself writes it: the same type and rules, in canonical form and under its own name. */
export const toCanonicalColumn = (column: Column): Column => ({
  ...toCanonicalInner(column),
  nullTexts: [''],
});

/** The column and all inside it, of which nothing is asked but to be of their types. */
export const withoutRules = (column: Column): Column => ({
  ...column,
  type: mapInner(column.type, withoutRules),
  rules: [],
  refinement: undefined,
});

/** The column of rows that are held already: rules, and whether it may be null, were asked when they were processed, perhaps by an earlier release. */
export const asHeld = (column: Column): Column => ({
  ...withoutRules(column),
  type: mapInner(column.type, asHeld),
  nullable: true,
});
