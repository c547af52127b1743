import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import pl, { type DataType } from 'nodejs-polars';
import { createEngine } from '../../src/engine/engine';
import type { CheckFileResult, Engine } from '../../src/engine/tasks';
import { createBucket, land, readBytes } from '../adapters/test-buckets';
import { describeShortly } from './describe-shortly';
import { frameToParquet } from './frame-to-parquet';
import { store } from './task-context';

const MODULE = join(__dirname, 'fixtures', 'nested-parquet-tables.ts');
const WRITTEN = join(__dirname, 'fixtures', 'parquet');
const DATA = join(__dirname, '..', 'corpora', 'parquet-testing', 'data');
const PIPELINE = 'nested-parquet';

// hyparquet is an ES module, which Jest does not load; the engine's own processes do.
let engine: Engine;
let bucket: string;
beforeAll(async () => {
  bucket = await createBucket('nested-parquet');
  engine = createEngine({ pipelineModules: [MODULE], maxProcesses: 1 });
});
afterAll(() => engine.close());

async function check(table: string, body: Buffer): Promise<CheckFileResult> {
  const source = await land(store, { bucket, key: `land/${table}.parquet` }, body);
  return engine.checkFile({ pipeline: PIPELINE, table, source });
}

/** The rows as they are processed, as JSON lines without the version. */
async function process(table: string, body: Buffer): Promise<string[]> {
  const { sha256, findings } = await check(table, body);
  expect(findings).toEqual([]);
  const source = await land(store, { bucket, key: `raw/${table}.parquet` }, body);
  const target = { bucket, key: `processed/${table}.jsonl.gz` };
  await engine.transformFile({
    ...{ pipeline: PIPELINE, table, source, sha256, target },
    ...{ fileName: `${table}.parquet`, fileLandTimestamp: 1534968800, version: 'v1' },
  });
  const text = gunzipSync(await readBytes(store, target)).toString('utf8');
  return text.replaceAll(',"etl_version":"v1"', '').trimEnd().split('\n');
}

const toJson = (value: unknown): string =>
  JSON.stringify(value, (_key, each: unknown) => (typeof each === 'bigint' ? `#${each}#` : each)).replaceAll(
    /"#(-?\d+)#"/g,
    '$1',
  );

/** Polars makes nested columns reliably from JSON only. */
const frameOf = (types: Record<string, DataType>, rows: readonly Record<string, unknown>[]) =>
  pl
    .DataFrame(
      Object.fromEntries(
        Object.keys(types).map((name) => [
          name,
          pl.Series(
            name,
            rows.map((row) => (row[name] === null ? null : toJson(row[name]))),
            pl.Utf8,
          ),
        ]),
      ),
    )
    .select(...Object.entries(types).map(([name, type]) => pl.col(name).str.jsonDecode(type)));

const fileOf = (name: string): Buffer => readFileSync(join(DATA, `${name}.parquet`));

