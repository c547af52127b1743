import { innerColumns, isNested, type ColumnType } from '../definition/column-type';
import { splitDateFormat } from '../definition/date-format';
import type { Column } from '../definition/read-column';
import { compileColumn, describeType, toCanonicalColumn, withoutRules } from './compile-column';
import { compileRefinement, toTypeScriptValue } from './compile-refinement';
import { jsonEncoder } from './encode-json';
import type { JsonValue } from './json-value';
import { isFault, type Fault, type ReadValue } from './value-reader';

/** Told of every fault, with the column that it is about, inside an array or struct named by its path. */
export type TellFault = (fault: Fault, column: Pick<Column, 'name' | 'sensitive'>, text?: string) => void;

/** The value in canonical form, or null; undefined when it has been told what is wrong with it. */
export type JsonReader = (value: JsonValue, tell: TellFault) => string | null | undefined;

/** Types whose values JSON may write as numbers. */
export const NUMBERS: ReadonlySet<ColumnType['name']> = new Set([
  'int8',
  'int16',
  'int32',
  'int64',
  'float32',
  'float64',
  'decimal',
]);
const isEpoch = (type: ColumnType): boolean =>
  type.name === 'timestamp' && splitDateFormat(type.format).includes('%s');
const MISSING: Fault = { code: 'missing-column', expected: 'this key' };
const UNKNOWN: Fault = { code: 'unknown-column', expected: 'no such key' };
const NO_VALUE: Fault = { code: 'null', expected: 'a value' };

const typeFaultOf = (column: Column): Fault => ({ code: 'type', expected: describeType(column.type) });

/**
 * A JSON string is judged as a quoted field is; a number only where the column is of numbers, by its text; `true` and
 * `false` only where it is boolean. Nothing is turned from one into another.
 */
function readerOfScalars(column: Column): (value: JsonValue) => ReadValue {
  const read = compileColumn(column);
  const wrongKind = typeFaultOf(column);
  const nullValue = column.nullable ? null : NO_VALUE;
  const takesNumbers = NUMBERS.has(column.type.name) || isEpoch(column.type);
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
      default:
        return wrongKind;
    }
  };
}

/** Reads what an array or object holds to JSON in canonical form; undefined when any of it is at fault. */
type ContentReader = (value: NonNullable<JsonValue>, tell: TellFault) => string | undefined;

function lengthFault({ rules }: Column, length: number): Fault | undefined {
  for (const each of rules) {
    if (each.rule === 'min-length' && length < each.length)
      return { code: 'min-length', expected: `at least ${each.length} elements` };
    if (each.rule === 'max-length' && length > each.length)
      return { code: 'max-length', expected: `at most ${each.length} elements` };
  }
  return undefined;
}

function contentOfArray(column: Column, element: Column): ContentReader {
  const read = compileJsonColumn(element);
  const encode = jsonEncoder(element.type.name);
  const wrongKind = typeFaultOf(column);
  return (value, tell) => {
    if (value.kind !== 'array') {
      tell(wrongKind, column, value.text);
      return undefined;
    }
    const values = value.items.map((item) => read(item, tell));
    const json = `[${values.map((each) => ((each ?? null) === null ? 'null' : encode(each as string))).join(',')}]`;
    const fault = lengthFault(column, values.length);
    if (fault) tell(fault, column, json);
    return fault || values.includes(undefined) ? undefined : json;
  };
}

function contentOfStruct(column: Column, fields: readonly Column[]): ContentReader {
  const parts = fields.map((field) => ({
    field,
    key: `${JSON.stringify(field.name.slice(column.name.length + 1))}:`,
    read: compileJsonColumn(field),
    encode: jsonEncoder(field.type.name),
  }));
  const known = new Set(fields.map(({ header }) => header));
  const wrongKind = typeFaultOf(column);
  return (value, tell) => {
    if (value.kind !== 'object') {
      tell(wrongKind, column, value.text);
      return undefined;
    }
    let passed = true;
    const json = parts.map(({ field, key, read, encode }) => {
      const given = value.entries.get(field.header);
      if (given === undefined && !field.nullable) tell(MISSING, field);
      const text = given === undefined ? (field.nullable ? null : undefined) : read(given, tell);
      passed &&= text !== undefined;
      return `${key}${(text ?? null) === null ? 'null' : encode(text as string)}`;
    });
    for (const key of value.entries.keys()) {
      if (known.has(key)) continue;
      passed = false;
      tell(UNKNOWN, { name: `${column.name}.${key}`, sensitive: column.sensitive });
    }
    return passed ? `{${json.join(',')}}` : undefined;
  };
}

/** The value as TypeScript sees it, of one that has passed. */
export function toTypeScript(column: Column): (value: JsonValue) => unknown {
  const { type } = column;
  if (type.name === 'array') {
    const each = toTypeScript(type.element);
    return (value) => (value?.kind === 'array' ? value.items.map(each) : null);
  }
  if (type.name === 'struct') {
    const fields = type.fields.map((field) => [field, toTypeScript(field)] as const);
    return (value) =>
      value?.kind === 'object'
        ? Object.fromEntries(
            fields.map(([field, each]) => [field.name, each(value.entries.get(field.header) ?? null)]),
          )
        : null;
  }
  const read = readerOfScalars(withoutRules(column));
  return (value) => {
    const found = read(value);
    return typeof found === 'string' ? toTypeScriptValue(type.name, found) : null;
  };
}

/** The columns inside are named by their paths, such as `items[].price`. */
function withPaths(column: Column): Column[] {
  return innerColumns(column.type).map((inner) => ({
    ...inner,
    name: column.type.name === 'array' ? `${column.name}[]` : `${column.name}.${inner.name}`,
  }));
}

/**
 * Compiles a column to one function that judges a value of JSON, and all that is in it.
 * @throws DefinitionError when a bound is not of the type
 */
export function compileJsonColumn(column: Column): JsonReader {
  const { type, nullable, refinement } = column;
  if (!isNested(type)) {
    const read = readerOfScalars(column);
    return (value, tell) => {
      const found = read(value);
      if (!isFault(found)) return found;
      tell(found, column, value?.text ?? '');
      return undefined;
    };
  }
  const inner = withPaths(column);
  const read =
    type.name === 'array' ? contentOfArray(column, inner[0] as Column) : contentOfStruct(column, inner);
  const check = refinement && compileRefinement(column, refinement);
  const decode = toTypeScript(column);
  return (value, tell) => {
    if (value === null && nullable) return null;
    const json = value === null ? undefined : read(value, tell);
    const fault = value === null ? NO_VALUE : json === undefined ? undefined : check?.(decode(value));
    if (fault) tell(fault, column, json ?? '');
    return fault ? undefined : json;
  };
}
