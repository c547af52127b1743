import { column, table } from 'landfall';

export const misspelt = table({
  columns: { case_id: column.int64(), name: column.string() },
  curated: {
    // expect: Type '"nmae"' is not assignable to type '"case_id" | "name"'.
    sortBy: ['nmae'],
  },
});

export const transformedAway = table({
  columns: { case_id: column.int64(), name: column.string() },
  transform: {
    columns: { case_id: column.int64() },
    apply: ({ frame, columns }) => frame.select(columns.case_id),
  },
  curated: {
    // expect: Type '"name"' is not assignable to type '"case_id"'.
    sortBy: ['name'],
  },
});

export const otherCase = table({
  columns: { case_id: column.int64() },
  curated: {
    // expect: 'sortby' does not exist in type
    sortby: ['case_id'],
  },
});

export const unknownPacking = table({
  columns: { case_id: column.int64() },
  curated: {
    // expect: Type '"lz4"' is not assignable to type '"zstd" | "snappy" | "gzip"
    compression: 'lz4',
  },
});

export const misspeltFolder = table({
  columns: { case_id: column.int64(), court: column.string() },
  curated: {
    // expect: Type '"cuort"' is not assignable to type '"case_id" | "court"'.
    partitionBy: ['cuort'],
  },
});