describe('nested Parquet, written by Arrow', () => {
  it.each(['v1', 'v2', 'item'])(
    '%s: each value and each null is where it was, over small pages and row groups',
    async (name) => {
      const expected = readFileSync(join(WRITTEN, 'rows.jsonl'), 'utf8').trimEnd().split('\n');
      expect(await process('written', readFileSync(join(WRITTEN, `${name}.parquet`)))).toEqual(expected);
    },
  );

  it('is judged by the checks of its columns, by path, and keeps sensitive values to itself', async () => {
    const frame = frameOf(
      { id: pl.Int64, tags: pl.List(pl.Utf8), place: pl.Struct([new pl.Field('ok', pl.Bool)]) },
      [
        { id: 1, tags: ['a'], place: { ok: true } },
        { id: 2, tags: ['a', 'b', 'c'], place: { ok: null } },
        { id: 3, tags: ['secret', 'again', 'x'], place: null },
        { id: 4, tags: null, place: { ok: false } },
      ],
    );
    const result = await check('strict', await frameToParquet(frame, 50));
    expect(result.rows).toBe(4);
    expect(describeShortly(result)).toEqual([
      'max-length tags 2 2= 3=',
      'null place.ok 1 2=',
      'max-length tags[] 1 3=',
      'null tags 1 4=',
    ]);
  });

  it('names by path what is missing, unknown or of another type', async () => {
    const result = await check('strict', fileOf('nested_maps.snappy'));
    expect(describeShortly(result).slice(0, 3)).toEqual([
      'missing-column id 1',
      'missing-column tags 1',
      'missing-column place 1',
    ]);
    const frame = frameOf(
      {
        id: pl.Int64,
        tags: pl.List(pl.List(pl.Int32)),
        place: pl.Struct([new pl.Field('yes', pl.Bool), new pl.Field('OK', pl.Bool)]),
      },
      [{ id: 1, tags: [[1]], place: { yes: true, OK: true } }],
    );
    expect(describeShortly(await check('strict', await frameToParquet(frame, 50)))).toEqual([
      'column-type tags[] 1 string, or a narrower one / list<int32>',
      'missing-column place.ok 1',
      'unknown-column 2',
    ]);
  });

  it('refuses a map with words', async () => {
    expect(describeShortly(await check('maps', fileOf('nested_maps.snappy')))).toEqual([
      'column-type a 1 struct / map',
    ]);
  });

  it('finds a row that is too large, and goes on behind it', async () => {
    const tags = [['a'], Array.from({ length: 50 }, () => 'long enough'), [], ['b', null]];
    const frame = frameOf(
      { id: pl.Int64, tags: pl.List(pl.Utf8) },
      tags.map((each, id) => ({ id, tags: each })),
    );
    const result = await check('small_rows', await frameToParquet(frame, 50));
    expect(result.rows).toBe(4);
    expect(describeShortly(result)).toEqual(['row-too-large 1 2=']);
  });
});

describe('nested Parquet, written by Polars', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'é', '🎉', '"', ',', '\n'), maxLength: 4 });
  const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
  const lists = <T>(of: fc.Arbitrary<T>) => fc.array(of, { maxLength: 4 });
  const rows = fc.array(
    fc.record({
      tags: fc.option(lists(fc.option(text))),
      grid: lists(lists(fc.option(int64))),
      weights: lists(fc.integer().map((each) => each + 0.5)),
      place: fc.option(
        fc.record({
          ok: fc.option(fc.boolean()),
          deep: fc.option(fc.record({ n: fc.option(fc.integer({ min: -128, max: 127 })) })),
        }),
      ),
    }),
    { minLength: 1, maxLength: 120 },
  );
  const TYPES = {
    id: pl.Int64,
    tags: pl.List(pl.Utf8),
    items: pl.List(
      pl.Struct([
        new pl.Field('sku', pl.Utf8),
        new pl.Field('prices', pl.List(pl.Decimal(10, 2))),
        new pl.Field('at', pl.Datetime('us')),
      ]),
    ),
    place: pl.Struct([
      new pl.Field('ok', pl.Bool),
      new pl.Field('deep', pl.Struct([new pl.Field('n', pl.Int8)])),
    ]),
    grid: pl.List(pl.List(pl.Int64)),
    weights: pl.List(pl.Float64),
  };

  it('comes out as it went in', async () => {
    const property = fc.asyncProperty(rows, async (given) => {
      const frame = frameOf(
        TYPES,
        given.map((row, id) => ({ id, items: null, ...row })),
      );
      const expected = given.map(({ tags, grid, weights, place }, id) =>
        toJson({ id, tags, items: null, place, grid, weights }),
      );
      expect(await process('polars', await frameToParquet(frame, 50))).toEqual(expected);
    });
    await fc.assert(property, { numRuns: 15, seed: 20261122 });
  });
});

