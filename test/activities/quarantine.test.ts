import { failureOf } from '../adapters/test-buckets';
import type { DeliveryRef } from '../../src/layout/delivery';
import { Bench } from './bench';
import { toDecided, toPublished } from './take-through';

let bench: Bench;
let delivery: DeliveryRef;

beforeEach(async () => {
  bench = await Bench.create({
    hasQuarantine: true,
    versionedLand: true,
    tables: 'a: table({ columns: { id: column.int64() } }),',
  });
  await bench.land('a-data/x.csv', 'id\nx\n');
  await bench.land('a-data/y.csv', 'id\n1\n');
  delivery = await bench.take();
  await failureOf(toDecided(bench.run(), delivery));
});
afterEach(() => bench.close());

test('twice is as once, and a newer upload stays in land', async () => {
  await bench.land('a-data/y.csv', 'id\n2\n');
  await bench.run().moveToQuarantine(delivery);
  const moved = await bench.keys('quarantine');
  expect(moved).toHaveLength(2);
  await bench.run().moveToQuarantine(delivery);
  expect(await bench.keys('quarantine')).toEqual(moved);
  expect(await bench.keys('land')).toEqual([bench.landKey('a-data/y.csv')]);
  const next = await bench.take();
  expect(next.fileLandTimestamp).toBeGreaterThan(delivery.fileLandTimestamp);
  await toPublished(bench.run(), next);
});

test('killed before land is cleared, it goes on there before anything else is taken', async () => {
  const dying = {
    ...bench.store,
    delete: () => Promise.reject(new Error('killed')),
  };
  await expect(bench.run({ store: dying }).moveToQuarantine(delivery)).rejects.toThrow('killed');
  expect(await bench.keys('land')).toHaveLength(2);
  await bench.land('a-data/z.csv', 'id\n3\n');
  expect(await bench.take()).toEqual(delivery);
  const again = bench.run();
  const plan = await again.planDelivery(delivery);
  expect(plan).toMatchObject({ state: 'refused', files: 0 });
  expect((await failureOf(again.decideDelivery(delivery))).name).toBe('DeliveryRefusedError');
  await again.moveToQuarantine(delivery);
  expect(await bench.keys('land')).toEqual([bench.landKey('a-data/z.csv')]);
  await toPublished(bench.run(), await bench.take());
});

test('an attempt that wakes up after its files were taken as another delivery deletes nothing', async () => {
  await bench.land('a-data/z.csv', 'id\n3\n');
  const wider = await bench.take();
  expect(wider).not.toEqual(delivery);
  expect((await failureOf(bench.run().moveToQuarantine(delivery))).message).toContain('was given up');
  expect(await bench.keys('land')).toHaveLength(3);
});

test('quarantine is never overwritten', async () => {
  const key = `${bench.landKey('a-data/')}file_land_timestamp=${delivery.fileLandTimestamp}/x_${delivery.fileLandTimestamp}.csv`;
  await bench.put('quarantine', key, 'somebody else’s');
  expect((await failureOf(bench.run().moveToQuarantine(delivery))).message).toContain(
    'quarantine holds another object',
  );
  expect(await bench.keys('land')).toHaveLength(2);
});
