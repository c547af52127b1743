import { column, table } from 'landfall';

const columns = {
  case_id: column.int64(),
  name: column.string(),
  gone: column.boolean(),
  perhaps: column.boolean().nullable(),
};

export const notAFlag = table({
  columns,
  primaryKey: ['case_id'],
  // expect: Type '"name"' is not assignable to type '"gone"'.
  curated: { upsert: { deletedWhere: 'name' } },
});

export const nullable = table({
  columns,
  primaryKey: ['case_id'],
  // expect: Type '"perhaps"' is not assignable to type '"gone"'.
  curated: { upsert: { deletedWhere: 'perhaps' } },
});

export const neither = table({
  columns,
  primaryKey: ['case_id'],
  // expect: Type 'false' is not assignable to type
  curated: { upsert: false },
});
