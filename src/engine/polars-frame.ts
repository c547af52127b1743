import pl, { type DataType, type Expr, type LazyDataFrame } from 'nodejs-polars';
import { toCanonicalColumn } from '../checks/compile-column';
import { isNested, type ColumnType } from '../definition/column-type';
import type { Column } from '../definition/read-column';
import type { PartitionValues } from '../layout/object-keys';
import type { HeldRows } from './tasks';

const FLOATS: readonly ColumnType['name'][] = ['float32', 'float64'];

export function polarsType(type: ColumnType): DataType {
  switch (type.name) {
    case 'array':
      return pl.List(polarsType(type.element.type));
    case 'struct':
      return pl.Struct(type.fields.map((field) => new pl.Field(field.name, polarsType(field.type))));
    case 'int8':
      return pl.Int8;
    case 'int16':
      return pl.Int16;
    case 'int32':
      return pl.Int32;
    case 'int64':
      return pl.Int64;
    case 'float32':
      return pl.Float32;
    case 'float64':
      return pl.Float64;
    case 'decimal':
      return pl.Decimal(type.precision, type.scale);
    case 'date':
      return pl.Date;
    case 'timestamp':
      return pl.Datetime('us');
    case 'boolean':
      return pl.Bool;
    default:
      return pl.Utf8;
  }
}

/** The type of a column as transforms get it and give it: bytes as base64, since nodejs-polars has no function of them. */
export const transformType = (type: ColumnType): DataType =>
  type.name === 'binary' ? pl.Utf8 : polarsType(type);

/** Polars tells what a type is made of, but its declarations keep it to themselves. */
export const innerOf = (type: DataType): unknown => (type as unknown as { inner: unknown }).inner;

/** A type in words that are equal for equal types alone. */
export function describeType(type: DataType): string {
  const { variant } = type;
  const inner = innerOf(type);
  if (variant === 'Utf8' || variant === 'String') return 'String';
  if (variant === 'Struct')
    return `Struct(${(inner as { name: string; dtype: DataType }[]).map(({ name, dtype }) => `${name}: ${describeType(dtype)}`).join(', ')})`;
  if (!Array.isArray(inner)) return variant;
  // A timestamp without a zone has either nothing or '' there.
  const parts = inner.filter((each: unknown) => (each ?? '') !== '');
  return `${variant}(${parts.map((each: unknown) => (isType(each) ? describeType(each) : String(each))).join(', ')})`;
}

const isType = (value: unknown): value is DataType =>
  typeof value === 'object' && value !== null && 'variant' in value;

/** Whole numbers and booleans are read from JSON as they are; all else is text, so that a strict cast makes every type. */
function jsonType(type: ColumnType): DataType {
  switch (type.name) {
    case 'array':
      return pl.List(jsonType(type.element.type));
    case 'struct':
      return pl.Struct(type.fields.map((field) => new pl.Field(field.name, jsonType(field.type))));
    case 'boolean':
      return pl.Bool;
    case 'int8':
    case 'int16':
    case 'int32':
    case 'int64':
      return pl.Int64;
    default:
      return pl.Utf8;
  }
}

/** nodejs-polars has bytes, but no name for their type, so that what makes them is given in Polars' own words. */
function bytesOf(name: string): Expr {
  const bytes = { Cast: { expr: { Column: name }, dtype: { Literal: 'Binary' }, options: 'Strict' } };
  const decode = { Function: { input: [bytes], function: { BinaryExpr: { Base64Decode: true } } } };
  return pl.Expr.deserialize(Buffer.from(JSON.stringify(decode)), 'json');
}

/** As `bytesOf`, the other way. */
function base64Of(name: string): Expr {
  const encode = { Function: { input: [{ Column: name }], function: { BinaryExpr: 'Base64Encode' } } };
  return pl.Expr.deserialize(Buffer.from(JSON.stringify(encode)), 'json');
}

/** A column of a Parquet file as Polars can write it to CSV. */
export const textColumn = ({ name, type }: Column): Expr =>
  type.name === 'binary' ? base64Of(name) : pl.col(name);

/** Text becomes what has no other way into Polars that loses nothing. */
function typedColumn({ name, type }: Column): Expr {
  if (isNested(type)) return pl.col(name).str.jsonDecode(jsonType(type)).cast(polarsType(type), true);
  return FLOATS.includes(type.name) ? pl.col(name).cast(polarsType(type), true) : pl.col(name);
}

/**
 * The column as Polars writes it to CSV: timestamps with a T, and with an offset (which is then refused) where they have
 * a zone.
 */
export function toPolarsColumn(column: Column): Column {
  const canonical = toCanonicalColumn(column);
  return canonical.type.name === 'timestamp'
    ? { ...canonical, type: { ...canonical.type, format: '%Y-%m-%dT%H:%M:%S%.f' } }
    : canonical;
}

/** Rows as `createArrowWriter` has written them, typed. */
export const scanArrow = (path: string, columns: readonly Column[]): LazyDataFrame =>
  pl.scanIPC(path).select(...columns.map(typedColumn));

/** Numbers may be declared wider than the file has them. */
const widened = ({ name, type }: Column) =>
  type.name === 'decimal' || /^u?int/.test(type.name)
    ? pl.col(name).cast(polarsType(type), true)
    : pl.col(name);

/** The value of a partition column, from the name of its folder. */
export const partitionValue = ({ type }: Column, value: string): Expr =>
  type.name === 'string' ? pl.lit(value) : pl.lit(value).cast(polarsType(type), true);

/** A Parquet file that Landfall wrote, with the columns that its folders stand for. */
export function scanPartition(
  path: string,
  columns: readonly Column[],
  partition: PartitionValues = {},
): LazyDataFrame {
  const inFolders = columns.flatMap((column) => {
    const value = partition[column.name];
    return value === undefined ? [] : [partitionValue(column, value).alias(column.name)];
  });
  const frame = pl.scanParquet(path);
  return inFolders.length === 0 ? frame : frame.withColumns(...inFolders);
}

/** Its rows, with null in the columns that it does not have. */
export function scanOwnParquet(
  path: string,
  columns: readonly Column[],
  { columns: held, partition }: Pick<HeldRows, 'columns' | 'partition'>,
): LazyDataFrame {
  const missing = columns.filter(({ name }) => !held.includes(name));
  const frame = scanPartition(path, columns, partition);
  if (missing.length === 0) return frame.select(...columns.map(widened));
  const nulls = missing.map(({ name, type }) => pl.lit(null).cast(polarsType(type), true).alias(name));
  const whole = frame.withColumns(...nulls);
  const stored = columns.map((column) =>
    column.type.name === 'binary' && !held.includes(column.name) ? bytesOf(column.name) : widened(column),
  );
  return whole.select(...stored);
}

/** The same rows as Parquet is to have them, which is with bytes. */
export function toStoredTypes(frame: LazyDataFrame, columns: readonly Column[]): LazyDataFrame {
  if (!columns.some(({ type }) => type.name === 'binary')) return frame;
  return frame.select(
    ...columns.map(({ name, type }) => (type.name === 'binary' ? bytesOf(name) : pl.col(name))),
  );
}
