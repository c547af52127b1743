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

export const collected = table({
  columns,
  transform: {
    columns,
    // expect: is missing the following properties from type 'LazyDataFrame<any>'
    apply: ({ frame }) => frame.collectSync(),
  },
});

export const promised = table({
  columns,
  transform: {
    columns,
    // expect: Type 'Promise<LazyDataFrame<any>>' is missing the following properties
    apply: async ({ frame }) => frame,
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
    // expect: Type '"filtered"' is not assignable to type '"kept" | "changed" | undefined'.
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
