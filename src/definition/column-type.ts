import type { Column } from './read-column';

/** A type whose values are one text each. */
export type ScalarType =
  | { name: 'string' }
  | { name: 'boolean'; trueTexts: readonly string[]; falseTexts: readonly string[] }
  | { name: 'int8' | 'int16' | 'int32' | 'int64' }
  | { name: 'float32' | 'float64' }
  | { name: 'decimal'; precision: number; scale: number; min?: string; max?: string }
  | { name: 'date'; format: string; min?: string; max?: string }
  | { name: 'timestamp'; format: string; min?: string; max?: string }
  | { name: 'binary'; encoding: BinaryEncoding };

export type BinaryEncoding = 'base64' | 'hex';

/** A type whose values hold others; only JSON and Parquet have them. A field's `header` is its key in the landed file. */
export type NestedType = { name: 'array'; element: Column } | { name: 'struct'; fields: readonly Column[] };

/** What a column holds, as data: from it follow the check of raw text, the JSON, the Polars, Parquet and Glue type. */
export type ColumnType = ScalarType | NestedType;

export type ColumnTypeName = ColumnType['name'];

export const isNested = (type: ColumnType): type is NestedType =>
  type.name === 'array' || type.name === 'struct';

/** The columns inside an array or struct; none of a scalar. */
export const innerColumns = (type: ColumnType): readonly Column[] =>
  type.name === 'array' ? [type.element] : type.name === 'struct' ? type.fields : [];

/** The same type with each column inside it changed. */
export function mapInner(type: ColumnType, change: (column: Column) => Column): ColumnType {
  if (type.name === 'array') return { name: 'array', element: change(type.element) };
  return type.name === 'struct' ? { name: 'struct', fields: type.fields.map(change) } : type;
}

/** The Glue and Athena type of a column; the table is mojap-metadata's. */
export function glueType(type: ColumnType): string {
  switch (type.name) {
    case 'string':
      return 'string';
    case 'boolean':
      return 'boolean';
    case 'int8':
      return 'tinyint';
    case 'int16':
      return 'smallint';
    case 'int32':
      return 'int';
    case 'int64':
      return 'bigint';
    case 'float32':
      return 'float';
    case 'float64':
      return 'double';
    case 'decimal':
      return `decimal(${type.precision},${type.scale})`;
    case 'date':
      return 'date';
    case 'timestamp':
      return 'timestamp';
    case 'binary':
      return 'binary';
    case 'array':
      return `array<${glueType(type.element.type)}>`;
    case 'struct':
      return `struct<${type.fields.map((field) => `${field.name}:${glueType(field.type)}`).join(',')}>`;
  }
}
