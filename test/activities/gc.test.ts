import { randomUUID } from 'node:crypto';
import { failureOf, must } from '../adapters/test-buckets';
import { createGlueCatalogue } from '../../src/adapters/glue-catalogue';
import type { ObjectStore } from '../../src/adapters/object-store';
import type { SnapshotRecord } from '../../src/activities/curated/snapshot-record';
import { UnavailableError } from '../../src/errors';
import { snapshotRecordsPrefix } from '../../src/layout/log-keys';
import type { GcResult } from '../../src/layout/maintenance';
import { Bench, FOLDERS, type Attempts } from './bench';
import { toArchived, toProcessed, toPublished } from './take-through';

const catalogue = createGlueCatalogue();
const DAY = 24 * 60 * 60;
let bench: Bench;

beforeEach(async () => {
  bench = await Bench.create({ tables: `a: table({ columns: { id: column.int64() } }),` });
});
afterEach(() => bench.close());

async function publish(requested: number): Promise<void> {
  await bench.land('a-data/x.csv', `id\n${requested}\n`);
  await toPublished(bench.run(), await bench.take({ requested }));
}

const gc = (
  { graceSeconds = 0, dryRun = false }: { graceSeconds?: number; dryRun?: boolean } = {},
  run: Attempts = bench.run(),
): Promise<GcResult> => run.sweepSnapshots({ pipeline: bench.pipeline.name, graceSeconds, dryRun });

async function rollBack(to: number): Promise<void> {
  const run = bench.run();
  const request = { kind: 'rollback', pipeline: bench.pipeline.name, dryRun: false, to } as const;
  await run.planRollback({ ...request, by: 'Ann', why: 'a test' });
  await run.rollBackTables({ ...request, by: 'Ann', why: 'a test' });
}

const folderOf = (key: string): string => must(/snapshot=\w+/.exec(key)?.[0]);
const curatedFolders = async (): Promise<string[]> => [
  ...new Set((await bench.keys('curated')).map(folderOf)),
];

async function publishedFolder(): Promise<string> {
  const [table] = must(await catalogue.readDatabase(bench.pipeline.database)).tables;
  return folderOf(must(table).location);
}

/** All but what maintenance itself records. */
async function keptObjects(): Promise<Record<string, string>> {
  const objects = Object.entries(await bench.objects());
  return Object.fromEntries(
    objects.filter(
      ([key]) => !key.startsWith('curated/') && !key.includes('/snapshots/') && !key.includes('/gc/'),
    ),
  );
}

