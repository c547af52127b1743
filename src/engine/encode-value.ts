import { describeType } from '../checks/compile-column';
import type { TellFault } from '../checks/compile-json-column';
import type { JsonValue } from '../checks/json-value';
import type { Fault } from '../checks/value-reader';
import { isNested, type ColumnType, type NestedType, type ScalarType } from '../definition/column-type';
import type { Column } from '../definition/read-column';
import { shorten } from './plain-data';

/** What is told of a value: inside an array or struct the path to it. */
type Place = Pick<Column, 'name' | 'sensitive'>;

/** JSON of a value of the column's TypeScript type; undefined when it has been told what is wrong with it. */
export type ValueEncoder = (value: unknown, tell: TellFault) => JsonValue | undefined;

const MISSING: Fault = { code: 'missing-column', expected: 'this property' };
const LONE_SURROGATE = /\p{Surrogate}/u;

function kindOf(type: ScalarType): 'boolean' | 'number' | 'bigint' | 'string' {
  switch (type.name) {
    case 'boolean':
      return 'boolean';
    case 'int8':
    case 'int16':
    case 'int32':
    case 'float32':
    case 'float64':
      return 'number';
    case 'int64':
      return 'bigint';
    default:
      return 'string';
  }
}

/** Of a value of the wrong kind. */
function describeValue(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'bigint':
    case 'boolean':
      return `${typeof value} ${shorten(String(value))}`;
    case 'object':
      return Array.isArray(value) ? 'an array' : 'an object';
    default:
      return typeof value;
  }
}

function textOf(value: unknown, type: ScalarType): string {
  const isFloat = type.name === 'float32' || type.name === 'float64';
  return isFloat && Object.is(value, -0) ? '-0.0' : String(value);
}

function scalarEncoder(type: ScalarType, place: Place): ValueEncoder {
  const kind = kindOf(type);
  const detail = kind === 'string' && type.name !== 'string' ? `: ${describeType(type)}` : '';
  const wrongKind: Fault = { code: 'type', expected: `a ${kind}${detail}` };
  const halfCharacter: Fault = { code: 'type', expected: 'text without half a character' };
  return (value, tell) => {
    if (value === null) return null;
    if (typeof value !== kind) {
      tell(wrongKind, place, describeValue(value));
      return undefined;
    }
    if (kind === 'string') {
      const text = value as string;
      // No other type has such a text anyway.
      if (type.name !== 'string' || !LONE_SURROGATE.test(text)) return { kind, text };
      tell(halfCharacter, place, text);
      return undefined;
    }
    return { kind: kind === 'boolean' ? kind : 'number', text: textOf(value, type) };
  };
}

function nestedEncoder(type: NestedType, place: Place): ValueEncoder {
  if (type.name === 'array') {
    const encode = encoderOf(type.element, `${place.name}[]`);
    const notAnArray: Fault = { code: 'type', expected: 'an array' };
    return (value, tell) => {
      if (value === null) return null;
      if (!Array.isArray(value)) {
        tell(notAnArray, place, describeValue(value));
        return undefined;
      }
      // Array.from, since map leaves holes out.
      const items = Array.from(value as unknown[], (item) => encode(item, tell));
      return items.includes(undefined)
        ? undefined
        : { kind: 'array', text: '[…]', items: items as JsonValue[] };
    };
  }
  const encode = compileObjectEncoder(type.fields, place.name);
  const notAnObject: Fault = { code: 'type', expected: 'an object' };
  return (value, tell) => {
    if (value === null) return null;
    if (typeof value !== 'object' || Array.isArray(value)) {
      tell(notAnObject, place, describeValue(value));
      return undefined;
    }
    const encoded = encode(value, tell);
    if (encoded.includes(undefined)) return undefined;
    const entries = new Map(type.fields.map(({ name }, at) => [name, encoded[at] as JsonValue]));
    return { kind: 'object', text: '{…}', entries };
  };
}

const isNestedColumn = (column: Column): column is Column & { type: NestedType } => isNested(column.type);

function encoderOf(column: Column, name: string): ValueEncoder {
  const place = { name, sensitive: column.sensitive };
  return isNestedColumn(column)
    ? nestedEncoder(column.type, place)
    : scalarEncoder(column.type as Exclude<ColumnType, NestedType>, place);
}

/**
 * Makes JSON of what an object has for each column, in their order, and of nothing it inherits: an `undefined` property is
 * a missing one. Properties that are no column are told; where there are any, all of the object is at fault.
 */
export function compileObjectEncoder(
  columns: readonly Column[],
  path = '',
): (object: object, tell: TellFault) => (JsonValue | undefined)[] {
  const pathOf = (name: string): string => (path === '' ? name : `${path}.${name}`);
  const sensitive = columns.some((column) => column.sensitive);
  const known = new Set(columns.map(({ name }) => name));
  const unknown: Fault = { code: 'unknown-column', expected: 'no such property' };
  const parts = columns.map((column) => ({
    name: column.name,
    place: { name: pathOf(column.name), sensitive: column.sensitive },
    encode: encoderOf(column, pathOf(column.name)),
  }));
  return (object, tell) => {
    const encoded = new Array<JsonValue | undefined>(parts.length);
    let present = 0;
    for (let at = 0; at < parts.length; at += 1) {
      const { name, place, encode } = parts[at] as (typeof parts)[number];
      const value = Object.hasOwn(object, name) ? (object as Record<string, unknown>)[name] : undefined;
      if (value === undefined) tell(MISSING, place);
      else {
        present += 1;
        encoded[at] = encode(value, tell);
      }
    }
    const keys = Object.keys(object);
    if (keys.length === present) return encoded;
    for (const key of keys) {
      if (known.has(key)) continue;
      tell(unknown, { name: pathOf(shorten(key)), sensitive });
      encoded.fill(undefined);
    }
    return encoded;
  };
}
