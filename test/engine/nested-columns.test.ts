import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AthenaClient } from '@aws-sdk/client-athena';
import fc from 'fast-check';
import { parse } from 'lossless-json';
import pl from 'nodejs-polars';
import { createAthenaQueryEngine } from '../../src/adapters/athena-query';
import { awsSettings } from '../../src/adapters/aws-settings';
import { createGlueCatalogue } from '../../src/adapters/glue-catalogue';
import { column, type Columns } from '../../src/definition/column';
import { glueType } from '../../src/definition/column-type';
import { jsonLines } from '../../src/definition/format';
import { readColumn } from '../../src/definition/read-column';
import type { TableDefinition } from '../../src/definition/table';
import type { CheckFileResult } from '../../src/engine/tasks';
import { writeCurated } from '../../src/engine/write-curated';
import { failureOf, must, readBytes } from '../adapters/test-buckets';
import { store, Tasks } from './task-context';

const ITEM = column.struct({
  sku: column.string().nullable(),
  qty: column.int64({ header: 'quantity' }).nullable(),
  price: column.decimal(38, 4).nullable(),
  at: column.timestamp().nullable(),
  day: column.date({ format: '%d/%m/%Y' }).nullable(),
  weight: column.float64().nullable(),
  tiny: column.float32().nullable(),
  ok: column.boolean().nullable(),
  small: column.int8().nullable(),
  tags: column.array(column.string().nullable()).nullable(),
});
const COLUMNS = {
  id: column.int64(),
  address: column.struct({ postcode: column.string({ header: 'postCode' }) }).nullable(),
  items: column.array(ITEM.nullable()).nullable(),
  grid: column.array(column.array(column.decimal(4, 1))),
};
const LANDED = [
  '{"id":1,"address":{"postCode":"é🎉 \\"q\\"\\n"},"grid":[[1.5,-0.0],[]],"items":[{"sku":"007","quantity":9007199254740993,"price":1234567890123456789012345678901234.5678,"at":"2024-01-01T00:00:00.000001","day":"29/02/2024","weight":1e20,"tiny":0.1,"ok":true,"small":-128,"tags":["",null,"a,b"]},null,{"quantity":-9223372036854775808,"weight":5e-324}]}',
  '{"items":[],"id":2,"address":null,"grid":[]}',
  '{"id":3,"grid":[[]]}',
];
const EXPECTED = [
  '{"id":1,"address":{"postcode":"é🎉 \\"q\\"\\n"},"items":[{"sku":"007","qty":9007199254740993,"price":"1234567890123456789012345678901234.5678","at":"2024-01-01 00:00:00.000001","day":"2024-02-29","weight":100000000000000000000,"tiny":0.1,"ok":true,"small":-128,"tags":["",null,"a,b"]},null,{"sku":null,"qty":-9223372036854775808,"price":null,"at":null,"day":null,"weight":5e-324,"tiny":null,"ok":null,"small":null,"tags":null}],"grid":[["1.5","0.0"],[]],"etl_version":"v1.2.3"}',
  '{"id":2,"address":null,"items":[],"grid":[],"etl_version":"v1.2.3"}',
  '{"id":3,"address":null,"items":null,"grid":[[]],"etl_version":"v1.2.3"}',
];
const FORMAT = { format: jsonLines() };
const unchanged = <C extends Columns>(columns: C): TableDefinition<C, C> => ({
  ...FORMAT,
  columns,
  transform: { columns, apply: ({ frame }) => frame },
});

/** Lands JSON lines and takes them to a Parquet file. */
async function curate<C extends Columns>(definition: TableDefinition<C, C>, lines: readonly string[]) {
  const tasks = await Tasks.of<C, C>(definition);
  const processed = await tasks.transform(`${lines.join('\n')}\n`, {}, 'rows.jsonl');
  const { rowsOut: rows, contentSha256, target } = processed;
  const task = {
    pipeline: 'things',
    table: 'rows',
    inputs: [{ ...target, fileLandTimestamp: 1534968800, rows, contentSha256 }],
    target: { bucket: tasks.bucket, prefix: 'curated/rows/' },
    version: 'v1.2.3',
  };
  const { parts } = await tasks.withContext((context) => writeCurated(task, context));
  return { location: { bucket: tasks.bucket, key: must(parts[0]).key }, lines: processed.lines };
}

