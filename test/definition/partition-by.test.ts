import { column } from '../../src';
import { refusalOf, tableOf } from './pipeline-of';

const COLUMNS = {
  id: column.int64(),
  court: column.string(),
  day: column.date().nullable(),
  small: column.int8(),
  name: column.string({ sensitive: true }),
};

test.each([
  ['is not there', ['year'], 'names "year", which is not one of its curated columns'],
  ['is the timestamp', ['file_land_timestamp'], 'By file_land_timestamp files are apart already'],
  ['comes twice', ['court', 'court'], 'names "court" twice'],
  ['may be null', ['day'], 'which is nullable: there is no folder for a null'],
  ['has no type for folders', ['small'], 'which is of the type int8'],
  ['is sensitive', ['name'], 'which is sensitive'],
])('a column that %s is refused', (_what, partitionBy, words) => {
  const { type, happened, next } = refusalOf(() => tableOf({ columns: COLUMNS, curated: { partitionBy } }));
  expect(type).toBe('DefinitionError');
  expect(`${happened} ${next}`).toContain(words);
});

test('so is one that is sorted by, and all of them', () => {
  const partitionBy = ['court'] as const;
  expect(
    refusalOf(() => tableOf({ columns: COLUMNS, curated: { partitionBy, sortBy: ['court'] } })).happened,
  ).toContain('names "court", and so does curated.sortBy');
  const columns = { court: column.string() };
  expect(refusalOf(() => tableOf({ columns, curated: { partitionBy } })).happened).toContain(
    'names all columns',
  );
});
