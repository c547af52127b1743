import { must } from '../adapters/test-buckets';
import { createGlueCatalogue } from '../../src/adapters/glue-catalogue';
import type { DeliveryRef } from '../../src/layout/delivery';
import { Bench, type Attempts } from './bench';
import { toPublished, type Call } from './take-through';

const TABLES = `a: table({ columns: { id: column.int64() } }),
  b: table({ columns: { id: column.int64() }, transform: {
    rows: 'changed', columns: { id: column.int64() }, apply: ({ frame, pl }) => frame.filter(pl.col('id').gt(1)),
  } }),`;
const GIVEN = 1_534_968_800;

const twice: Call = async (attempt) => {
  const first = await attempt();
  expect(await attempt()).toEqual(first);
  return first;
};

/** Every activity once more, in its order, whatever comes of it: nobody waits for it any more. */
async function wakeUpLate(run: Attempts, delivery: DeliveryRef, batches: number): Promise<void> {
  const each = Array.from({ length: batches }, (_, batch) => ({ ...delivery, batch }));
  const late = [
    () => run.planDelivery(delivery),
    ...each.map((batch) => () => run.checkFiles(batch)),
    () => run.decideDelivery(delivery),
    ...each.map((batch) => () => run.copyToRawHist(batch)),
    () => run.recordArchive(delivery),
    () => run.deleteFromLand(delivery),
    ...each.map((batch) => () => run.copyToRaw(batch)),
    ...each.map((batch) => () => run.transformFiles(batch)),
    () => run.recordProcessed(delivery),
    () => run.deleteFromRaw(delivery),
    () => run.planCuration(delivery),
    ...['a', 'b'].map((table) => () => run.writeCurated({ ...delivery, table })),
    () => run.checkAsReader(delivery),
    () => run.publishDatabase(delivery),
    () => run.writeReport(delivery),
  ];
  for (const attempt of late) await attempt().catch(() => undefined);
}

let bench: Bench;
afterEach(() => bench.close());

const published = async () => must(await createGlueCatalogue().readDatabase(bench.pipeline.database));

test.each([
  ['a land bucket that keeps versions', true, true],
  ['a land bucket that keeps none', false, true],
  ['a pipeline without raw', false, false],
  ['a pipeline with a reader check', false, true, `readerCheck: { database: 'twice_and_late_checking' },`],
])(
  '%s: every activity twice, and once more when all is over, gives the same objects',
  async (_what, versionedLand, hasRaw, options = '') => {
    bench = await Bench.create({ tables: TABLES, versionedLand, hasRaw, options });
    await bench.land('a-data/x.csv', 'id\n1\n2\n');
    await bench.land('a-data/y.csv', 'id\n3\n');
    await bench.land('b-data/x.csv', 'id\n1\n2\n3\n');
    const first = { run: bench.run(), delivery: await bench.take({ requested: GIVEN }) };
    const result = await toPublished(first.run, first.delivery, twice);
    expect(result.tables).toMatchObject([
      { landed: 3, processed: 3, published: 3 },
      { landed: 3, processed: 2, addedByTransform: -1, published: 2 },
    ]);
    const afterFirst = await bench.objects();
    const databaseAfterFirst = await published();
    await wakeUpLate(first.run, first.delivery, 2);
    expect(await bench.objects()).toEqual(afterFirst);
    expect(await published()).toEqual(databaseAfterFirst);
    expect(Object.keys(afterFirst).filter((key) => /^(land|raw)\//.test(key))).toEqual([]);

    await bench.land('a-data/x.csv', 'id\n4\n');
    await bench.land('b-data/x.csv', 'id\n5\n');
    const second = { run: bench.run(), delivery: await bench.take() };
    expect((await toPublished(second.run, second.delivery, twice)).tables).toMatchObject([
      { landed: 1, published: 4 },
      { landed: 1, published: 3 },
    ]);
    const afterSecond = await bench.objects();
    const databaseAfterSecond = await published();
    await bench.land('a-data/x.csv', 'id\n6\n');
    const withThird = await bench.objects();
    await wakeUpLate(first.run, first.delivery, 2);
    await wakeUpLate(second.run, second.delivery, 2);
    expect(await bench.objects()).toEqual(withThird);
    expect(await published()).toEqual(databaseAfterSecond);
    expect(Object.keys(withThird)).toHaveLength(Object.keys(afterSecond).length + 1);
  },
);

test('a second run of a delivery that is archived goes on from raw-hist to the same objects', async () => {
  bench = await Bench.create({ tables: TABLES });
  await bench.land('a-data/x.csv', 'id\n1\n2\n');
  await bench.land('b-data/x.csv', 'id\n1\n2\n');
  const delivery = await bench.take();
  await toPublished(bench.run(), delivery);
  const ofAreas = async () =>
    Object.fromEntries(Object.entries(await bench.objects()).filter(([key]) => !key.startsWith('log/')));
  const before = await ofAreas();
  const again = bench.run();
  const plan = await again.planDelivery(delivery);
  expect(plan.state).toBe('archived');
  await again.deleteFromLand(delivery);
  await bench.erase('log', bench.recordKey(delivery, 'published'));
  for (const batch of plan.batches.keys()) {
    await again.copyToRaw({ ...delivery, batch });
    await again.transformFiles({ ...delivery, batch });
  }
  await again.recordProcessed(delivery);
  await again.deleteFromRaw(delivery);
  for (const { table, isCurrent } of await again.planCuration(delivery)) {
    expect(isCurrent).toBe(true);
    await again.writeCurated({ ...delivery, table });
  }
  await again.publishDatabase(delivery);
  await again.writeReport(delivery);
  expect(await ofAreas()).toEqual(before);
});
