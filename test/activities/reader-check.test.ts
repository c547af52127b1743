import polars from 'nodejs-polars';
import { failureOf, must } from '../adapters/test-buckets';
import { createAthenaQueryEngine } from '../../src/adapters/athena-query';
import type { QueryEngine } from '../../src/adapters/catalogue';
import { createGlueCatalogue } from '../../src/adapters/glue-catalogue';
import type { PublicationReport } from '../../src/activities/report/report';
import { UnavailableError } from '../../src/errors';
import type { DeliveryRef } from '../../src/layout/delivery';
import { Bench, type Attempts } from './bench';
import { toArchived, toCurated, toProcessed } from './take-through';

const TABLES = `a: table({ files: { required: false }, columns: { id: column.int64(), name: column.string(), price: column.decimal(8, 2).nullable() }, primaryKey: ['id'] }),
  b: table({ files: { required: false }, columns: { id: column.int64() } }),`;
const FIRST = 1_534_968_800;
const SECOND = FIRST + 100;

const catalogue = createGlueCatalogue();
let checking: string;
let bench: Bench;

beforeEach(async () => {
  checking = `checking_${Date.now()}_${Math.floor(Math.random() * 1e6)}`;
  bench = await Bench.create({ tables: TABLES, options: `readerCheck: { database: '${checking}' },` });
});
afterEach(() => bench.close());

/** As Athena is asked, with a note of every query. */
function listening(answer?: (sql: string) => void | Promise<void>): QueryEngine & { asked: string[] } {
  const athena = createAthenaQueryEngine();
  const asked: string[] = [];
  return {
    asked,
    query: async (sql, options) => {
      asked.push(sql);
      expect(options.database).toBe(checking);
      await answer?.(sql);
      return athena.query(sql, options);
    },
  };
}

/** A delivery that is all in curated; nothing of it is published. */
async function toBeChecked(requested: number, queries?: QueryEngine) {
  await bench.land('a-data/x.csv', `id,name,price\n${requested},x,0.50\n${requested + 1},y,\n`);
  const delivery = await bench.take({ requested });
  const run = bench.run(queries ? { queries } : {});
  await toProcessed(run, delivery, await toArchived(run, delivery));
  await toCurated(run, delivery);
  return { run, delivery };
}

async function publish({ run, delivery }: { run: Attempts; delivery: DeliveryRef }): Promise<void> {
  await run.checkAsReader(delivery);
  await run.publishDatabase(delivery);
  await run.writeReport(delivery);
}

/** What the run after a failed one does, from what is archived on. */
async function again(delivery: DeliveryRef): Promise<{ run: Attempts; delivery: DeliveryRef }> {
  const run = bench.run();
  await toProcessed(run, delivery, await run.planDelivery(delivery));
  await toCurated(run, delivery);
  return { run, delivery };
}

const published = () => catalogue.readDatabase(bench.pipeline.database);
const leftBehind = async () => (await catalogue.readDatabase(checking))?.tables.map(({ name }) => name);
/** The table's last curated file of a snapshot that is not published. */
async function newPart(table: string): Promise<string> {
  const { curated } = bench.pipeline.areas;
  const locations = (await published())?.tables.map(({ location }) => location) ?? [];
  const isNew = (key: string): boolean =>
    !locations.some((location) => `s3://${curated}/${key}`.startsWith(location));
  const parts = await bench.keys('curated');
  return must(parts.filter((key) => key.includes(`/${table}/`) && isNew(key)).at(-1));
}
const overwrite = (key: string, body: Buffer) =>
  bench.store.write({ bucket: bench.pipeline.areas.curated, key }, body);

test('each table that changed is asked about once, before it is published, and its answers are in the report', async () => {
  const queries = listening();
  const first = await toBeChecked(FIRST, queries);
  expect(await first.run.checkAsReader(first.delivery)).toEqual({ checked: 2 });
  expect(await published()).toBeUndefined();
  expect(await leftBehind()).toEqual([]);
  expect(queries.asked).toHaveLength(2);
  expect(queries.asked[0]).toMatch(
    /^SELECT count\(\*\), max\("file_land_timestamp"\), count\(\*\) FILTER \(WHERE "id" IS NULL\), count\(\*\) FILTER \(WHERE "name" IS NULL AND "file_land_timestamp" = 1534968800\) FROM "a_[0-9a-f]{32}"$/,
  );
  // An attempt that comes again asks nothing again.
  expect(await first.run.checkAsReader(first.delivery)).toEqual({ checked: 2 });
  expect(queries.asked).toHaveLength(2);
  await first.run.publishDatabase(first.delivery);
  await first.run.writeReport(first.delivery);
  const report = await bench.readRecord<PublicationReport>(first.delivery, 'published');
  expect(report?.readerCheck).toMatchObject([
    { table: 'a', rows: 2, newest: FIRST, shortcomings: [] },
    { table: 'b', rows: 0, newest: null, shortcomings: [] },
  ]);

  const second = await toBeChecked(SECOND, listening());
  expect(await second.run.checkAsReader(second.delivery)).toEqual({ checked: 1 });
  await second.run.publishDatabase(second.delivery);
  // One that wakes up when all is over finds nothing to ask.
  expect(await first.run.checkAsReader(first.delivery).catch(() => 'refused')).toBeDefined();
  expect(await leftBehind()).toEqual([]);
});

