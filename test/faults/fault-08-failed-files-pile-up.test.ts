import type { DeliveryRef } from '../../src/layout/delivery';
import { Bench } from '../activities/bench';
import { toDecided } from '../activities/take-through';
import { failureOf } from '../adapters/test-buckets';

/** Elsewhere failed files stayed in land, and each rerun wrote another copy of them to the area of failed files. */
const TABLES = 'orders: table({ columns: { id: column.int64() } }),';
const RERUNS = 3;

let bench: Bench;
afterEach(() => bench.close());

async function begin(hasQuarantine: boolean): Promise<void> {
  bench = await Bench.create({ hasQuarantine, tables: TABLES });
  await bench.land('orders-data/good.csv', 'id\n1\n');
  await bench.land('orders-data/bad.csv', 'id\nbanana\n');
}

/** A run of its own, as far as a refused delivery goes. */
async function rerun(delivery: DeliveryRef): Promise<void> {
  const run = bench.run();
  expect((await failureOf(toDecided(run, delivery))).name).toBe('DeliveryRefusedError');
}

const AREAS = ['land', 'rawHist', 'raw', 'processed', 'curated', 'rejects', 'quarantine'] as const;
const listAreas = async (): Promise<string[][]> => Promise.all(AREAS.map((area) => bench.keys(area)));

/** What the log area knows of deliveries: everything in it but the records of single runs. */
const deliveryRecords = async (): Promise<string[]> =>
  (await bench.keys('log')).filter((key) => key.includes('/deliveries/'));

test('without a quarantine: however often it is refused, it is the same delivery, and no area has gained a file', async () => {
  await begin(false);
  const before = await listAreas();
  const delivery = await bench.take();
  await rerun(delivery);
  const records = await deliveryRecords();
  for (let again = 0; again < RERUNS; again += 1) {
    expect(await bench.take()).toEqual(delivery);
    await rerun(delivery);
  }
  expect(await listAreas()).toEqual(before);
  expect(await deliveryRecords()).toEqual(records);
});

test('with one: the files are there once, however often the delivery is refused and moved again', async () => {
  await begin(true);
  const delivery = await bench.take();
  await rerun(delivery);
  await bench.run().moveToQuarantine(delivery);
  const [land, ...areas] = await listAreas();
  expect([land, areas.at(-1)]).toEqual([[], [expect.anything(), expect.anything()]]);
  const records = await deliveryRecords();
  for (let again = 0; again < RERUNS; again += 1) {
    await bench.pin({
      requested: delivery.fileLandTimestamp,
      decision: { kind: 'replay', by: 'Ann', why: 'once more' },
    });
    await rerun(delivery);
    await bench.run().moveToQuarantine(delivery);
  }
  expect(await listAreas()).toEqual([land, ...areas]);
  const replayed = records.map((key) => key.replace(/[a-z]+\.json$/, 'replayed.json'))[0] ?? '';
  expect(await deliveryRecords()).toEqual([...records, replayed].sort());
});

test('after a file was corrected it is one delivery, and the refused one is given up', async () => {
  await begin(false);
  const refused = await bench.take();
  await rerun(refused);
  await bench.land('orders-data/bad.csv', 'id\n2\n');
  const corrected = await bench.take();
  expect(corrected).not.toEqual(refused);
  await toDecided(bench.run(), corrected);
  expect((await bench.keys('log')).filter((key) => key.endsWith('/superseded.json'))).toHaveLength(1);
  expect(await bench.keys('land')).toHaveLength(2);
});
