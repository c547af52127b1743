import { column } from '../../src/definition/column';
import { pipelineOf, refusalOf } from './pipeline-of';

const totals = { from: ['my_table'], columns: { rows: column.int64() }, sql: 'SELECT 1' };
const YEARS = { ...totals.columns, year: column.int32() };

test('what is not said is filled in', () => {
  const [read] = pipelineOf({ derived: { totals: { ...totals, from: ['my_table', 'my_table'] } } }).derived;
  expect(read).toMatchObject({
    ...{ name: 'totals', from: ['my_table'], sql: 'SELECT 1', primaryKey: [], sortBy: [] },
    parquet: { compression: 'zstd', rowGroupRows: 122_880 },
  });
  expect(read?.partitionBy).toEqual([]);
  const parted = { ...totals, columns: YEARS, partitionBy: ['year'] };
  expect(pipelineOf({ derived: { totals: parted } }).derived[0]?.partitionBy).toEqual(['year']);
  expect(pipelineOf({}).derived).toEqual([]);
});

test.each<[string, Record<string, unknown>, string]>([
  ['the name of a table', { my_table: totals }, "one of the pipeline's tables has this name already"],
  ['no such table', { totals: { ...totals, from: ['my_tabel'] } }, 'from names "my_tabel", which is not one'],
  [
    'a derived table',
    { totals, more: { ...totals, from: ['totals'] } },
    'from names "totals", which is a derived table itself',
  ],
  ['no table', { totals: { ...totals, from: [] } }, 'must name at least one table'],
  ['no SQL', { totals: { ...totals, sql: '  ' } }, 'must be a SELECT'],
  ['no such key', { totals: { ...totals, where: '' } }, 'where'],
  ['no such column', { totals: { ...totals, sortBy: ['row'] } }, 'sortBy names "row"'],
  ['no such column of the key', { totals: { ...totals, primaryKey: ['row'] } }, 'primaryKey names "row"'],
  [
    'a rule that nobody asks for',
    { totals: { ...totals, columns: { rows: column.int64().min(1n) } } },
    'column "rows" of a derived table has the rule min',
  ],
  [
    'no such column of the folders',
    { totals: { ...totals, partitionBy: ['row'] } },
    'partitionBy names "row", which is not one of its columns',
  ],
  [
    'folders of a type that has none',
    { totals: { ...totals, partitionBy: ['rows'] } },
    'partitionBy names "rows", which is of the type int64',
  ],
  [
    'folders that rows are sorted by',
    { totals: { ...totals, columns: YEARS, partitionBy: ['year'], sortBy: ['year'] } },
    'partitionBy names "year", and so does sortBy',
  ],
  [
    'folders for all columns',
    { totals: { ...totals, columns: { year: column.int32() }, partitionBy: ['year'] } },
    'partitionBy names all columns',
  ],
])('%s is refused', (_what, derived, words) => {
  const { type, happened } = refusalOf(() => pipelineOf({ derived }));
  expect(type).toBe('DefinitionError');
  expect(happened).toContain(words);
});
