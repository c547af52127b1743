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
import { writeCuratedPart } from '../../src/engine/write-curated-part';
import { must, readBytes } from '../adapters/test-buckets';
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
  const { rowsOut: rows, contentBytes: bytes, contentSha256, target } = processed;
  const task = {
    pipeline: 'things',
    table: 'rows',
    inputs: [{ ...target, fileLandTimestamp: 1534968800, rows, bytes, contentSha256 }],
    target: { bucket: tasks.bucket, key: 'curated/rows/data-part-0.parquet' },
    content: 'c',
    version: 'v1.2.3',
  };
  const { files } = await tasks.withContext((context) => writeCuratedPart(task, context));
  const { key } = must(files[0]);
  return { location: { bucket: tasks.bucket, key }, lines: processed.lines };
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
  const schema = (await frame.limit(0).collect()).schema as Record<string, unknown>;
  const rows = await frame
    .select(pl.struct(frame.columns.map((name) => pl.col(name))).struct.jsonEncode())
    .collect();
  await rm(folder, { recursive: true });
  return {
    rows: rows.getColumn(rows.columns[0] ?? '').toArray() as string[],
    types: Object.values(schema).map((type) => JSON.stringify(type)),
  };
}

/** The array of a row, integers as text; floats as numbers, since JSON may write one in more than one way. */
function toComparable(row: string): unknown {
  const { v } = parse(row, undefined, { parseNumber: (text) => text }) as {
    v: (Record<string, unknown> | null)[];
  };
  return v.map((each) => each && { ...each, f: Number(each['f']), g: Math.fround(Number(each['g'])) });
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
