import { column } from '../../src/definition/column';

/** Columns of every type that CSV can hold, each nullable. */
export const EVERY_TYPE = {
  s: column.string().nullable(),
  b: column.boolean().nullable(),
  i8: column.int8().nullable(),
  i64: column.int64().nullable(),
  f32: column.float32().nullable(),
  f64: column.float64().nullable(),
  d: column.decimal(38, 4).nullable(),
  day: column.date({ format: '%d/%m/%Y' }).nullable(),
  at: column.timestamp().nullable(),
};