describe('nested Parquet of parquet-testing', () => {
  it.each([
    [
      'nested_lists.snappy',
      'three_deep',
      [
        '{"a":[[["a","b"],["c"]],[null,["d"]]],"b":1}',
        '{"a":[[["a","b"],["c","d"]],[null,["e"]]],"b":1}',
        '{"a":[[["a","b"],["c","d"],["e"]],[null,["f"]]],"b":1}',
      ],
    ],
    ['old_list_structure', 'two_level', ['{"a":[[1,2],[3,4]]}']],
    [
      'repeated_primitive_no_list',
      'repeated',
      [
        '{"int32_list":[0,1,2,3],"string_list":["foo","zero","one","two"],"group_of_lists":{"ints":[0,1,2,3],"strings":["foo","zero","one","two"]}}',
        '{"int32_list":[],"string_list":["three"],"group_of_lists":{"ints":[],"strings":["three"]}}',
        '{"int32_list":[4],"string_list":["four"],"group_of_lists":{"ints":[4],"strings":["four"]}}',
        '{"int32_list":[5,6,7,8],"string_list":["five","six","seven","eight"],"group_of_lists":{"ints":[5,6,7,8],"strings":["five","six","seven","eight"]}}',
      ],
    ],
    [
      'repeated_no_annotation',
      'phones',
      [
        '{"id":1,"phones":null}',
        '{"id":2,"phones":null}',
        '{"id":3,"phones":{"phone":[]}}',
        '{"id":4,"phones":{"phone":[{"number":5555555555,"kind":null}]}}',
        '{"id":5,"phones":{"phone":[{"number":1111111111,"kind":"home"}]}}',
        '{"id":6,"phones":{"phone":[{"number":1111111111,"kind":"home"},{"number":2222222222,"kind":null},{"number":3333333333,"kind":"mobile"}]}}',
      ],
    ],
    [
      'nullable.impala',
      'impala',
      [
        '{"id":1,"int_array":[1,2,3],"int_array_array":[[1,2],[3,4]]}',
        '{"id":2,"int_array":[null,1,2,null,3,null],"int_array_array":[[null,1,2,null],[3,null,4],[],null]}',
        '{"id":3,"int_array":[],"int_array_array":[null]}',
        '{"id":4,"int_array":null,"int_array_array":[]}',
        '{"id":5,"int_array":null,"int_array_array":null}',
        '{"id":6,"int_array":null,"int_array_array":null}',
        '{"id":7,"int_array":null,"int_array_array":[null,[5,6]]}',
      ],
    ],
    [
      'list_columns',
      'lists',
      [
        '{"int64_list":[1,2,3],"utf8_list":["abc","efg","hij"]}',
        '{"int64_list":[null,1],"utf8_list":null}',
        '{"int64_list":[4],"utf8_list":["efg",null,"hij","xyz"]}',
      ],
    ],
    ['nulls.snappy', 'null_structs', Array.from({ length: 8 }, () => '{"b_struct":{"b_c_int":null}}')],
  ])('%s', async (name, table, expected) => {
    const body = fileOf(name);
    // This one says that it has no rows, and is refused for it.
    if (name === 'repeated_no_annotation') body[body.indexOf(Buffer.from([0x16, 0, 0x19]), -1000) + 1] = 12;
    expect(await process(table, body)).toEqual(expected);
  });
});

describe('bytes and LZ4', () => {
  const FOUR = [
    '{"c0":1593604800,"c1":"YWJj","v11":42}',
    '{"c0":1593604800,"c1":"ZGVm","v11":7.7}',
    '{"c0":1593604801,"c1":"YWJj","v11":42.125}',
    '{"c0":1593604801,"c1":"ZGVm","v11":7.7}',
  ];

  it.each(['lz4_raw_compressed', 'hadoop_lz4_compressed', 'non_hadoop_lz4_compressed'])(
    '%s',
    async (name) => {
      expect(await process('lz4', fileOf(name))).toEqual(FOUR);
    },
  );

  it('larger pages of LZ4 are read whole, and damaged ones refused', async () => {
    const raw = await process('lz4_larger', fileOf('lz4_raw_compressed_larger'));
    const hadoop = await process('lz4_larger', fileOf('hadoop_lz4_compressed_larger'));
    expect(raw).toHaveLength(10_000);
    expect(hadoop).toEqual(raw);
    const damaged = Buffer.from(fileOf('lz4_raw_compressed_larger'));
    damaged.fill(255, 2000, 2100);
    expect((await check('lz4_larger', damaged)).findings.map(({ code }) => code)).toEqual([
      'malformed-parquet',
    ]);
  });

  it('byte arrays without annotation and of a fixed length are bytes', async () => {
    const fixed = await process('fixed', fileOf('fixed_length_byte_array'));
    expect(fixed).toHaveLength(1000);
    expect(fixed.slice(0, 2)).toEqual(['{"flba_field":"AAAD6A=="}', '{"flba_field":null}']);
    const foo = await process('foo', fileOf('binary'));
    expect(foo.slice(0, 2)).toEqual(['{"foo":"AA=="}', '{"foo":"AQ=="}']);
  });
});
