import { column, table } from 'landfall';

export const unknownWord = table({
  columns: { id: column.int64() },
  // expect: Type '"strict"' is not assignable to type '"any" | "declared" | undefined'.
  header: { order: 'strict' },
});

export const unknownKey = table({
  columns: { id: column.int64() },
  // expect: 'ignoreCase' does not exist in type 'Partial<HeaderPolicy>'.
  header: { ignoreCase: true },
});

export const aliasOfText = table({
  columns: {
    // expect: Type 'string' is not assignable to type 'readonly string[]'.
    id: column.int64({ alias: 'ID' }),
  },
});
