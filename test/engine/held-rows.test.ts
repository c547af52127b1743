import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import pl from 'nodejs-polars';
import { chooseInputs, holdingsOf, type HeldPart } from '../../src/activities/curated/choose-inputs';
import { shapeOf } from '../../src/activities/curated/part-shape';
import { column, type Columns } from '../../src/definition/column';
import { jsonLines } from '../../src/definition/format';
import type { TableDefinition } from '../../src/definition/table';
import type { CuratedPart, HeldRows, ProcessedFile } from '../../src/engine/tasks';
import { writeCuratedPart } from '../../src/engine/write-curated-part';
import { failureOf, must, readBytes } from '../adapters/test-buckets';
import { pipelineOf, store, Tasks } from './task-context';

const ADDRESS = column.struct({ city: column.string().nullable(), no: column.int32().nullable() });
const COLUMNS = {
  k: column.int8().nullable(),
  s: column.string().nullable(),
  b: column.boolean().nullable(),
  i64: column.int64().nullable(),
  f32: column.float32().nullable(),
  f64: column.float64().nullable(),
  d: column.decimal(38, 9).nullable(),
  day: column.date().nullable(),
  at: column.timestamp().nullable(),
  bytes: column.binary({ encoding: 'base64' }).nullable(),
  address: ADDRESS.nullable(),
  items: column.array(ADDRESS.nullable()).nullable(),
  grid: column.array(column.array(column.decimal(4, 1).nullable())).nullable(),
};
type Definition = TableDefinition;
const definitionOf = (sortBy: string[], columns: Columns = COLUMNS): Definition => ({
  format: jsonLines(),
  columns,
  curated: { sortBy },
});

