import pl, { type Expr, type LazyDataFrame } from 'nodejs-polars';
import type { ColumnType } from '../definition/column-type';
import type { Column } from '../definition/read-column';

function polarsType(type: ColumnType) {
  switch (type.name) {
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
    default:
      return pl.Utf8;
  }
}

function typedColumn({ name, type }: Column): Expr {
  if (type.name === 'string') return pl.col(name);
  // Polars has no cast from text to boolean.
  if (type.name === 'boolean') return pl.col(name).eq(pl.lit('true')).alias(name);
  return pl.col(name).cast(polarsType(type), true);
}

/**
 * A canonical CSV file as typed rows. Everything is read as text and cast strictly, since the types that Polars infers
 * (and the schema it is given) lose digits, zeros and the difference between "" and null.
 */
export function scanCanonicalCsv(path: string, columns: readonly Column[]): LazyDataFrame {
  return pl.scanCSV(path, { inferSchemaLength: 0, ignoreErrors: false }).select(...columns.map(typedColumn));
}
