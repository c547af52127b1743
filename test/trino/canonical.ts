import type { ColumnType } from '../../src/definition/column-type';
import type { NumberText, TrinoValue } from './trino-server';

/** A value of JSON, numbers with all their digits. */
export type Json = null | boolean | string | NumberText | Json[] | { [key: string]: Json };

const textOf = (value: Json | TrinoValue): string => {
  if (isNumber(value)) return value.value;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
};

export const isNumber = (value: Json | TrinoValue): value is NumberText =>
  typeof value === 'object' && value !== null && 'isLosslessNumber' in value;

const floatOf = (type: ColumnType, value: Json | TrinoValue): string => {
  const number = Number(textOf(value));
  return Object.is(type.name === 'float32' ? Math.fround(number) : number, -0)
    ? '-0'
    : String(type.name === 'float32' ? Math.fround(number) : number);
};

/** `2024-02-29 13:45:00.120000` */
function timestampOf(text: string): string {
  const [whole = '', fraction = ''] = text.split('.');
  return `${whole}.${fraction.padEnd(6, '0')}`;
}

/** The same text for two values of a type that are the same, whichever side wrote them; structs by the order of their fields. */
export function canonical(type: ColumnType, value: Json | TrinoValue | undefined): string {
  if (value === null || value === undefined) return 'null';
  switch (type.name) {
    case 'array':
      return `[${(value as (Json | TrinoValue)[]).map((each) => canonical(type.element.type, each)).join()}]`;
    case 'struct': {
      const values = Array.isArray(value)
        ? (value as (Json | TrinoValue)[])
        : type.fields.map(({ name }) => (value as { [key: string]: Json })[name]);
      return `{${type.fields.map((field, at) => canonical(field.type, values[at])).join()}}`;
    }
    case 'float32':
    case 'float64':
      return floatOf(type, value);
    case 'timestamp':
      return timestampOf(textOf(value));
    default:
      return JSON.stringify(textOf(value));
  }
}

/** The type by which Trino has a column of this Glue type. */
export const toTrinoType = (glue: string): string =>
  glue
    .replace(/\bstring\b/g, 'varchar')
    .replace(/\bint\b/g, 'integer')
    .replace(/\bfloat\b/g, 'real')
    .replace(/\bbinary\b/g, 'varbinary')
    .replace(/\btimestamp\b/g, 'timestamp(6)')
    .replaceAll('struct<', 'row(')
    .replaceAll('array<', 'array(')
    .replaceAll('>', ')')
    .replace(/([(,])(\w+):/g, '$1$2 ');

/** As Trino writes it, without the quotes and spaces that it may add. */
export const plainTrinoType = (type: string): string => type.replaceAll('"', '').replaceAll(', ', ',');