const orNull = (text: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.oneof({ weight: 3, arbitrary: text }, { weight: 1, arbitrary: fc.constant('null') });
const json = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<string> => value.map((each) => JSON.stringify(each));
const address = orNull(
  fc
    .record({
      city: orNull(json(fc.constantFrom('', 'a,"b"\n', 'é'))),
      no: orNull(fc.constantFrom('0', '-7')),
    })
    .map(({ city, no }) => `{"city":${city},"no":${no}}`),
);
const listOf = (item: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  orNull(fc.array(item, { maxLength: 3 }).map((items) => `[${items.join(',')}]`));
const line = fc
  .record({
    k: orNull(fc.constantFrom('1', '2')),
    s: orNull(json(fc.constantFrom('', 'null', 'a,"b"', 'é🎉\n', '007'))),
    b: orNull(fc.constantFrom('true', 'false')),
    i64: orNull(fc.constantFrom('9007199254740993', '-9223372036854775808')),
    f32: orNull(fc.constantFrom('0.1', '-3.4028235e38')),
    f64: orNull(fc.constantFrom('5e-324', '-0.0', '1.7976931348623157e308')),
    d: orNull(fc.constantFrom('12345678901234567890123456789.000000001', '-0.5')),
    day: orNull(json(fc.constantFrom('2024-02-29', '0001-01-01', '9999-12-31'))),
    at: orNull(json(fc.constantFrom('2024-01-01T00:00:00.000001', '1969-12-31T23:59:59'))),
    bytes: orNull(json(fc.constantFrom('', 'AA==', '//8=', 'AAAA'))),
    address,
    items: listOf(address),
    grid: listOf(
      fc.array(orNull(fc.constant('1.5')), { maxLength: 2 }).map((items) => `[${items.join(',')}]`),
    ),
  })
  .map(
    (row) =>
      `{${Object.entries(row)
        .map(([name, value]) => `"${name}":${value}`)
        .join(',')}}`,
  );
/** The rows of each delivery. */
const deliveries = fc.array(fc.array(line, { minLength: 1, maxLength: 4 }), { minLength: 4, maxLength: 6 });

async function process(tasks: Tasks<Columns>, place: number, lines: string[]): Promise<ProcessedFile> {
  const target = { bucket: tasks.bucket, key: `processed/${place}.jsonl.gz` };
  const {
    rowsOut: rows,
    contentBytes: bytes,
    contentSha256,
  } = await tasks.transform(`${lines.join('\n')}\n`, { target }, 'rows.jsonl');
  // Beyond 32 bits, as deliveries will be.
  const fileLandTimestamp = 4_294_967_290 + place * 7;
  return { ...target, fileLandTimestamp, rows, bytes, contentSha256, isTransient: true };
}

let next = 0;
async function curate(tasks: Tasks<Columns>, inputs: (ProcessedFile | HeldRows)[]): Promise<CuratedPart> {
  const target = { bucket: tasks.bucket, key: `curated/${(next += 1)}/data-part-0.parquet` };
  const task = { pipeline: 'things', table: 'rows', inputs, target, content: 'c', version: 'v1.2.3' };
  return must((await tasks.withContext((context) => writeCuratedPart(task, context))).files[0]);
}

async function publish(
  tasks: Tasks<Columns>,
  definition: Definition,
  inputs: ProcessedFile[],
): Promise<HeldPart> {
  const { key, sha256 } = await curate(tasks, inputs);
  const pipeline = pipelineOf(definition);
  const columns = shapeOf(pipeline, must(pipeline.tables[0])).columns.map(([name]) => name);
  const holds = holdingsOf(inputs);
  const rows = new Map(holds.map((each) => [each.fileLandTimestamp, each.rows]));
  return { files: [{ bucket: tasks.bucket, key, sha256, rows }], holds, columns };
}

/** As Polars has them, bytes included, and as JSON, which tells a null from an object of nulls. */
async function readRows(tasks: Tasks<Columns>, { key }: CuratedPart) {
  const folder = await mkdtemp(join(tmpdir(), 'landfall-test-'));
  const path = join(folder, 'part.parquet');
  await writeFile(path, await readBytes(store, { bucket: tasks.bucket, key }));
  const frame = pl.readParquet(path);
  const names = pl.scanParquet(path).columns.filter((name) => name !== 'bytes');
  await pl
    .scanParquet(path)
    .select(...names.map((name) => pl.col(name)))
    .sinkNdJson(join(folder, 'rows.jsonl'), { maintainOrder: true })
    .collect();
  const lines = (await readFile(join(folder, 'rows.jsonl'), 'utf8')).trimEnd().split('\n');
  await rm(folder, { recursive: true });
  return { frame, lines };
}

test.each([
  ['without an order of its own', []],
  ['sorted, with equal keys', ['k', 'bytes']],
])(
  'rows taken from published parts are those that processed gives, in the same order, %s',
  async (_name, sortBy) => {
    const definition = definitionOf(sortBy);
    await fc.assert(
      fc.asyncProperty(
        deliveries,
        fc.nat({ max: 2 }),
        fc.array(line, { minLength: 1, maxLength: 2 }),
        async (all, replaced, instead) => {
          const tasks = await Tasks.of<Columns>(definition);
          const before: ProcessedFile[] = [];
          for (const [place, lines] of all.entries()) before.push(await process(tasks, place, lines));
          const parts = [
            await publish(tasks, definition, before.slice(0, 3)),
            await publish(tasks, definition, before.slice(3, -1)),
          ];
          const anew = await process(tasks, replaced, [...instead, ...instead, ...instead]);
          const wanted = before.map((input, place) => (place === replaced ? anew : input));
          const chosen = chooseInputs(wanted, parts);
          const fromProcessed = chosen.filter((each) => 'contentSha256' in each);
          expect(fromProcessed).toEqual([anew, wanted.at(-1)]);
          const expected = await readRows(tasks, await curate(tasks, wanted));
          const found = await readRows(tasks, await curate(tasks, chosen));
          expect(found.lines).toEqual(expected.lines);
          expect(found.frame.frameEqual(expected.frame, true)).toBe(true);
        },
      ),
      { numRuns: 5, endOnFailure: true },
    );
  },
);

describe('a published part', () => {
  const definition = definitionOf([], { id: column.int64() });

  async function publishOne() {
    const tasks = await Tasks.of<Columns>(definition);
    const input = await process(tasks, 0, ['{"id":1}', '{"id":2}']);
    const part = await publish(tasks, definition, [input]);
    const [held] = chooseInputs([input], [part]) as [HeldRows];
    return { tasks, input, part, held };
  }

  test('is taken only with its very bytes, and only with as many rows as were published', async () => {
    const { tasks, held } = await publishOne();
    const other = await failureOf(curate(tasks, [{ ...held, sha256: '0' }]));
    expect(other.name).toBe('IntegrityError');
    expect(other.message).toContain('which is published, has other content than was published');
    const fewer = await failureOf(curate(tasks, [{ ...held, rows: 3 }]));
    expect(fewer.message).toContain(
      'has 2 rows of deliveries 4294967290 to 4294967290, but 3 were published',
    );
    const gone = await failureOf(curate(tasks, [{ ...held, key: 'gone' }]));
    expect(gone.message).toContain('which is published, is not there');
  });

  test('has null in columns that were added since, of every type', async () => {
    const { held } = await publishOne();
    const later = await Tasks.of<Columns>(definitionOf(['id'], { ...COLUMNS, id: column.int64() }));
    const fresh = await process(later, 1, ['{"id":3,"s":"x","bytes":"AA=="}']);
    const { frame, lines } = await readRows(later, await curate(later, [held, fresh]));
    expect(lines.map((each) => (JSON.parse(each) as { id: number; s: string | null }).s)).toEqual([
      null,
      null,
      'x',
    ]);
    expect(frame.getColumn('id').toArray()).toEqual([1, 2, 3]);
  });
});
