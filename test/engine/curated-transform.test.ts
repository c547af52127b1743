import pl from 'nodejs-polars';
import { column, type Columns } from '../../src/definition/column';
import type { CurationTransform } from '../../src/definition/curation';
import { failureOf } from '../adapters/test-buckets';
import { refusalOf, tableOf } from '../definition/pipeline-of';
import { curate, process, readParquet } from './curate-files';
import { store } from './task-context';

const COLUMNS = { id: column.int64(), name: column.string().nullable() };
const CURATED = { id: column.int64(), initial: column.string().nullable() };
const PART = 'curated/rows/data-part-0.parquet';
const FILES = ['id,name\n2,bea\n1,\n', 'id,name\n3,""\n'];

type Apply = CurationTransform<Columns, Columns>['apply'];
const transformed = (apply: Apply, columns: Columns = CURATED, curated: object = {}) => ({
  columns: COLUMNS,
  curated: { transform: { columns, apply }, ...curated },
});
const initials: Apply = ({ frame, columns, added }) =>
  frame.select(
    columns['id'] as pl.Expr,
    (columns['name'] as pl.Expr).str.slice(0, 1).alias('initial'),
    ...added,
  );

describe('what a curation gives', () => {
  test.each<[string, Apply]>([
    ['a lazy frame', initials],
    ['a data frame', async (input) => ((await initials(input)) as pl.LazyDataFrame).collect()],
    [
      'withColumns',
      ({ frame }) => frame.withColumns(pl.col('name').str.slice(0, 1).alias('initial')).drop('name'),
    ],
  ])('has its own columns, and those that Landfall adds: %s', async (_name, apply) => {
    const { tasks, inputs } = await process(transformed(apply), FILES);
    const frame = await readParquet(tasks, await curate(tasks, inputs));
    expect(frame.toRecords()).toEqual([
      { id: 2, initial: 'b', etl_version: 'v1.2.3', file_land_timestamp: 1534968800 },
      { id: 1, initial: null, etl_version: 'v1.2.3', file_land_timestamp: 1534968800 },
      { id: 3, initial: '', etl_version: 'v1.2.3', file_land_timestamp: 1534968801 },
    ]);
  });

  test('has its columns also where there is no row', async () => {
    const { tasks } = await process(transformed(initials), []);
    const frame = await readParquet(tasks, await curate(tasks, []));
    expect([frame.height, ...frame.columns]).toEqual([
      0,
      ...['id', 'initial', 'etl_version', 'file_land_timestamp'],
    ]);
  });

  test('is sorted by its own columns', async () => {
    const { tasks, inputs } = await process(transformed(initials, CURATED, { sortBy: ['initial'] }), FILES);
    const frame = await readParquet(tasks, await curate(tasks, inputs));
    expect(frame.getColumn('id').toArray()).toEqual([1, 3, 2]);
  });

  test('knows pipeline, table and version', async () => {
    const contexts: unknown[] = [];
    const apply: Apply = (input) => {
      contexts.push(input.context);
      return initials(input);
    };
    const { tasks, inputs } = await process(transformed(apply), FILES);
    await curate(tasks, inputs);
    expect(contexts).toEqual([{ pipeline: 'things', table: 'rows', version: 'v1.2.3' }]);
  });

  test('may be of every type, nested ones too, exactly as declared', async () => {
    const columns = {
      i8: column.int8(),
      i32: column.int32(),
      i64: column.int64(),
      f32: column.float32(),
      d: column.decimal(38, 9),
      day: column.date(),
      at: column.timestamp(),
      flag: column.boolean(),
      bytes: column.binary({ encoding: 'base64' }),
      tags: column.array(column.string().nullable()),
      place: column.struct({ ok: column.boolean().nullable(), fee: column.decimal(8, 2).nullable() }),
    };
    const apply: Apply = ({ frame, added }) =>
      frame.select(
        pl.lit(5).cast(pl.Int8, true).alias('i8'),
        pl.lit(5).cast(pl.Int32, true).alias('i32'),
        pl.col('id').alias('i64'),
        pl.lit(0.5).cast(pl.Float32, true).alias('f32'),
        pl.lit('12.000000001').cast(pl.Decimal(38, 9), true).alias('d'),
        pl.lit('2024-02-29').cast(pl.Date, true).alias('day'),
        pl.lit('2024-02-29T00:00:00').cast(pl.Datetime('us'), true).alias('at'),
        pl.col('id').gt(pl.lit(1)).alias('flag'),
        pl.lit('AAE=').alias('bytes'),
        pl.lit('["a",null]').str.jsonDecode(pl.List(pl.Utf8)).alias('tags'),
        pl
          .lit('{"ok":true,"fee":"1.50"}')
          .str.jsonDecode(pl.Struct([new pl.Field('ok', pl.Bool), new pl.Field('fee', pl.Utf8)]))
          .cast(pl.Struct([new pl.Field('ok', pl.Bool), new pl.Field('fee', pl.Decimal(8, 2))]), true)
          .alias('place'),
        ...added,
      );
    const { tasks, inputs } = await process(transformed(apply, columns), FILES);
    const frame = await readParquet(tasks, await curate(tasks, inputs));
    expect(
      Object.fromEntries(
        // nodejs-polars has no name for bytes.
        Object.entries(frame.drop('bytes').schema as Record<string, unknown>).map(([name, type]) => [
          name,
          String(type),
        ]),
      ),
    ).toMatchObject({
      i8: 'DataType(Int8)',
      f32: 'DataType(Float32)',
      d: 'DataType(Decimal(38,9))',
      tags: 'DataType(List(DataType(String)))',
    });
  });
});

