import { column, csv, table } from 'landfall';

const columns = { case_id: column.int64() };

export const otherCase = table({
  columns,
  // expect: 'primarykey' does not exist in type
  primarykey: ['case_id'],
});

export const misspeltInFiles = table({
  columns,
  files: {
    // expect: 'requried' does not exist in type
    requried: false,
  },
});

export const globInsteadOfPattern = table({
  columns,
  // expect: Type 'string' is not assignable to type 'RegExp'.
  files: { name: 'cases-*.csv' },
});

export const misspeltInRows = table({
  columns,
  rows: {
    // expect: 'minimum' does not exist in type
    minimum: 10,
  },
});

export const formatByName = table({
  columns,
  // expect: Type 'string' is not assignable to type 'Format | CustomFormat
  format: 'csv',
});

export const formatNotCalled = table({
  columns,
  // expect: is not assignable to type 'Format | CustomFormat
  format: csv,
});

export const misspeltInFormat = table({
  columns,
  // expect: 'seperator' does not exist in type 'CsvOptions'.
  format: csv({ seperator: ';' }),
});

// expect: Property 'columns' is missing in type '{ primaryKey: never[]; }'
export const withoutColumns = table({ primaryKey: [] });

export const unknownMode = table({
  columns,
  // expect: Type '"append"' is not assignable to type 'TableMode'.
  mode: 'append',
});
