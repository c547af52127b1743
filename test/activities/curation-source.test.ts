import { createGlueCatalogue } from '../../src/adapters/glue-catalogue';
import type { PublicationReport } from '../../src/activities/report/report';
import type { WriteCuratedPartTask } from '../../src/engine/tasks';
import type { DeliveryRef, RunResult } from '../../src/layout/delivery';
import { failureOf, must } from '../adapters/test-buckets';
import { Bench, type BenchOptions } from './bench';
import { createTellingEngine } from './engine-in-process';
import { readRows, readSnapshot } from './read-published';
import { toArchived, toCurated, toProcessed, toPublished } from './take-through';

const FIRST = 1_534_968_800;
const COLUMNS = `id: column.int64(), price: column.decimal(12, 4).nullable(), name: column.string({ nullTexts: ['NA'] }).nullable(),
  day: column.date({ format: '%d/%m/%Y' })`;

/** @param curated beside the source */
const tableOf = (name: string, curated = '', more = ''): string =>
  `${name}: table({ columns: { ${COLUMNS} }, curated: { ${curated} }, ${more} }),`;
const FROM = `source: 'raw-hist', `;
const A = tableOf('a', FROM);

let bench: Bench;
let made: WriteCuratedPartTask[] = [];
const open = async (tables: string, options: BenchOptions = {}): Promise<Bench> =>
  (bench = await Bench.create({ hasRaw: false, tables, ...options }));
beforeEach(() => {
  made = [];
});
afterEach(() => bench.close());

function runOf(of = bench) {
  const engine = createTellingEngine({ pipelines: of.pipelines, store: of.store }, (task) => made.push(task));
  return of.run({ engine });
}

const linesOf = (place: number): string =>
  [`day,name,price,id`, `29/02/2024,NA,1.50,${place}`, `01/01/1969,"""q"", é",,9007199254740993`, ''].join(
    '\n',
  );

async function land(place: number, tables = ['a'], of = bench): Promise<DeliveryRef> {
  for (const table of tables) await of.land(`${table}-data/x ${place}.csv`, linesOf(place));
  return of.take({ requested: FIRST + place });
}

async function publish(
  place: number,
  tables = ['a'],
  of = bench,
): Promise<{ delivery: DeliveryRef; result: RunResult; files: number }> {
  made = [];
  const delivery = await land(place, tables, of);
  const result = await toPublished(runOf(of), delivery);
  return { delivery, result, files: made.length };
}

const versionsOf = (rows: string[]): string[] =>
  rows.flatMap((row) =>
    row.startsWith('--') ? [] : [(JSON.parse(row) as { etl_version: string }).etl_version],
  );

test.each([
  ['in their order', ''],
  ['sorted', `sortBy: ['price'], `],
  ['in folders', `partitionBy: ['day'], `],
  [
    'transformed',
    `transform: { columns: { id: column.int64(), loud: column.string().nullable() },
      apply: ({ frame, columns, added }) => frame.select(columns.id, columns.name.str.toUpperCase().alias('loud'), ...added) }, `,
  ],
  ['one row a key', `upsert: true, `],
])('rows and files are those of a table that is processed, %s; of it nothing is', async (_name, curated) => {
  const tables = ['a', 'b'];
  const keyed = curated.includes('upsert') ? `primaryKey: ['id']` : '';
  await open(`${tableOf('a', FROM + curated, keyed)} ${tableOf('b', curated, keyed)}`, { hasRaw: true });
  for (const place of [0, 1, 2]) {
    const { delivery, result } = await publish(place, tables);
    expect(await readRows(bench, delivery, 'a')).toEqual(await readRows(bench, delivery, 'b'));
    const [a, b] = result.tables;
    expect(a).toEqual({ ...b, table: 'a' });
    const shapes = await Promise.all(tables.map((table) => readSnapshot(bench, delivery, table)));
    expect(shapes[0]?.shape).toEqual(shapes[1]?.shape);
  }
  const { tables: glue } = must(await createGlueCatalogue().readDatabase(bench.pipeline.database));
  const [columns, others] = tables.map((table) => glue.find(({ name }) => name === table)?.columns);
  expect(columns).toEqual(others);
  const processed = await bench.keys('processed');
  expect(processed).toHaveLength(3);
  expect(processed.filter((key) => !key.includes('/b-data/'))).toEqual([]);
  expect(await bench.keys('raw')).toEqual([]);
  expect(await bench.keys('rawHist')).toHaveLength(6);
});

