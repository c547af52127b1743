import { column, csv, definePipeline, fixedWidth, json, jsonLines, parquet, table } from '../../src';
import type { AreaDatabasesDefinition } from '../../src/definition/area-databases';
import type { Pipeline } from '../../src/definition/pipeline';
import type { CheckedTable } from '../../src/definition/table';

const columns = { id: column.int64(), name: column.string() };
const strict = { order: 'declared' } as const;
const readable = table({ columns, header: strict });

const define = (areaDatabases: AreaDatabasesDefinition, tables: Record<string, CheckedTable>): Pipeline =>
  definePipeline({
    ...{ name: 'p', database: 'db', environment: 'e', tables, areaDatabases },
    areas: {
      land: 'l-bucket',
      rawHist: 'h-bucket',
      processed: 'p-bucket',
      curated: 'c-bucket',
      log: 'g-bucket',
    },
  });

test('a database of its own for each area, with all tables or those that are named', () => {
  const { areaDatabases } = define(
    { rawHist: { database: 'db_raw_hist', tables: ['a'] }, processed: 'db_processed' },
    { a: readable, b: table({ columns, format: json() }) },
  );
  expect(
    areaDatabases.map(({ area, database, tables }) => [area, database, tables.map(({ name }) => name)]),
  ).toEqual([
    ['rawHist', 'db_raw_hist', ['a']],
    ['processed', 'db_processed', ['a', 'b']],
  ]);
  expect(define({}, { a: readable }).areaDatabases).toEqual([]);
});

test.each<[AreaDatabasesDefinition, string]>([
  [{ rawHist: 'db' }, 'areaDatabases.rawHist is "db", which is the name of another of its databases'],
  [
    { rawHist: 'other', processed: 'other' },
    'areaDatabases.processed is "other", which is the name of another',
  ],
  [{ processed: { database: 'other', tables: ['z'] } }, 'names "z", which is not one of its tables'],
  [{ processed: 'Not-A-Name' }, 'areaDatabases.processed'],
  [{ land: 'other' } as AreaDatabasesDefinition, 'areaDatabases has "land"'],
])('%j is refused', (areaDatabases, words) => {
  expect(() => define(areaDatabases, { a: readable })).toThrow(words);
});

test.each<[string, CheckedTable]>([
  ['it takes columns by their place', table({ columns })],
  ['it takes columns by their place', table({ columns, header: { order: 'declared', extra: 'ignore' } })],
  ['they are utf-16', table({ columns, header: strict, format: csv({ encoding: 'utf-16' }) })],
  ['they have comments', table({ columns, header: strict, format: csv({ comment: '#' }) })],
  [
    'they have a trailer',
    table({ columns, header: strict, format: csv({ trailer: { pattern: /T,(\d+)/ } }) }),
  ],
  ['blank lines are rows', table({ columns, header: strict, format: csv({ blankLines: 'skipped' }) })],
  ['a backslash outside quotes', table({ columns, header: strict, format: csv({ escape: 'backslash' }) })],
  [
    'their lines end with a carriage return',
    table({ columns, header: strict, format: csv({ lineEnd: 'cr' }) }),
  ],
  ['blank lines are rows', table({ columns, format: jsonLines({ blankLines: 'skipped' }) })],
  ['a column has aliases', table({ columns: { id: column.int64({ alias: ['key'] }) }, format: jsonLines() })],
  ['they hold one array', table({ columns, format: json() })],
  ['they are of fixed width', table({ columns, format: fixedWidth({ fields: { id: 3, name: 5 } }) })],
  ['another name there', table({ columns: { id: column.int64({ header: 'Key' }) }, format: parquet() })],
])('%s: not in raw-hist, but in processed', (words, each) => {
  expect(() => define({ rawHist: 'db_raw_hist' }, { a: each })).toThrow(words);
  expect(() => define({ rawHist: 'db_raw_hist' }, { a: each })).toThrow('areaDatabases.rawHist.tables');
  expect(define({ processed: 'db_processed' }, { a: each }).areaDatabases).toHaveLength(1);
});

test.each([
  ['no header', table({ columns, format: csv({ header: false }) })],
  ['no quotes', table({ columns, header: strict, format: csv({ quote: null, escape: 'backslash' }) })],
  ['lines of JSON', table({ columns, format: jsonLines() })],
  ['Parquet', table({ columns, format: parquet() })],
])('%s can be read as it landed', (_, each) => {
  expect(define({ rawHist: 'db_raw_hist' }, { a: each }).areaDatabases[0]?.tables).toHaveLength(1);
});
