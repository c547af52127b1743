import { column } from '../../src/definition/column';
import type { Compression } from '../../src/definition/curation';
import { LARGEST_PART_BYTES } from '../../src/definition/curation';
import { must } from '../adapters/test-buckets';
import { refusalOf, tableOf } from '../definition/pipeline-of';
import { curate, process, readFooter, readParquet } from './curate-files';

const COLUMNS = { id: column.int64() };
const rowsOf = (count: number): string =>
  `id\n${Array.from({ length: count }, (_, row) => `${(row * 7) % count}\n`).join('')}`;

describe('curated', () => {
  test('is zstd in row groups of 122,880 rows and files of a gibibyte of lines, unless it says otherwise', () => {
    const defaults = { compression: 'zstd', rowGroupRows: 122_880, maxSourceBytes: LARGEST_PART_BYTES };
    // Also in its keys, from which the names of snapshots follow.
    expect(tableOf({}).parquet).toStrictEqual(defaults);
    expect(tableOf({ curated: { statistics: true } }).parquet).toStrictEqual(defaults);
    expect(tableOf({ curated: { statistics: false } }).parquet).toEqual({ ...defaults, statistics: false });
    expect(tableOf({ curated: { compression: 'gzip' } }).parquet).toEqual({
      ...defaults,
      compression: 'gzip',
    });
  });

  test.each([
    [{ compression: 'lz4' }, /compression .*"zstd"\|"snappy"\|"gzip"/],
    [{ rowGroupRows: 0 }, /rowGroupRows/],
    [{ rowGroupRows: 1.5 }, /rowGroupRows/],
    [{ maxSourceBytes: '1 GiB' }, /maxSourceBytes/],
    [{ statistics: 'full' }, /statistics/],
    [{ rowGroupSize: 5 }, /has "rowGroupSize", which Landfall does not know/],
  ])('refuses %j with words', (curated, words) => {
    expect(refusalOf(() => tableOf({ curated })).happened).toMatch(words);
  });
});

test.each<[Compression, string]>([
  ['zstd', 'ZSTD'],
  ['snappy', 'SNAPPY'],
  ['gzip', 'GZIP'],
])('%s is what the file is packed with, and no row is another', async (compression, codec) => {
  const { tasks, inputs } = await process({ columns: COLUMNS, curated: { compression } }, [rowsOf(500)]);
  const part = await curate(tasks, inputs);
  const { groups } = await readFooter(tasks, part);
  expect(new Set(groups.flatMap(({ columns }) => columns.map((each) => each.codec)))).toEqual(
    new Set([codec]),
  );
  const frame = await readParquet(tasks, part);
  expect(frame.getColumn('id').toArray()).toEqual(Array.from({ length: 500 }, (_, row) => (row * 7) % 500));
});

test.each([
  [1000, [1000, 1000, 500]],
  // More than nodejs-polars takes by itself.
  [100_000, [2500]],
])('row groups of %i rows', async (rowGroupRows, expected) => {
  const definition = { columns: COLUMNS, curated: { rowGroupRows, sortBy: ['id'] } };
  const { tasks, inputs } = await process(definition, [rowsOf(1500), rowsOf(1000)]);
  const { groups } = await readFooter(tasks, await curate(tasks, inputs));
  expect(groups.map(({ rows }) => rows)).toEqual(expected);
});

test('a row group of more rows than fit 16 bits', async () => {
  const definition = { columns: COLUMNS, curated: { rowGroupRows: 40_000 } };
  const { tasks, inputs } = await process(definition, [rowsOf(60_000)]);
  const { groups } = await readFooter(tasks, await curate(tasks, inputs));
  expect(groups.map(({ rows }) => rows)).toEqual([40_000, 20_000]);
});

test('without statistics a footer has no value of the file', async () => {
  const definition = { columns: COLUMNS, curated: { statistics: false } };
  const { tasks, inputs } = await process(definition, [rowsOf(500)]);
  const { groups } = await readFooter(tasks, await curate(tasks, inputs));
  const columns = groups.flatMap((group) => group.columns);
  expect(columns.map(({ name }) => name)).toContain('id');
  expect(columns.map(({ min, max }) => [min, max])).toEqual(columns.map(() => ['undefined', 'undefined']));
});

test('a sorted file’s row groups say from where to where they go', async () => {
  const definition = { columns: COLUMNS, curated: { rowGroupRows: 500, sortBy: ['id'] } };
  const { tasks, inputs } = await process(definition, [rowsOf(1500)]);
  const { groups } = await readFooter(tasks, await curate(tasks, inputs));
  const ranges = groups.map(({ columns }) => must(columns.find(({ name }) => name === 'id')));
  expect(ranges.map(({ min, max }) => [min, max])).toEqual([
    ['0', '499'],
    ['500', '999'],
    ['1000', '1499'],
  ]);
});

test('statistics hold for every type: nothing that a reader skips by them is there', async () => {
  const columns = {
    small: column.int8(),
    price: column.decimal(38, 9).nullable(),
    name: column.string().nullable(),
    day: column.date(),
    at: column.timestamp(),
    share: column.float64(),
  };
  const rows = [
    '-128,-99999999999999999999.000000001,é,1960-02-29,1969-12-31T23:59:59.999,1.5',
    '127,,,2024-02-29,2024-01-01T00:00:00,-0.0',
    '0,0.000000001,z,2000-01-01,2000-01-01T00:00:00,-2.5',
  ];
  const { tasks, inputs } = await process({ columns }, [
    `${Object.keys(columns).join(',')}\n${rows.join('\n')}\n`,
  ]);
  const { groups } = await readFooter(tasks, await curate(tasks, inputs));
  const found = must(groups[0]).columns.map(({ name, min, max, nulls }) => [name, min, max, nulls]);
  expect(found.slice(0, 6)).toEqual([
    ['small', '-128', '127', '0'],
    ['price', String(Number('-99999999999999999999')), String(1e-9), '1'],
    ['name', 'z', 'é', '1'],
    ['day', '1960-02-29T00:00:00.000Z', '2024-02-29T00:00:00.000Z', '0'],
    ['at', '1969-12-31T23:59:59.999Z', '2024-01-01T00:00:00.000Z', '0'],
    ['share', '-2.5', '1.5', '0'],
  ]);
});

test('the file says what it is: pipeline, table, version and whose rows it has', async () => {
  const { tasks, inputs } = await process({ columns: COLUMNS }, ['id\n1\n', 'id\n2\n', 'id\n3\n']);
  const { metadata } = await readFooter(tasks, await curate(tasks, inputs));
  expect(metadata).toEqual({
    'landfall.pipeline': 'things',
    'landfall.table': 'rows',
    'landfall.version': 'v1.2.3',
    'landfall.first_file_land_timestamp': '1534968800',
    'landfall.last_file_land_timestamp': '1534968802',
  });
  const empty = await readFooter(tasks, await curate(tasks, [], 'empty', 'curated/empty.parquet'));
  expect(Object.keys(empty.metadata)).toEqual(['landfall.pipeline', 'landfall.table', 'landfall.version']);
});
