import { column, table } from 'landfall';

export const checked = table({
  columns: { id: column.int64(), fee: column.decimal(8, 2).nullable(), tags: column.string() },
  rowChecks: [
    // expect: This comparison appears to be unintentional
    { name: 'a bigint is no number', check: ({ id }) => id === 'x' },
    // expect: Property 'fees' does not exist on type
    { name: 'misspelt', check: ({ fees }) => fees !== null },
    // expect: 'fee' is possibly 'null'.
    { name: 'null', check: ({ fee }) => fee.startsWith('1') },
    // expect: Type '"ids"' is not assignable to type '"id" | "fee" | "tags"'.
    { name: 'no column', columns: ['ids'], check: () => true },
    // expect: Type 'string' is not assignable to type 'boolean'.
    { name: 'no boolean', check: ({ tags }) => tags },
    // expect: Cannot assign to 'tags' because it is a read-only property.
    { name: 'changes rows', check: (row) => (row.tags = '') === '' },
  ],
});

export const nested = table({
  columns: {
    // expect: Expected 1 arguments, but got 0.
    bytes: column.binary(),
    // expect: Type '"base32"' is not assignable to type 'BinaryEncoding'.
    encoding: column.binary({ encoding: 'base32' }),
    // expect: Argument of type 'string' is not assignable to parameter of type 'ColumnSchema'.
    array: column.array('string'),
    // expect: Type 'string' is not assignable to type 'ColumnSchema'.
    struct: column.struct({ a: 'string' }),
    // expect: 'nullTexts' does not exist in type 'NestedOptions'.
    texts: column.array(column.string(), { nullTexts: [] }),
  },
});