test('one row a key in several files is one row a key of raw-hist too', async () => {
  const tables = ['a', 'b'];
  const [upsert, keyed] = [`upsert: true, maxSourceBytes: 70, `, `primaryKey: ['id']`];
  await open(`${tableOf('a', FROM + upsert, keyed)} ${tableOf('b', upsert, keyed)}`);
  await publish(0, tables);
  const { delivery, result } = await publish(1, tables);
  const [a, b] = await Promise.all(tables.map((table) => readRows(bench, delivery, table)));
  const isRow = (line: string): boolean => line.startsWith('{');
  expect(must(a).filter(isRow).sort()).toEqual(must(b).filter(isRow).sort());
  expect(must(a).filter((line) => !isRow(line)).length).toBeGreaterThan(1);
  expect(result.tables[0]).toMatchObject({
    published: 3,
    merged: { processed: 4, superseded: 1, deleted: 0 },
  });
});

test('the report has where files are archived, and all their rows', async () => {
  await open(A);
  const { delivery, result } = await publish(0);
  expect(result.tables).toMatchObject([{ landed: 2, processed: 2, rejected: 0, published: 2 }]);
  const { files } = must(await bench.readRecord<PublicationReport>(delivery, 'published'));
  expect(files).toMatchObject([{ processed: [], rows: { landed: 2, processed: 2 } }]);
  expect(files[0]?.archived).toContain('/a-data/file_land_timestamp=1534968800/');
  expect((await readRows(bench, delivery))[1]).toContain('"source_file":"x 0.csv"');
});

test('files are kept until the image’s tag, or how values are read, is another', async () => {
  await open(A);
  await publish(0);
  expect((await publish(1)).files).toBe(1);
  await bench.release(A.replace(`['NA']`, `['NA', 'N/A']`));
  expect((await publish(2)).files).toBe(3);
  await bench.release(A.replace(`['NA']`, `['NA', 'N/A']`), 'v2');
  const { delivery, files } = await publish(3);
  expect(files).toBe(4);
  expect(new Set(versionsOf(await readRows(bench, delivery)))).toEqual(new Set(['v2']));
});

describe('in mode delta', () => {
  const DELTA = tableOf('a', FROM, `mode: 'delta'`);
  const inputsOf = (): string[] =>
    made.flatMap(({ inputs }) => inputs.map((each) => ('first' in each ? 'published' : each.bucket)));

  test('only what is new is read from raw-hist, and stays there; rows keep the release that read them', async () => {
    const rebuild = await open(A);
    const delta = await open(DELTA);
    for (let place = 0; place < 9; place += 1) {
      const version = `v${Math.floor(place / 4)}`;
      for (const each of [rebuild, delta]) await each.release(each === delta ? DELTA : A, version);
      const { delivery: other } = await publish(place, ['a'], rebuild);
      const { delivery } = await publish(place, ['a'], delta);
      const rows = await readRows(delta, delivery);
      const withoutVersion = (all: string[]) => all.map((row) => row.replace(/"etl_version":"v\d"/, ''));
      expect(withoutVersion(rows)).toEqual(withoutVersion(await readRows(rebuild, other)));
      expect(versionsOf(rows)).toEqual(
        Array.from({ length: 2 * (place + 1) }, (_, at) => `v${Math.floor(at / 8)}`),
      );
      // Eight become one: what they were made of is taken from what is published.
      expect(inputsOf()).toEqual(
        place === 7
          ? [...new Array<string>(7).fill('published'), delta.pipeline.areas.rawHist]
          : [delta.pipeline.areas.rawHist],
      );
    }
    expect(await delta.keys('rawHist')).toHaveLength(9);
    expect(await delta.keys('processed')).toEqual([]);
    rebuild.close();
  });

  test('beside a table that is processed, of which alone something is deleted', async () => {
    await open(`${DELTA} ${tableOf('b', '', `mode: 'delta'`)}`);
    const { delivery } = await publish(0, ['a', 'b']);
    expect(await bench.readRecord(delivery, 'emptied')).toMatchObject({ deleted: 1, kept: 0 });
    expect(await bench.keys('processed')).toEqual([]);
    expect(await bench.keys('rawHist')).toHaveLength(2);
  });

  test('rows that are not published any more, or are declared otherwise, are read from raw-hist again', async () => {
    await open(DELTA);
    await publish(0);
    const [part = ''] = await bench.keys('curated');
    await bench.erase('curated', part);
    const { delivery } = await publish(1);
    expect(inputsOf()).toHaveLength(2);
    const rows = await readRows(bench, delivery);
    expect(rows.filter((row) => !row.startsWith('--'))).toHaveLength(4);
    await bench.release(DELTA.replace('curated: {', `curated: { sortBy: ['id'],`));
    await publish(2);
    await bench.release(DELTA.replace('curated: {', `curated: { sortBy: ['price'],`));
    made = [];
    const third = await publish(3);
    expect((await readRows(bench, third.delivery)).filter((row) => !row.startsWith('--'))).toHaveLength(8);
  });
});

