import { failureOf } from '../adapters/test-buckets';
import { PartitionedTable, ROWS, tableOf } from './partitioned-table';
import { toArchived, toCurated, toProcessed, toPublished } from './take-through';

const BY_COURT = tableOf(`partitionBy: ['court', 'received'], sortBy: ['id']`);
let a: PartitionedTable;
const open = async (tables: string): Promise<void> => {
  a = await PartitionedTable.open(tables);
};
afterEach(() => a.bench.close());

describe('values that cannot be folders', () => {
  test.each([
    ['a slash', 'a/b'],
    ['a way up', '..'],
    ['a comma', '"a,b"'],
    ['a percent sign', '50%'],
    ['a template', '${court}'],
    ['a space in front', ' a'],
  ])('%s fails the run before anything moves', async (_name, court) => {
    await open(tableOf(`partitionBy: ['court']`));
    await a.publish(...ROWS);
    const failure = await failureOf(a.publish(`4,${court},2024-01-01,1.00`));
    expect(failure.message).toContain('column "court", by which it is partitioned, has the value');
    expect(failure.message).toContain('readers see what they saw');
    expect(await a.query('SELECT count(*) FROM a')).toEqual([['3']]);
  });

  test('so do numbers that lie too far apart to be tried', async () => {
    await open(tableOf(`partitionBy: ['id']`).replace('int64', 'int32'));
    const failure = await failureOf(a.publish('1,York,2024-01-01,1.00', '2000000000,York,2024-01-01,1.00'));
    expect(failure.message).toContain('among 2000000000 that readers would try');
  });
});

describe('an attempt that was killed', () => {
  async function curateTwice(tables: string, change: () => Promise<void>): Promise<Error | undefined> {
    await open(tables);
    const delivery = await a.land(...ROWS);
    const run = a.run();
    await toProcessed(run, delivery, await toArchived(run, delivery));
    const before = await a.bench.keys('log');
    await toCurated(run, delivery);
    for (const key of await a.bench.keys('log'))
      if (!before.includes(key) && key.includes('snapshot')) await a.bench.erase('log', key);
    await change();
    return run.writeCurated({ ...delivery, table: 'a' }).then(
      () => undefined,
      (error: unknown) => error as Error,
    );
  }

  test('is gone on from', async () => {
    expect(await curateTwice(BY_COURT, () => Promise.resolve())).toBeUndefined();
  });

  test('and had made other folders, is told of, since readers would see both', async () => {
    const failure = await curateTwice(BY_COURT, async () => {
      const [key = ''] = await a.bench.keys('curated');
      await a.bench.put('curated', key.replace(/court=[^/]+/, 'court=Elsewhere'), 'other');
    });
    expect(failure?.message).toContain('is no part of it');
  });
});

test('a published key is looked up in folders too', async () => {
  const b = `b: table({ files: { required: false }, columns: { court: column.string() },
    foreignKeys: [{ columns: ['court'], references: { table: 'a', columns: ['court'] }, in: 'published' }] }),`;
  const options = `files: { required: false }, primaryKey: ['court']`;
  await open(tableOf(`partitionBy: ['court']`, 'rebuild', options) + b);
  await a.publish('1,York,2024-01-01,1.00');
  await a.bench.land('b-data/x.csv', 'court\nYork\n');
  await toPublished(a.run(), await a.take());
  await a.bench.land('b-data/x.csv', 'court\nBath\n');
  const failure = await failureOf(toPublished(a.run(), await a.take()));
  expect(failure.message).toContain('court');
});

test('files of an attempt that never completed are swept, out of their folders', async () => {
  await open(BY_COURT);
  const delivery = await a.land(...ROWS);
  const run = a.run();
  await toProcessed(run, delivery, await toArchived(run, delivery));
  await toCurated(run, delivery);
  for (const key of await a.bench.keys('log')) if (key.includes('snapshot')) await a.bench.erase('log', key);
  const { swept, strangers } = await a.bench
    .run()
    .sweepSnapshots({ pipeline: a.bench.pipeline.name, dryRun: false, graceSeconds: -60 });
  expect(swept).toEqual([expect.objectContaining({ files: 2, was: 'incomplete' })]);
  expect(strangers).toBe(0);
  expect(await a.bench.keys('curated')).toEqual([]);
});

test('a snapshot of which one folder is gone does not stand in for the one before it', async () => {
  await open(tableOf(`partitionBy: ['court']`, 'delta'));
  await a.publish(...ROWS);
  const before = await a.bench.keys('curated');
  await a.publish('4,York,2024-01-01,1.00');
  const swept = async (): Promise<unknown> =>
    a.bench.run().sweepSnapshots({ pipeline: a.bench.pipeline.name, dryRun: true, graceSeconds: -60 });
  expect(await swept()).toMatchObject({ swept: [{ files: 2, was: 'superseded' }] });
  const copy = (await a.bench.keys('curated')).find((key) => !before.includes(key) && key.includes('Bow'));
  await a.bench.erase('curated', copy ?? '');
  expect(await swept()).toMatchObject({ swept: [], kept: 2 });
});