/** The rows of a Parquet file as Polars writes them in JSON, which has every digit. */
async function readParquet(location: {
  bucket: string;
  key: string;
}): Promise<{ rows: string[]; types: string[] }> {
  const folder = await mkdtemp(join(tmpdir(), 'landfall-test-'));
  const path = join(folder, 'part.parquet');
  await writeFile(path, await readBytes(store, location));
  const frame = pl.scanParquet(path);
  const { schema } = await frame.limit(0).collect();
  const rows = await frame
    .select(pl.struct(frame.columns.map((name) => pl.col(name))).struct.jsonEncode())
    .collect();
  await rm(folder, { recursive: true });
  return {
    rows: rows.getColumn(rows.columns[0] ?? '').toArray() as string[],
    types: Object.values(schema as Record<string, unknown>).map((type) => JSON.stringify(type)),
  };
}

/** The array of a row; equal numbers, which JSON may write in more than one way, are equal texts of all their digits. */
function toComparable(row: string): unknown {
  const toDigits = (text: string): string => {
    if (/^-?\d+$/.test(text)) return text;
    const value = Number(text);
    return Number.isInteger(value) && !Object.is(value, -0) ? BigInt(value).toString() : String(value);
  };
  return (parse(row, undefined, { parseNumber: toDigits }) as { v: unknown }).v;
}

