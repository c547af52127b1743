import pl, { type DataType, type Expr, type LazyDataFrame } from 'nodejs-polars';
import type { ColumnType } from '../definition/column-type';
import type { Column } from '../definition/read-column';
import { describeType, innerOf, polarsType, transformType } from './polars-frame';

/** nodejs-polars has no name for this function, so that it is given in Polars' own words. */
function base64Of(name: string): Expr {
  const encode = { Function: { input: [{ Column: name }], function: { BinaryExpr: 'Base64Encode' } } };
  return pl.Expr.deserialize(Buffer.from(JSON.stringify(encode)), 'json');
}

// Of Polars' own.
const MOST_DIGITS = 38;
const isInteger = ({ name }: ColumnType): boolean => /^int\d/.test(name);

/** What a column of the type is in SQL. */
function sqlType(type: ColumnType): DataType {
  if (isInteger(type)) return pl.Int64;
  return type.name === 'decimal' ? pl.Decimal(MOST_DIGITS, type.scale) : transformType(type);
}

/**
 * Curated rows as SQL gets them: whole numbers with 64 bits and decimals with 38 digits, since a sum in Polars is as wide
 * as what it adds and goes over without a word; bytes as base64.
 */
export function toSqlTypes(frame: LazyDataFrame, columns: readonly Column[]): LazyDataFrame {
  const otherwise = columns.flatMap(({ name, type }) => {
    if (type.name === 'binary') return [base64Of(name)];
    return isInteger(type) || type.name === 'decimal' ? [pl.col(name).cast(sqlType(type), true)] : [];
  });
  return otherwise.length === 0 ? frame : frame.withColumns(...otherwise);
}

/** A table that has none, as SQL gets it. */
export function withoutRows(
  columns: readonly Column[],
  { text, integers }: { text: readonly string[]; integers: readonly string[] },
): LazyDataFrame {
  const types: [string, DataType][] = [
    ...columns.map(({ name, type }): [string, DataType] => [name, sqlType(type)]),
    ...text.map((name): [string, DataType] => [name, pl.Utf8]),
    ...integers.map((name): [string, DataType] => [name, pl.Int64]),
  ];
  const nulls = types.map(([name, type]) => pl.lit(null).cast(type).alias(name));
  return pl
    .DataFrame({ '': [0] })
    .lazy()
    .select(...nulls)
    .filter(pl.lit(false));
}

/** Whether a column of SQL is of the declared kind: whole numbers of any width, decimals of the same scale, else the very type. */
export function holdsAsSql(given: DataType, type: ColumnType): boolean {
  if (isInteger(type)) return /^U?Int\d+$/.test(given.variant);
  if (type.name === 'decimal')
    return given.variant === 'Decimal' && (innerOf(given) as unknown[])[1] === type.scale;
  return describeType(given) === describeType(transformType(type));
}

/** What SQL gave in its declared width; null where that cannot hold the value. */
export function toHeldType({ name, type }: Column): Expr {
  if (isInteger(type)) return pl.col(name).cast(polarsType(type), false);
  if (type.name !== 'decimal') return pl.col(name);
  // From all digits: a decimal of the same precision would be taken as it is, whatever it holds.
  return pl.col(name).cast(sqlType(type), false).cast(polarsType(type), false);
}
