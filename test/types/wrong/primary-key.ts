import { column, columnsOf, table } from 'landfall';

export const misspelt = table({
  columns: { case_id: column.int64(), name: column.string() },
  // expect: Type '"caseid"' is not assignable to type '"case_id" | "name"'.
  primaryKey: ['caseid'],
});

export const secondOfTwo = table({
  columns: { case_id: column.int64(), name: column.string() },
  // expect: Type '"day"' is not assignable to type '"case_id" | "name"'.
  primaryKey: ['case_id', 'day'],
});

export const headerInsteadOfName = table({
  columns: { case_id: column.int64({ header: 'Case ID' }) },
  // expect: Type '"Case ID"' is not assignable to type '"case_id"'.
  primaryKey: ['Case ID'],
});

export const noList = table({
  columns: { case_id: column.int64() },
  // expect: Type 'string' is not assignable to type 'readonly "case_id"[]'.
  primaryKey: 'case_id',
});

export const onlyInTheTransform = table({
  columns: { landed: column.string() },
  // expect: Type '"made"' is not assignable to type '"landed"'.
  primaryKey: ['made'],
  transform: {
    columns: { made: column.string() },
    apply: ({ frame, columns }) => frame.select(columns.landed.alias('made')),
  },
});

export const notAmongMany = table({
  columns: columnsOf(['mining', 'logging'], column.int32()),
  // expect: Type '"fishing"' is not assignable to type '"mining" | "logging"'.
  primaryKey: ['fishing'],
});