describe('arrays and structs go from JSON to Athena exactly', () => {
  it('as processed JSON lines', async () => {
    const tasks = await Tasks.of({ ...FORMAT, columns: COLUMNS });
    const { lines } = await tasks.transform(LANDED.join('\n'), {}, 'rows.jsonl');
    expect(lines.split('\n')).toEqual([...EXPECTED, '']);
  });

  it('through a transform in Polars', async () => {
    const tasks = await Tasks.of(unchanged(COLUMNS));
    const { lines } = await tasks.transform(LANDED.join('\n'), {}, 'rows.jsonl');
    expect(lines.split('\n')).toEqual([...EXPECTED, '']);
  });

  it('as Parquet of just these types, which Athena reads under the types that Glue is told', async () => {
    const { location } = await curate({ ...FORMAT, columns: COLUMNS }, LANDED);
    const { rows, types } = await readParquet(location);
    const written = EXPECTED.map((line) =>
      line.replace('100000000000000000000', '1e+20').replace(/}$/, ',"file_land_timestamp":1534968800}'),
    );
    expect(rows).toEqual(written);
    expect(types[1]).toBe('{"DataType":{"Struct":[{"name":"postcode","dtype":{"DataType":"String"}}]}}');
    expect(types[3]).toMatch(/"List":.*"List":.*"Decimal":{"precision":4,"scale":1}/);

    const database = `nested_${randomUUID().slice(0, 8)}`;
    const columns = Object.entries(COLUMNS).map(([name, schema]) => ({
      name,
      type: glueType(readColumn(name, schema).type),
    }));
    expect(columns.slice(1)).toEqual([
      { name: 'address', type: 'struct<postcode:string>' },
      {
        name: 'items',
        type: 'array<struct<sku:string,qty:bigint,price:decimal(38,4),at:timestamp,day:date,weight:double,tiny:float,ok:boolean,small:tinyint,tags:array<string>>>',
      },
      { name: 'grid', type: 'array<array<decimal(4,1)>>' },
    ]);
    await createGlueCatalogue().publishDatabase({
      name: database,
      tables: [
        {
          name: 'rows',
          columns: columns,
          partitionKeys: [],
          location: `s3://${location.bucket}/curated/rows/`,
          parameters: {},
        },
      ],
    });
    const athena = createAthenaQueryEngine({ athena: new AthenaClient(awsSettings()) });
    const found = await athena.query(
      `SELECT items[1].qty, items[1].price, items[1]."at", items[1].day, items[1].small, items[2] IS NULL, items[3].qty,
         items[3].weight = 5e-324, items[1].tags[1] = '', address.postcode, grid[1][1]
       FROM rows ORDER BY id`,
      { database, outputLocation: `s3://${location.bucket}/results/` },
    );
    expect(found.rows[0]?.map((value) => value?.replace(/^True$/, 'true'))).toEqual([
      '9007199254740993',
      '1234567890123456789012345678901234.5678',
      '2024-01-01 00:00:00.000001',
      '2024-02-29',
      '-128',
      'true',
      '-9223372036854775808',
      'true',
      'true',
      'é🎉 "q"\n',
      '1.5',
    ]);
    expect(found.rows[1]?.slice(0, 2)).toEqual([null, null]);
  });

  it('whatever the values are, through Polars and Parquet', async () => {
    const columns = {
      v: column.array(
        column
          .struct({
            s: column.string().nullable(),
            i: column.int64(),
            f: column.float64(),
            g: column.float32(),
            d: column.decimal(38, 6).nullable(),
            l: column.array(column.boolean().nullable()),
          })
          .nullable(),
      ),
    };
    const value = fc.option(
      fc.record({
        s: fc.option(fc.string({ unit: 'grapheme' })),
        i: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
        f: fc.double({ noNaN: true, noDefaultInfinity: true }),
        g: fc.float({ noNaN: true, noDefaultInfinity: true }),
        d: fc.option(fc.bigInt({ min: -(10n ** 38n) + 1n, max: 10n ** 38n - 1n })),
        l: fc.array(fc.option(fc.boolean()), { maxLength: 3 }),
      }),
    );
    const places = (whole: bigint): string => {
      const digits = (whole < 0n ? -whole : whole).toString().padStart(7, '0');
      return `"${whole < 0n ? '-' : ''}${digits.slice(0, -6)}.${digits.slice(-6)}"`;
    };
    const float = (each: number): string => (Object.is(each, -0) ? '-0.0' : String(each));
    const toJson = (each: typeof value extends fc.Arbitrary<infer T> ? T : never): string =>
      each === null
        ? 'null'
        : `{"s":${JSON.stringify(each.s)},"i":${each.i},"f":${float(each.f)},"g":${float(each.g)},"d":${each.d === null ? 'null' : places(each.d)},"l":${JSON.stringify(each.l)}}`;
    const rows = fc.array(fc.array(value, { maxLength: 4 }), { minLength: 1, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(rows, async (given) => {
        const landed = given.map((values) => `{"v":[${values.map(toJson).join(',')}]}`);
        const plain = await curate({ ...FORMAT, columns }, landed);
        const through = await curate(unchanged(columns), landed);
        expect(through.lines).toBe(plain.lines);
        const parquet = await readParquet(plain.location);
        expect(parquet.rows.map(toComparable)).toEqual(plain.lines.trimEnd().split('\n').map(toComparable));
      }),
      { numRuns: 5 },
    );
  });
});

