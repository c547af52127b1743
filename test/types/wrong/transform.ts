import { column, table } from 'landfall';

const columns = { case_id: column.int64(), name: column.string() };

export const misspeltColumn = table({
  columns,
  transform: {
    columns,
    // expect: Property 'misspelt' does not exist on type '{ readonly case_id: Expr; readonly name: Expr; }'.
    apply: ({ frame, columns }) => frame.filter(columns.misspelt.isNotNull()),
  },
});

export const outputInsteadOfInput = table({
  columns,
  transform: {
    columns: { upper: column.string() },
    // expect: Property 'upper' does not exist on type
    apply: ({ frame, columns }) => frame.select(columns.upper),
  },
});

export const noFrame = table({
  columns,
  transform: {
    columns,
    // expect: is not assignable to type 'TransformedFrame | Promise<TransformedFrame>'
    apply: ({ frame }) => frame.columns,
  },
});

export const promisedNothing = table({
  columns,
  transform: {
    columns,
    // expect: is not assignable to type 'TransformedFrame | Promise<TransformedFrame>'
    apply: async ({ frame }) => {
      await frame.collect();
    },
  },
});

export const neither = table({
  columns,
  // expect: is not assignable to type
  transform: { columns },
});

export const both = table({
  columns,
  // expect: is not assignable to type
  transform: { columns, apply: ({ frame }) => frame, row: (row) => row },
});

export const misspeltProperty = table({
  columns,
  transform: {
    columns,
    // expect: Property 'misspelt' does not exist on type
    row: ({ case_id, misspelt }) => ({ case_id, name: misspelt }),
  },
});

export const missingProperty = table({
  columns,
  transform: {
    columns,
    // expect: Property 'name' is missing in type
    row: ({ case_id }) => ({ case_id }),
  },
});

export const numberForAnInt64 = table({
  columns,
  transform: {
    columns,
    // expect: Type 'number' is not assignable to type 'bigint'
    row: ({ name }) => ({ case_id: 7, name }),
  },
});

export const leftOutThoughKept = table({
  columns,
  // expect: Property 'rows' is missing in type
  transform: {
    columns,
    row: (row) => (row.name === '' ? undefined : row),
  },
});

export const explodedThoughKept = table({
  columns,
  transform: {
    columns,
    rows: 'kept',
    // expect: is not assignable to type
    row: (row) => [row, row],
  },
});

export const asyncRow = table({
  columns,
  transform: {
    columns,
    rows: 'changed',
    // expect: is not assignable to type
    row: async (row) => row,
  },
});

export const logWithoutWords = table({
  columns,
  transform: {
    columns,
    row: (row, context) => {
      // expect: Expected 2 arguments, but got 1.
      context.log.info({});
      // expect: Argument of type 'bigint' is not assignable to parameter of type 'number'.
      context.count('cases', row.case_id);
      return row;
    },
  },
});

export const clock = table({
  columns,
  transform: {
    columns,
    // expect: Property 'now' does not exist on type 'TransformContext'.
    apply: ({ frame, pl, context }) => frame.withColumn(pl.lit(context.now)),
  },
});

export const otherWordForRows = table({
  columns,
  transform: {
    columns,
    // expect: Type '"filtered"' is not assignable to type '
    rows: 'filtered',
    apply: ({ frame }) => frame,
  },
});

export const noDeclaredColumns = table({
  columns,
  // expect: Property 'columns' is missing in type
  transform: {
    apply: ({ frame }) => frame,
  },
});
