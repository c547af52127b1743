import { column, table } from 'landfall';

export const values = table({
  columns: {
    // expect: Expected 2-3 arguments, but got 0.
    without_precision: column.decimal(),
    // expect: Expected 2-3 arguments, but got 1.
    without_scale: column.decimal(12),
    // expect: Type 'number' is not assignable to type 'string'.
    inexact_bound: column.decimal(12, 2, { min: 0.1 }),
    // expect: Property 'text' does not exist on type
    unknown_type: column.text(),
    // expect: 'heading' does not exist in type 'StringOptions'.
    unknown_option: column.string({ heading: 'Amount' }),
    // expect: 'pattern' does not exist in type 'ColumnOptions'.
    option_of_another_type: column.int32({ pattern: /\d+/ }),
    // expect: Source has 0 element(s) but target requires 1.
    none_of: column.oneOf([]),
    // expect: Argument of type 'number' is not assignable to parameter of type 'bigint'.
    bound_of_an_int64: column.int64().min(0),
    // expect: Type 'Date' is not assignable to type 'string'.
    bound_of_a_date: column.date({ min: new Date(0) }),
    // expect: Type 'string' is not assignable to type 'ColumnSchema'.
    type_by_name: 'string',
    // expect: is not assignable to type 'ColumnSchema'.
    not_called: column.string,
  },
});
