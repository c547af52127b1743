import fc from 'fast-check';
import type { LazyDataFrame } from 'nodejs-polars';
import { column, type Columns } from '../../src/definition/column';
import { jsonLines } from '../../src/definition/format';
import type { Transform } from '../../src/definition/transform';
import { failureOf, readBytes } from '../adapters/test-buckets';
import { EVERY_TYPE } from './every-type';
import { store, Tasks } from './task-context';

const HEADER = Object.keys(EVERY_TYPE).join(',');
const ROWS = [
  '"a ""q"", é\n🎉",true,-128,9007199254740993,0.1,1e300,1234567890123456789012345678901234.5678,29/02/2024,1969-12-31T23:59:59.000001',
  '"",FALSE,127,-9223372036854775808,16777216,5e-324,-0.5,1/1/0001,9999-12-31T00:00:00',
  ',,,,,,,,',
  '007,True,0,0,-0,-0,0,31/12/9999,2024-01-01T00:00:00.5',
];
const CSV = `${HEADER}\n${ROWS.join('\n')}\n`;
const EXPECTED = [
  '{"s":"a \\"q\\", é\\n🎉","b":true,"i8":-128,"i64":9007199254740993,"f32":0.1,"f64":1e+300,"d":"1234567890123456789012345678901234.5678","day":"2024-02-29","at":"1969-12-31 23:59:59.000001","etl_version":"v1.2.3"}',
  '{"s":"","b":false,"i8":127,"i64":-9223372036854775808,"f32":16777216,"f64":5e-324,"d":"-0.5000","day":"0001-01-01","at":"9999-12-31 00:00:00.000000","etl_version":"v1.2.3"}',
  '{"s":null,"b":null,"i8":null,"i64":null,"f32":null,"f64":null,"d":null,"day":null,"at":null,"etl_version":"v1.2.3"}',
  '{"s":"007","b":true,"i8":0,"i64":0,"f32":-0.0,"f64":-0.0,"d":"0.0000","day":"9999-12-31","at":"2024-01-01 00:00:00.500000","etl_version":"v1.2.3"}',
];

type EveryType = typeof EVERY_TYPE;
const unchanged: Transform<EveryType, EveryType> = { columns: EVERY_TYPE, apply: ({ frame }) => frame };

const SMALL = { id: column.int64(), name: column.string().nullable() };
type Small = typeof SMALL;

/** The words with which a transform of `SMALL` rows fails. */
async function failureWith<O extends Columns>(transform: Transform<Small, O>, columns: Small = SMALL) {
  const tasks = await Tasks.of<Small, O>({ columns, transform });
  const failure = await failureOf(tasks.transform('id,name\n1,a\n2,b\n3,\n'));
  expect(await store.head({ bucket: tasks.bucket, key: 'processed/rows.jsonl.gz' })).toBeUndefined();
  return failure;
}