describe('what is not as declared fails by table and part, and leaves no file', () => {
  const keep =
    (...more: pl.Expr[]): Apply =>
    ({ frame, added }) =>
      frame.select(...more, ...added);
  const id = pl.col('id');
  const initial = pl.col('name').alias('initial');
  test.each<[string, Apply, RegExp]>([
    ['a column too few', keep(id), /gave no column "initial"\. /],
    ['a column too many', ({ frame }) => frame.withColumns(initial), /gave "name", which/],
    [
      'without what Landfall adds',
      ({ frame }) => frame.select(id, initial),
      /gave no column "etl_version", "file_land_timestamp".*\.\.\.added/,
    ],
    ['another type', keep(id.cast(pl.Int32), initial), /gave column "id" as Int32, not Int64/],
    [
      'a float of an integer',
      keep(id.mul(pl.lit(1.5)).alias('id'), initial),
      /gave column "id" as Float64, not Int64/,
    ],
    ['no type at all', keep(id, pl.lit(null).alias('initial')), /gave column "initial" as Null, not String/],
    [
      'a null',
      keep(
        pl
          .when(id.gt(pl.lit(1)))
          .then(id)
          .otherwise(pl.lit(null))
          .cast(pl.Int64)
          .alias('id'),
        initial,
      ),
      /gave 1 null in column "id", which is not nullable/,
    ],
    [
      'rows left out',
      (input) => (keep(id, initial)(input) as pl.LazyDataFrame).filter(id.gt(pl.lit(1))),
      /was given 2 rows of delivery 1534968800 and gave 1/,
    ],
    [
      'rows of another delivery',
      ({ frame }) =>
        frame.select(
          id,
          initial,
          pl.col('etl_version'),
          pl.lit(1534968801).cast(pl.Int64).alias('file_land_timestamp'),
        ),
      /was given 2 rows of delivery 1534968800 and gave 0/,
    ],
    [
      'an error',
      () => {
        throw new Error('no such court');
      },
      /failed: no such court/,
    ],
    [
      'a cast that fails',
      keep(id, pl.col('name').cast(pl.Int64, true).cast(pl.Utf8).alias('initial')),
      /failed: .*conversion from `str` to `i64` failed/,
    ],
    ['no frame', () => undefined as never, /did not return a lazy frame or a data frame/],
  ])('%s', async (_name, apply, words) => {
    const { tasks, inputs } = await process(transformed(apply), FILES);
    const failure = await failureOf(curate(tasks, inputs));
    expect(failure.name).toBe('TransformError');
    expect(failure.message).toMatch(
      /^curated\.transform of table "rows", on data-part-0\.parquet \(of deliveries 1534968800 to 1534968801\), /,
    );
    expect(failure.message).toMatch(words);
    expect(failure.message).toContain('Nothing was published');
    expect(await store.head({ bucket: tasks.bucket, key: PART })).toBeUndefined();
  });

  test('with its words kept back, where a column is sensitive', async () => {
    const apply: Apply = () => {
      throw new Error('bea');
    };
    const columns = { id: column.int64(), name: column.string({ sensitive: true }).nullable() };
    const { tasks, inputs } = await process({ ...transformed(apply), columns }, FILES);
    const failure = await failureOf(curate(tasks, inputs));
    expect(failure.message).not.toContain('bea');
    expect(failure.message).toContain('kept back');
  });
});

describe('a definition is refused', () => {
  const refused = (columns: Columns, more: object = {}, curated: object = {}) =>
    refusalOf(() => tableOf({ ...more, curated: { transform: { columns, apply: initials }, ...curated } }));

  test.each<[string, Columns, string]>([
    ['a rule', { id: column.oneOf(['a', 'b']) }, 'the rule enum'],
    ['a bound', { id: column.int64().min(3n) }, 'the rule min'],
    ['a refinement', { id: column.string().refine(() => true) }, 'a refinement'],
    ['uniqueness', { id: column.string({ unique: true }) }, 'unique'],
    ['a header', { id: column.string({ header: 'ID' }) }, 'header'],
    ['texts of null', { id: column.string({ nullTexts: ['NA'] }).nullable() }, 'nullTexts'],
    ['a rule inside', { id: column.array(column.oneOf(['a'])) }, 'the rule enum'],
  ])('where %s would be asked of nothing', (_name, columns, words) => {
    expect(refused(columns).happened).toContain(
      `column "id" of curated.transform has ${words}, which is not asked of rows there`,
    );
  });

  test('where rows in curated would be transformed twice: mode delta', () => {
    const { happened, next } = refused({ id: column.string() }, { mode: 'delta' });
    expect(happened).toContain("curated.transform and mode 'delta' cannot go together");
    expect(next).toContain(
      'sortBy, partitionBy, upsert, compression, rowGroupRows, statistics and maxSourceBytes',
    );
  });

  test('where a name is one that Landfall adds, or that is not there', () => {
    expect(refused({ etl_version: column.string() }).happened).toContain('is one that Landfall adds');
    expect(refused({ id: column.string() }, {}, { sortBy: ['day'] }).happened).toContain(
      'curated.sortBy names "day"',
    );
    expect(
      refusalOf(() => tableOf({ curated: { transform: { columns: {}, rows: 'changed' } } })).happened,
    ).toMatch(/has "rows", which Landfall does not know/);
  });
});