describe('gc', () => {
  test('deletes what was superseded, keeps what Glue points at, and says so in a dry run first', async () => {
    for (const requested of [1000, 2000, 3000]) await publish(requested);
    const before = await bench.objects();
    const others = await keptObjects();
    const dry = await gc({ dryRun: true });
    expect(dry).toMatchObject({ snapshots: 2, files: 3, kept: 1, strangers: 0, dryRun: true });
    expect(dry.bytes).toBeGreaterThan(0);
    const { ...after } = await bench.objects();
    expect(Object.fromEntries(Object.entries(after).filter(([key]) => !key.includes('/gc/')))).toEqual(
      before,
    );
    expect(await gc()).toEqual({ ...dry, dryRun: false });
    expect(await curatedFolders()).toEqual([await publishedFolder()]);
    expect(await keptObjects()).toEqual(others);
    // Twice.
    expect(await gc()).toMatchObject({ snapshots: 0, files: 0, bytes: 0, kept: 1, strangers: 0 });
  });

  test('keeps what any publish within the grace had, and nothing is swept while that is not known', async () => {
    for (const requested of [1000, 2000]) await publish(requested);
    const found = await gc({ graceSeconds: 7 * DAY });
    expect(found).toMatchObject({ snapshots: 0, kept: 2 });
    expect(found.note).toContain('not recorded for as long as the grace goes back');
    expect(await curatedFolders()).toHaveLength(2);
  });

  test('keeps an old snapshot that readers saw within the grace', async () => {
    await publish(1000);
    const isOld = new Set(await bench.keys('log'));
    await publish(2000);
    // As if the first publish were ten days old, and the second of now.
    const store: ObjectStore = {
      ...bench.store,
      async *list(...args) {
        for await (const object of bench.store.list(...args)) {
          const { key, lastModified } = object;
          yield isOld.has(key) ? { ...object, lastModified: lastModified - 10 * DAY } : object;
        }
      },
    };
    const week = await gc({ graceSeconds: 7 * DAY, dryRun: true }, bench.run({ store }));
    expect(week).toMatchObject({ snapshots: 0, kept: 2 });
    expect(week.note).toBeUndefined();
    expect(await gc({ dryRun: true }, bench.run({ store }))).toMatchObject({ snapshots: 1, kept: 1 });
  });

  test('a swept snapshot is refused by rollback, and made anew by a run that needs it', async () => {
    await publish(1000);
    await publish(2000);
    await gc();
    const failure = await failureOf(rollBack(1000));
    expect(failure.name).toBe('UsageError');
    expect(failure.message).toMatch(/was swept by landfall gc at .*No table was moved/);
    // Somebody takes the second delivery's rows away again: the first snapshot is what the table is made of.
    for (const key of await bench.keys('log'))
      if (key.includes('file_land_timestamp=2000')) await bench.erase('log', key);
    await bench.land('a-data/x.csv', 'id\n1000\n');
    const run = bench.run();
    const delivery = { pipeline: bench.pipeline.name, fileLandTimestamp: 1000 };
    await run.planDelivery(delivery);
    expect(await run.planCuration(delivery)).toMatchObject([{ isCurrent: false }]);
    expect((await failureOf(run.publishDatabase(delivery))).message).toContain('was swept');
    await run.writeCurated({ ...delivery, table: 'a' });
    await run.publishDatabase(delivery);
    expect(await curatedFolders()).toContain(await publishedFolder());
    expect(await gc({ dryRun: true })).toMatchObject({ kept: 2, snapshots: 0 });
  });

  test('keeps what Glue points at, whatever the records say: after a rollback, or by hand', async () => {
    for (const requested of [1000, 2000, 3000]) await publish(requested);
    await rollBack(1000);
    const seen = await publishedFolder();
    // The second; the third was rolled back, and is what the next run goes on from.
    expect(await gc()).toMatchObject({ snapshots: 1, kept: 2 });
    expect(await curatedFolders()).toContain(seen);
    await publish(4000);
    const database = must(await catalogue.readDatabase(bench.pipeline.database));
    const [table] = database.tables;
    const mine = { ...must(table), name: 'mine', parameters: {} };
    const location = must(table).location.replace(/snapshot=\w+/, seen);
    await catalogue.publishDatabase({ ...database, tables: [must(table), { ...mine, location }] });
    expect(await gc()).toMatchObject({ snapshots: 1, kept: 2 });
    expect(await curatedFolders()).toContain(seen);
  });

  test('names strangers, and deletes none: beside parts, in a part’s place, in no snapshot, in a folder of nobody', async () => {
    for (const requested of [1000, 2000, 3000]) await publish(requested);
    const seen = await publishedFolder();
    const [replaced = ''] = (await bench.keys('curated')).filter((key) => folderOf(key) !== seen);
    const table = must(/^(.*\/)snapshot=/.exec(replaced)?.[1]);
    const strangers = [
      replaced,
      `${table}notes.txt`,
      `${table}${folderOf(replaced)}/notes.parquet`,
      `${table}snapshot=0123456789abcdef/data-part-0.parquet`,
      `${table}${seen}/data-part-7.parquet`,
    ];
    for (const key of strangers) await bench.put('curated', key, 'mine', { 'landfall-content': 'mine' });
    const named = strangers.map((key) => `s3://${bench.pipeline.areas.curated}/${key}`).sort();
    for (const isAgain of [false, true]) {
      const { named: found, ...counts } = await gc();
      expect(found.sort()).toEqual(named);
      expect(counts).toMatchObject({ strangers: 5, snapshots: isAgain ? 0 : 2 });
    }
    expect(await bench.keys('curated')).toEqual(expect.arrayContaining(strangers));
  });

  test('deletes what an attempt left, which its run’s plan proves, once it is older than the grace', async () => {
    await publish(1000);
    await bench.land('a-data/x.csv', 'id\n2\n');
    const delivery = await bench.take({ requested: 2000 });
    const run = bench.run();
    await toProcessed(run, delivery, await toArchived(run, delivery));
    await run.planCuration(delivery);
    await run.writeCurated({ ...delivery, table: 'a' });
    const seen = await publishedFolder();
    const left = must((await bench.keys('curated')).find((key) => folderOf(key) !== seen));
    const record = `${snapshotRecordsPrefix(FOLDERS)}a/${folderOf(left).replace('snapshot=', '')}.json`;
    await bench.erase('log', record);
    expect(await gc({ graceSeconds: 3600 })).toMatchObject({ snapshots: 0, strangers: 0 });
    expect(await gc()).toMatchObject({ snapshots: 1, files: 2, swept: [{ was: 'incomplete', table: 'a' }] });
    expect(await curatedFolders()).toEqual([seen]);
    // The run goes on, and makes it again.
    await run.writeCurated({ ...delivery, table: 'a' });
    await run.publishDatabase(delivery);
    expect(await curatedFolders()).toContain(folderOf(left));
  });

  test('that was killed in the middle is ended by the next one, and never pointed at meanwhile', async () => {
    await publish(1000);
    await publish(2000);
    const dying: ObjectStore = {
      ...bench.store,
      delete: () => Promise.reject(new UnavailableError({ happened: 'It was killed.', next: 'Go on.' })),
    };
    await failureOf(gc({}, bench.run({ store: dying }, randomUUID())));
    expect(await curatedFolders()).toHaveLength(2);
    expect((await failureOf(rollBack(1000))).message).toContain('was swept');
    expect(await gc()).toMatchObject({ snapshots: 1, files: 1 });
    expect(await curatedFolders()).toEqual([await publishedFolder()]);
    const records = (await bench.keys('log')).filter((key) => key.startsWith(snapshotRecordsPrefix(FOLDERS)));
    const swept: SnapshotRecord[] = [];
    for (const key of records)
      swept.push(JSON.parse((await bench.pipeline.read('log', key)).toString()) as SnapshotRecord);
    expect(swept.map((record) => record.swept?.isComplete).sort()).toEqual([true, undefined]);
  });
});