describe('transform-file', () => {
  it('writes JSON lines of one form: every digit, null apart from "", the version last', async () => {
    const tasks = await Tasks.of({ columns: EVERY_TYPE });
    const { lines, rowsIn, rowsOut, bytes, target, contentSha256 } = await tasks.transform(CSV);
    expect(lines.split('\n')).toEqual([...EXPECTED, '']);
    expect([rowsIn, rowsOut]).toEqual([4, 4]);
    const stored = await store.head(target);
    expect(stored).toMatchObject({ size: bytes, contentType: 'application/gzip' });
    expect(stored?.metadata).toMatchObject({
      'landfall-rows': '4',
      'landfall-content-sha256': contentSha256,
      'landfall-version': 'v1.2.3',
    });
  });

  it('gives rows that go through Polars the same form, and loses none of them', async () => {
    const tasks = await Tasks.of({ columns: EVERY_TYPE, transform: unchanged });
    const { lines } = await tasks.transform(CSV);
    expect(lines.split('\n')).toEqual([...EXPECTED, '']);
  });

  it('gives the same bytes each time', async () => {
    const tasks = await Tasks.of({ columns: EVERY_TYPE });
    const first = await tasks.transform(CSV);
    const bytes = await readBytes(store, first.target);
    const second = await tasks.transform(CSV);
    expect(second.contentSha256).toBe(first.contentSha256);
    expect((await readBytes(store, second.target)).equals(bytes)).toBe(true);
  });

  it('any texts survive the way through Polars', async () => {
    const columns = { s: column.string().nullable(), t: column.string().nullable() };
    const plain = await Tasks.of({ columns, format: jsonLines() });
    const through = await Tasks.of({
      columns,
      format: jsonLines(),
      transform: { columns, apply: ({ frame }) => frame },
    });
    const texts = fc.option(
      fc.oneof(
        fc.string({ unit: 'grapheme' }),
        fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', '#', ' ', '\uFEFF', '\0') }),
      ),
    );
    const rows = fc.array(fc.record({ s: texts, t: texts }), { minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(rows, async (given) => {
        const body = given.map((row) => `${JSON.stringify(row)}\n`).join('');
        const [expected, found] = [
          await plain.transform(body, {}, 'rows.jsonl'),
          await through.transform(body, {}, 'rows.jsonl'),
        ];
        expect(found.lines).toBe(expected.lines);
      }),
      { numRuns: 15 },
    );
  });

  it('gives a transform typed columns, its context, and writes what it selects in the declared order', async () => {
    const tasks = await Tasks.of({
      columns: { id: column.int64(), amount: column.decimal(12, 2), day: column.date() },
      transform: {
        columns: {
          file: column.string(),
          twice: column.int64(),
          cents: column.int64(),
          month: column.int8(),
          landed: column.int64(),
        },
        apply: ({ frame, columns: { id, amount, day }, pl, context }) =>
          frame.select(
            id.mul(pl.lit(2).cast(pl.Int64)).alias('twice'),
            amount.mul(pl.lit(100)).cast(pl.Int64, true).alias('cents'),
            day.dt.month().alias('month'),
            pl.lit(context.file).alias('file'),
            pl.lit(context.fileLandTimestamp).cast(pl.Int64, true).alias('landed'),
          ),
      },
    });
    const { lines } = await tasks.transform('id,amount,day\n21,12.34,2024-05-06\n');
    expect(lines).toBe(
      '{"file":"rows.csv","twice":42,"cents":1234,"month":5,"landed":1534968800,"etl_version":"v1.2.3"}\n',
    );
  });

  it('may filter rows only where it says so, down to none', async () => {
    const filter = {
      columns: SMALL,
      apply: ({ frame, columns: { id }, pl }) => frame.filter(id.gt(pl.lit(5))),
    } satisfies Transform<Small, Small>;
    const refused = await failureWith(filter);
    expect(refused).toMatchObject({
      name: 'TransformError',
      message: expect.stringContaining(
        'was given 3 rows and gave 0, though it declares to keep them',
      ) as string,
    });
    const tasks = await Tasks.of({ columns: SMALL, transform: { ...filter, rows: 'changed' } });
    expect(await tasks.transform('id,name\n1,a\n')).toMatchObject({ rowsIn: 1, rowsOut: 0, lines: '' });
  });

  it('fails when it gives other columns than it declares', async () => {
    const failure = await failureWith({
      columns: { id: column.int64() },
      apply: ({ frame, columns: { name } }) => frame.select(name),
    });
    expect(failure.name).toBe('TransformError');
    expect(failure.happened).toBe(
      'The transform of table "rows", on file "rows.csv", gave no column "id" and gave "name", which transform.columns does not declare.',
    );
  });

  it('fails when it gives values that its columns do not allow, and says which rows', async () => {
    const columns = { id: column.int64().max(2n), name: column.string() };
    const failure = await failureWith({ columns, apply: ({ frame }) => frame });
    expect(failure.name).toBe('TransformError');
    expect(failure.happened).toContain(
      'rows.csv, column id: 1 row not as declared, expected at most 2: row 3 "3".',
    );
    expect(failure.happened).toContain(
      'rows.csv, column name: 1 row without a value, expected a value: row 3.',
    );
  });

  it('is never helped by a cast: a float is no whole number, and a time with a zone no timestamp', async () => {
    const float = await failureWith({
      columns: { id: column.int64() },
      apply: ({ frame, columns: { id }, pl }) => frame.select(id.cast(pl.Float64).div(pl.lit(2))),
    });
    expect(float.happened).toContain('column id: 3 rows not as declared, expected a whole number');
    const tasks = await Tasks.of({
      columns: { at: column.timestamp() },
      transform: {
        columns: { at: column.timestamp() },
        apply: ({ frame, columns: { at }, pl }) => frame.select(at.cast(pl.Datetime('us', 'UTC'))),
      },
    });
    const zoned = await failureOf(tasks.transform('at\n2024-01-01T00:00:00\n'));
    expect(zoned.happened).toContain('row 1 "2024-01-01T00:00:00.000000+0000"');
  });

  it('fails with the words of what failed in it', async () => {
    const thrown = await failureWith({
      columns: SMALL,
      apply: () => {
        throw new Error('no such court');
      },
    });
    expect(thrown).toMatchObject({
      name: 'TransformError',
      happened: 'The transform of table "rows", on file "rows.csv", failed: no such court.',
    });
    const cast = await failureWith({
      columns: { id: column.int64() },
      apply: ({ frame, columns: { name }, pl }) => frame.select(name.cast(pl.Int64, true).alias('id')),
    });
    expect(cast.happened).toMatch(/failed in column 'name' for 2 out of \d values/);
    const nothing = await failureWith({ columns: SMALL, apply: () => undefined as never });
    expect(nothing.happened).toContain('did not return a lazy frame or a data frame');
  });

  it('takes a frame that is collected, or that comes later, and loses none of its types', async () => {
    for (const apply of [
      ({ frame }) => frame.collectSync(),
      ({ frame }) => frame.collect(),
      async ({ frame }) => (await frame.collect()).lazy(),
    ] satisfies Transform<EveryType, EveryType>['apply'][]) {
      const tasks = await Tasks.of({ columns: EVERY_TYPE, transform: { columns: EVERY_TYPE, apply } });
      expect((await tasks.transform(CSV)).lines.split('\n')).toEqual([...EXPECTED, '']);
    }
  });

  it('fails when what comes later is no frame, or never comes', async () => {
    const series = await failureWith({
      columns: SMALL,
      apply: (async ({ frame }) => (await frame.collect()).getColumn('id')) as (input: {
        frame: LazyDataFrame;
      }) => Promise<never>,
    });
    expect(series.happened).toContain('did not return a lazy frame or a data frame');
    expect(series.next).toContain('collected or not; the function may be async');
    const rejected = await failureWith({
      columns: SMALL,
      apply: () => Promise.reject(new Error('no such court')),
    });
    expect(rejected.happened).toContain('failed: no such court');
  });

  it('hides what a transform makes of sensitive values, under whatever name', async () => {
    const failure = await failureWith(
      {
        columns: { id: column.int64() },
        apply: ({ frame, columns: { name } }) => frame.select(name.alias('id')),
      },
      { ...SMALL, name: column.string({ sensitive: true }).nullable() },
    );
    expect(failure.happened).toContain('column id: 2 rows not as declared');
    expect(failure.message).not.toMatch(/"a"|"b"/);
  });

  it('keeps values to itself where the table has sensitive columns', async () => {
    const failure = await failureWith(
      {
        columns: { id: column.int64() },
        apply: ({ frame, columns: { name }, pl }) => frame.select(name.cast(pl.Int64, true).alias('id')),
      },
      { ...SMALL, name: column.string({ sensitive: true }).nullable() },
    );
    expect(failure.happened).toMatch(/in column 'name' for 2 out of \d values/);
    expect(failure.message).not.toMatch(/"a"|"b"/);
  });

  it('refuses an archived file whose bytes are not those that were checked', async () => {
    const tasks = await Tasks.of({ columns: SMALL });
    const failure = await failureOf(tasks.transform('id,name\n1,a\n', { sha256: '0'.repeat(64) }));
    expect(failure).toMatchObject({
      name: 'IntegrityError',
      happened: expect.stringContaining('but the file that was checked had 000') as string,
    });
    expect(await store.head({ bucket: tasks.bucket, key: 'processed/rows.jsonl.gz' })).toBeUndefined();
  });

  it('refuses an archived file that does not pass its check any more', async () => {
    const tasks = await Tasks.of({ columns: SMALL });
    const failure = await failureOf(tasks.transform('id,name\nx,a\n'));
    expect(failure).toMatchObject({
      name: 'IntegrityError',
      happened: expect.stringContaining('column id: 1 row (100 %) not as declared') as string,
    });
  });
});