describe('a table may', () => {
  const PROCESSED = tableOf('a');
  const countRows = async (of: DeliveryRef): Promise<number> =>
    (await readRows(bench, of)).filter((row) => !row.startsWith('--')).length;

  test('begin to be made of raw-hist, and end to: what was not processed is taken from there', async () => {
    await open(PROCESSED);
    await publish(0);
    await bench.release(A);
    expect(await countRows((await publish(1)).delivery)).toBe(4);
    await bench.release(PROCESSED);
    const { delivery } = await publish(2);
    expect(await countRows(delivery)).toBe(6);
    expect(await bench.keys('processed')).toHaveLength(2);
  });

  test('not get a transform, through which what was not processed has not gone', async () => {
    await open(A);
    await publish(0);
    await bench.release(
      tableOf(
        'a',
        '',
        `transform: { columns: { id: column.int64() }, apply: ({ frame, columns }) => frame.select(columns.id) }`,
      ),
    );
    const run = runOf();
    const delivery = await land(1);
    await toProcessed(run, delivery, await toArchived(run, delivery));
    const failure = await failureOf(toCurated(run, delivery));
    expect(failure.name).toBe('DefinitionError');
    expect(failure.message).toMatch(/has a transform, through which .* of delivery 1534968800 has not gone/);
  });

  test('be declared otherwise in the middle of a run, which goes on as it was planned', async () => {
    await open(A);
    const delivery = await land(0);
    const before = runOf();
    const plan = await toArchived(before, delivery);
    await bench.release(PROCESSED);
    const after = bench.run({}, before.runId);
    await toProcessed(after, delivery, plan);
    await toCurated(after, delivery);
    await after.publishDatabase(delivery);
    expect(await after.writeReport(delivery)).toMatchObject({ tables: [{ landed: 2, published: 2 }] });
    expect(await bench.keys('processed')).toEqual([]);
  });
});

test.each([
  ['rebuild', A],
  ['delta', tableOf('a', FROM, `mode: 'delta'`)],
])(
  'a file that is missing in raw-hist is told, and readers see what they saw: mode %s',
  async (_mode, table) => {
    await open(table);
    await publish(0);
    for (const area of ['rawHist', 'curated'] as const)
      for (const key of await bench.keys(area)) await bench.erase(area, key);
    await bench.release(table, 'v2');
    const run = runOf();
    const delivery = await land(1);
    await toProcessed(run, delivery, await toArchived(run, delivery));
    const failure = await failureOf(toCurated(run, delivery));
    expect(failure.name).toBe('IntegrityError');
    expect(failure.message).toMatch(/is not there, though it was archived\. What is published is as it was/);
  },
);