describe('a fault inside an array or struct', () => {
  const shortly = ({ findings }: CheckFileResult): string[] =>
    findings.map(({ code, column: name, count, expected, samples }) =>
      [
        code,
        name ?? '-',
        count,
        ...samples.map(({ row, value }) => `${row}${value === undefined ? '' : `=${value}`}`),
        expected ?? '',
      ].join(' '),
    );
  const check = async (columns: Columns, ...lines: string[]): Promise<string[]> =>
    shortly(
      await (await Tasks.of<Columns>({ ...FORMAT, columns })).check(`${lines.join('\n')}\n`, 'rows.jsonl'),
    );

  const ORDER = {
    address: column.struct({
      postcode: column.string({ pattern: /[A-Z]{2}\d/, header: 'postCode' }),
      since: column.date().nullable(),
    }),
    items: column
      .array(
        column.struct({
          price: column.decimal(4, 2, { min: '0' }),
          note: column.string({ sensitive: true }).max(2).nullable(),
        }),
      )
      .min(1)
      .max(2),
  };

  it('is told with its path, and a row counts once', async () => {
    expect(
      await check(
        ORDER,
        '{"address":{"postCode":"AB1"},"items":[{"price":"1.00"}]}',
        '{"address":{"postCode":"ab1","since":"2024-02-30"},"items":[{"price":"banana"},{"price":"123.456"}]}',
        '{"address":{"postcode":"AB1"},"items":[{"price":-1,"note":"secret"},{"price":null}]}',
        '{"address":[],"items":{}}',
        '{"address":null,"items":[]}',
        '{"address":{"postCode":"AB1"},"items":[{"price":1},{"price":1},{"price":1}]}',
      ),
    ).toEqual([
      'pattern address.postcode 1 2=ab1 text that matches /^(?:[A-Z]{2}\\d)$/',
      'type address.since 1 2=2024-02-30 a date that exists, written as %Y-%m-%d',
      'type items[].price 1 2=banana a number with at most 2 digits before the point and 2 after it',
      'missing-column address.postcode 1 3 ',
      'unknown-column address.postcode 1 3 ',
      'min items[].price 1 3=-1 at least 0',
      'max-length items[].note 1 3 at most 2 characters',
      'null items[].price 1 3 a value',
      'type address 1 4=[…] an object',
      'type items 1 4 an array',
      'null address 1 5 a value',
      'min-length items 1 5 at least 1 elements',
      'max-length items 1 6 at most 2 elements',
    ]);
  });

  it('refinements see the values as TypeScript does', async () => {
    const columns = {
      period: column
        .struct({ from: column.date(), to: column.date({ format: '%d/%m/%Y' }) })
        .refine(({ from, to }) => from <= to, 'from must not be after to'),
      ids: column
        .array(column.int64().refine((id) => id !== 7n, 'not 7'))
        .refine((ids) => new Set(ids).size === ids.length),
    };
    expect(
      await check(
        columns,
        '{"period":{"from":"2024-01-02","to":"01/02/2024"},"ids":[1,9007199254740993]}',
        '{"period":{"from":"2024-01-02","to":"01/01/2024"},"ids":[1,1]}',
        '{"period":{"from":"2024-01-02","to":"01/02/2024"},"ids":[7]}',
      ),
    ).toEqual([
      'refinement period 1 2={"from":"2024-01-02","to":"2024-01-01"} from must not be after to',
      'refinement ids 1 2=[1,1] Invalid input',
      'refinement ids[] 1 3=7 not 7',
    ]);
  });
});

describe('a transform that gives arrays or structs', () => {
  const columns = {
    v: column.array(column.float64().nullable()),
    s: column.struct({ a: column.int32() }).nullable(),
  };
  const failing = async (
    apply: NonNullable<TableDefinition<typeof columns>['transform']>['apply'],
  ): Promise<string> => {
    const tasks = await Tasks.of({ ...FORMAT, columns, transform: { columns, apply } });
    const failure = await failureOf(tasks.transform('{"v":[0,1.5,null],"s":{"a":1}}\n', {}, 'rows.jsonl'));
    return `${failure.name}: ${failure.happened}`;
  };

  it.each([
    [
      'NaN, which JSON has not',
      '"NaN"',
      (frame: pl.LazyDataFrame) =>
        frame
          .withColumn(pl.lit(0).cast(pl.Float64).div(pl.lit(0)).alias('n'))
          .select(pl.col('n').implode().alias('v'), pl.col('s')),
    ],
  ])('is refused for %s', async (_what, words, change) => {
    expect(await failing(({ frame }) => change(frame))).toContain(words);
  });

  it('is refused for fields that are not declared, or of other types', async () => {
    const other = await failing(({ frame, pl: polars }) =>
      frame.withColumn(polars.struct([polars.lit(1.5).alias('a'), polars.lit('x').alias('b')]).alias('s')),
    );
    expect(other).toMatch(/TransformError: .*column s\.a: .*"1\.5".*column s\.b: .*no column/);
  });
});