test('without the option Athena is not asked, and no database is made', async () => {
  bench.close();
  bench = await Bench.create({ tables: TABLES });
  const queries = listening(() => Promise.reject(new Error('asked')));
  const first = await toBeChecked(FIRST, queries);
  expect((await first.run.planDelivery(first.delivery)).hasReaderCheck).toBe(false);
  expect(await first.run.checkAsReader(first.delivery)).toEqual({ checked: 0 });
  await first.run.publishDatabase(first.delivery);
  await first.run.writeReport(first.delivery);
  expect(await bench.readRecord(first.delivery, 'published')).not.toHaveProperty('readerCheck');
  expect(await catalogue.readDatabase(checking)).toBeUndefined();
});

const twoRows = (id: (bigint | null)[], newest: number) =>
  polars
    .DataFrame({ id, name: ['x', null], price: [1, 2] })
    .withColumns(
      polars.col('id').cast(polars.Int64),
      polars.col('price').cast(polars.Float64),
      polars.lit(newest).cast(polars.Int64).alias('file_land_timestamp'),
    )
    .writeParquet({ compression: 'zstd' });

test.each<[string, (key: string) => Promise<unknown>, RegExp[]]>([
  [
    'a file that is gone',
    (key) => bench.erase('curated', key),
    [
      /table "a": 2 rows, where 4 were written; its newest file_land_timestamp is 1534968800, where it must be 1534968900 \(query \S+\)/,
    ],
  ],
  [
    'a file that is no Parquet',
    (key) => overwrite(key, Buffer.from('this is no Parquet file at all')),
    [/table "a": Athena cannot read it: /],
  ],
  [
    'nulls in the key, and in another column that may hold none',
    (key) => overwrite(key, twoRows([1n, null], SECOND)),
    [/table "a": column id is null in 1 rows, where it must not be; column name is null in 1 rows/],
  ],
  [
    'as many rows, of an earlier delivery',
    (key) => overwrite(key, twoRows([1n, 2n], FIRST)),
    [/table "a": its newest file_land_timestamp is 1534968800, where it must be 1534968900/],
  ],
])(
  '%s: nothing moves, nothing is left, and once it is mended the next run publishes',
  async (_what, damage, words) => {
    await publish(await toBeChecked(FIRST));
    const before = await published();
    const { run, delivery } = await toBeChecked(SECOND);
    const damaged = await newPart('a');
    await damage(damaged);

    const failure = await failureOf(run.checkAsReader(delivery));
    expect(failure.name).toBe('ReaderCheckError');
    expect(failure.retryable).toBe(false);
    for (const each of words) expect(failure.happened).toMatch(each);
    expect(failure.unchanged).toBe('Readers see the former publish, in every table.');
    expect(await published()).toEqual(before);
    expect(await leftBehind()).toEqual([]);
    const [record = ''] = (await bench.keys('log')).filter((key) => key.includes('reader-check-wanting'));
    expect(failure.next).toContain(record);
    expect(JSON.parse((await bench.pipeline.read('log', record)).toString())).toMatchObject({
      tables: [{ table: 'a' }],
    });

    if ((await bench.keys('curated')).includes(damaged)) await bench.erase('curated', damaged);
    await publish(await again(delivery));
    expect((await published())?.tables[0]?.parameters['landfall.rows']).toBe('4');
    expect(await leftBehind()).toEqual([]);
  },
);

test('what passes by itself is retried, and what was answered is not asked again', async () => {
  let busy = true;
  const queries = listening((sql) => {
    if (busy && sql.includes('FROM "b_'))
      throw new UnavailableError({ happened: 'Athena is busy.', next: 'Wait.' });
  });
  const { run, delivery } = await toBeChecked(FIRST, queries);
  expect(await failureOf(run.checkAsReader(delivery))).toMatchObject({ retryable: true });
  expect(await leftBehind()).toEqual([]);
  busy = false;
  await publish({ run, delivery });
  expect(queries.asked.map((sql) => /FROM "(.)_/.exec(sql)?.[1])).toEqual(['a', 'b', 'b']);
});

test('an attempt whose table was taken away by another finds nothing wanting, and is made again', async () => {
  let others = 1;
  const { run: other, delivery } = await toBeChecked(FIRST);
  const queries = listening(async (sql) => {
    if (!sql.includes('FROM "a_') || others-- < 1) return;
    await other.checkAsReader(delivery);
  });
  const late = bench.run({ queries }, other.runId);
  expect(await failureOf(late.checkAsReader(delivery))).toMatchObject({
    name: 'ConflictError',
    retryable: true,
  });
  expect((await bench.keys('log')).filter((key) => key.includes('wanting'))).toEqual([]);
  await publish({ run: late, delivery });
});

test('what an attempt left that was killed goes with the next check', async () => {
  const { run, delivery } = await toBeChecked(FIRST);
  const killed = { ...catalogue, dropTables: () => Promise.resolve() };
  await bench.run({ catalogue: killed }, run.runId).checkAsReader(delivery);
  expect(await leftBehind()).toHaveLength(2);
  await run.checkAsReader(delivery);
  expect(await leftBehind()).toEqual([]);
});

test('a checking database with tables of somebody else is refused, and nothing of it is dropped', async () => {
  const table = { name: 'theirs', columns: [], partitionKeys: [], location: 's3://x/', parameters: {} };
  await catalogue.publishDatabase({ name: checking, tables: [table] });
  const { run, delivery } = await toBeChecked(FIRST);
  const failure = await failureOf(run.checkAsReader(delivery));
  expect(failure).toMatchObject({
    name: 'SetupError',
    happened: expect.stringContaining('theirs') as string,
  });
  expect(await leftBehind()).toEqual(['theirs']);
});
