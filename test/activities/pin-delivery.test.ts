import { failureOf } from '../adapters/test-buckets';
import type { Manifest } from '../../src/activities/records';
import type { ObjectStore } from '../../src/adapters/object-store';
import type { DeliveryRef } from '../../src/layout/delivery';
import { toArchived } from './take-through';
import { Bench } from './bench';

const GIVEN = 1_534_968_800;

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.create();
});
afterEach(() => bench.close());

const ref = (fileLandTimestamp: number): DeliveryRef => ({
  pipeline: bench.pipeline.name,
  fileLandTimestamp,
});

/** What a run leaves when it is done, as far as the intake can see it. */
async function finish(delivery: DeliveryRef, upTo: 'archived' | 'published'): Promise<void> {
  const { objects } = (await bench.readRecord<Manifest>(delivery, 'manifest')) ?? { objects: [] };
  await bench.writeRecord(delivery, 'archived', {});
  for (const { key } of objects) await bench.erase('land', key);
  if (upTo === 'published')
    await bench.writeRecord(delivery, 'published', { result: { ...delivery, outcome: 'published' } });
}

const manifests = async (): Promise<string[]> =>
  (await bench.keys('log')).filter((key) => key.endsWith('/manifest.json'));

/** As if all had been uploaded in one and the same second: S3 tells upload times in whole seconds. */
const withUploadTime = (store: ObjectStore, lastModified: number): ObjectStore => ({
  ...store,
  async *list(...args) {
    for await (const object of store.list(...args)) yield { ...object, lastModified };
  },
});

describe('what waits', () => {
  test('nothing is no delivery, and an asked-for one that never was is refused', async () => {
    expect(await bench.pin()).toEqual({ kind: 'nothing' });
    expect((await failureOf(bench.pin({ requested: GIVEN }))).message).toContain('nothing waits in land');
  });

  test('is taken together as its newest upload time, without folder markers', async () => {
    await bench.land('orders-data/', '');
    await bench.land('orders-data/a.csv', 'id\n1\n');
    await bench.land('orders-data/b.csv', 'id\n2\n');
    const { fileLandTimestamp } = await bench.take();
    const manifest = await bench.readRecord<Manifest>(ref(fileLandTimestamp), 'manifest');
    expect(manifest?.objects.map(({ key }) => key)).toEqual([
      bench.landKey('orders-data/a.csv'),
      bench.landKey('orders-data/b.csv'),
    ]);
    expect(Math.max(...(manifest?.objects ?? []).map(({ lastModified }) => lastModified))).toBe(
      fileLandTimestamp,
    );
  });

  test('a folder marker alone is nothing', async () => {
    await bench.land('orders-data/', '');
    expect(await bench.pin()).toEqual({ kind: 'nothing' });
  });

  test('the same content has the same timestamp however often it is asked for, with one manifest', async () => {
    await bench.land('orders-data/a.csv', 'id\n1\n');
    const pinned = await Promise.all(Array.from({ length: 6 }, () => bench.pin()));
    for (const each of pinned) expect(each).toEqual(pinned[0]);
    await bench.writeRecord(await bench.take(), 'refused', {});
    expect(await bench.pin()).toEqual(pinned[0]);
    expect(await manifests()).toHaveLength(1);
  });

  test('two deliveries that landed within one second get a second each', async () => {
    const store = withUploadTime(bench.store, GIVEN);
    await bench.land('orders-data/a.csv', 'id\n1\n');
    expect(await bench.pin({}, { store })).toMatchObject({ fileLandTimestamp: GIVEN });
    await finish(ref(GIVEN), 'published');
    await bench.land('orders-data/a.csv', 'id\n2\n');
    expect(await bench.pin({}, { store })).toMatchObject({ fileLandTimestamp: GIVEN + 1 });
  });

  test('an upload that was begun before the latest delivery, and ended after it, comes after it', async () => {
    await bench.land('orders-data/a.csv', 'id\n1\n');
    const late = withUploadTime(bench.store, GIVEN + 10);
    expect(await bench.pin({}, { store: late })).toMatchObject({ fileLandTimestamp: GIVEN + 10 });
    await finish(ref(GIVEN + 10), 'published');
    await bench.land('orders-data/a.csv', 'id\n2\n');
    const early = withUploadTime(bench.store, GIVEN);
    expect(await bench.pin({}, { store: early })).toMatchObject({ fileLandTimestamp: GIVEN + 11 });
  });

  test('two intakes that pin other content as the same second: the later one moves on', async () => {
    await bench.land('orders-data/a.csv', 'id\n1\n');
    // The other one's manifest appears after this one has looked which there are.
    const store: ObjectStore = {
      ...withUploadTime(bench.store, GIVEN),
      writeOnce: async (...args) => {
        await bench.writeRecord(ref(GIVEN), 'manifest', { contentDigest: 'other', objects: [] });
        return bench.store.writeOnce(...args);
      },
    };
    expect(await bench.pin({}, { store })).toMatchObject({ fileLandTimestamp: GIVEN + 1 });
  });
});

describe('timestamps that are given', () => {
  test('by keys: the earliest first, whatever the number of digits, and only its files', async () => {
    await bench.land('orders-data/file_land_timestamp=1000000000/late_1000000000.csv', 'id\n1\n');
    await bench.land('orders-data/file_land_timestamp=999999999/early.csv', 'id\n1\n');
    await bench.land('orders-data/plain.csv', 'id\n1\n');
    expect(await bench.pin()).toMatchObject({ fileLandTimestamp: 999_999_999, files: 1 });
    await finish(ref(999_999_999), 'published');
    expect(await bench.pin()).toMatchObject({ fileLandTimestamp: 1_000_000_000, files: 1 });
    await finish(ref(1_000_000_000), 'published');
    expect(await bench.pin()).toMatchObject({ kind: 'delivery', files: 1 });
  });

  test('by keys: another one than was asked for is refused, since nobody could come back to it', async () => {
    await bench.land('orders-data/file_land_timestamp=1000000000/a.csv', 'id\n1\n');
    const failure = await failureOf(bench.pin({ requested: GIVEN }));
    expect(failure.message).toContain('1534968800 was asked for, but keys in land carry others, 1000000000');
    expect(await manifests()).toEqual([]);
  });

  test.each(['by trigger', 'by keys'])(
    '%s: must rise, past every delivery that was ever pinned',
    async (how) => {
      const carried = how === 'by keys';
      const fileOf = (timestamp: number): string =>
        carried ? `orders-data/file_land_timestamp=${timestamp}/a.csv` : 'orders-data/a.csv';
      const pin = (requested: number) => bench.pin(carried ? {} : { requested });
      await bench.land(fileOf(GIVEN), 'id\n1\n');
      expect(await pin(GIVEN)).toMatchObject({ fileLandTimestamp: GIVEN });
      await finish(ref(GIVEN), 'published');
      await bench.land(fileOf(GIVEN - 1), 'id\n2\n');
      const failure = await failureOf(pin(GIVEN - 1));
      expect(failure.message).toContain(`${GIVEN - 1}, given ${how}, is not later than ${GIVEN}`);
      expect(await manifests()).toHaveLength(1);
    },
  );

  test('in the future are refused: every later delivery would have to come after them', async () => {
    await bench.land('orders-data/a.csv', 'id\n1\n');
    const tomorrow = Math.floor(Date.now() / 1000) + 2 * 24 * 60 * 60;
    expect((await failureOf(bench.pin({ requested: tomorrow }))).message).toContain('is in the future');
    expect(await manifests()).toEqual([]);
  });

  test('a published one returns what its run returned', async () => {
    await bench.land('orders-data/a.csv', 'id\n1\n');
    const delivery = await bench.take({ requested: GIVEN });
    await finish(delivery, 'published');
    await bench.land('orders-data/b.csv', 'id\n1\n');
    expect(await bench.pin({ requested: GIVEN })).toMatchObject({
      kind: 'published',
      result: { outcome: 'published' },
    });
  });

  test('content that was pinned as an earlier timestamp keeps it when it is taken without one', async () => {
    await bench.land('orders-data/a.csv', 'id\n1\n');
    await bench.writeRecord(await bench.take({ requested: GIVEN }), 'refused', {});
    expect(await bench.pin()).toMatchObject({ fileLandTimestamp: GIVEN });
    expect(await bench.pin({ requested: GIVEN + 5 })).toMatchObject({ fileLandTimestamp: GIVEN });
    expect(await manifests()).toHaveLength(1);
  });

  test('one whose files were corrected since is refused, with what to do: its manifest never changes', async () => {
    await bench.land('orders-data/a.csv', 'id\nx\n');
    await bench.writeRecord(await bench.take({ requested: GIVEN }), 'refused', {});
    await bench.land('orders-data/a.csv', 'id\n1\n');
    const failure = await failureOf(bench.pin({ requested: GIVEN }));
    expect(failure.name).toBe('UsageError');
    expect(failure.message).toMatch(
      /1534968800 was given to files of which some are no longer.*give a later/s,
    );
  });
});

describe('while a run is under way', () => {
  test('its content is its own, emptied or not; anything else has to wait', async () => {
    await bench.land('orders-data/a.csv', 'id\n1\n');
    const { fileLandTimestamp: active } = await bench.take();
    expect(await bench.pin({ active })).toEqual({ kind: 'active' });
    expect(await bench.pin({ active, requested: active })).toEqual({ kind: 'active' });
    await bench.land('orders-data/b.csv', 'id\n1\n');
    expect(await bench.pin({ active })).toEqual({ kind: 'wait' });
    await finish(ref(active), 'archived');
    expect(await bench.pin({ active })).toEqual({ kind: 'wait' });
    await bench.erase('land', bench.landKey('orders-data/b.csv'));
    expect(await bench.pin({ active })).toEqual({ kind: 'active' });
    expect(await manifests()).toHaveLength(1);
  });
});

describe('what was begun goes first', () => {
  test('a delivery that is archived but not published, before anything new and whatever was asked for', async () => {
    await bench.land('orders-data/a.csv', 'id\n1\n');
    const delivery = await bench.take();
    await finish(delivery, 'archived');
    await bench.land('orders-data/b.csv', 'id\n1\n');
    expect(await bench.pin()).toMatchObject({ kind: 'delivery', ...pick(delivery) });
    expect(await bench.pin({ requested: GIVEN })).toMatchObject({ kind: 'delivery', ...pick(delivery) });
  });

  test('one that is all in land still, when more has landed since: an intake may have forgotten its run', async () => {
    await bench.land('orders-data/a.csv', 'id\n1\n');
    const delivery = await bench.take();
    await bench.land('orders-data/b.csv', 'id\n1\n');
    expect(await bench.pin()).toMatchObject({ kind: 'delivery', files: 1, ...pick(delivery) });
    expect(await manifests()).toHaveLength(1);
  });

  test('not one that was refused: what is missing may have landed since', async () => {
    await bench.land('orders-data/a.csv', 'id\n1\n');
    const refused = await bench.take();
    await bench.writeRecord(refused, 'refused', {});
    await bench.land('orders-data/b.csv', 'id\n1\n');
    const both = await bench.take();
    expect(both.fileLandTimestamp).toBeGreaterThan(refused.fileLandTimestamp);
    expect((await bench.readRecord<Manifest>(both, 'manifest'))?.objects).toHaveLength(2);
    expect(await bench.readRecord(refused, 'settled')).toEqual({
      as: 'superseded',
      by: both.fileLandTimestamp,
    });
  });

  test('one that is being archived at this very moment, though its listing does not say so yet', async () => {
    await bench.land('orders-data/a.csv', 'id\n1\n');
    await bench.land('orders-data/b.csv', 'id\n1\n');
    const first = await bench.take();
    await bench.writeRecord(first, 'settled', { as: 'archived' });
    await bench.land('orders-data/a.csv', 'id\n2\n');
    expect(await bench.pin()).toMatchObject({ kind: 'delivery', ...pick(first) });
  });
});

const ORDERS = 'id,name,price,day\n1,a,2.50,2024-01-01\n';

test('one that was settled as archived goes on, though its run ended before it said so and its files were replaced', async () => {
  await bench.land('orders-data/a.csv', ORDERS);
  const first = await bench.take();
  const run = bench.run();
  await toArchived(run, first);
  const archived = await bench.readRecord(first, 'archived');
  await bench.erase('log', bench.recordKey(first, 'archived'));
  await bench.land('orders-data/a.csv', 'id\n2\n');
  expect(await bench.pin()).toMatchObject({ kind: 'delivery', ...pick(first) });
  expect(await bench.readRecord(first, 'archived')).toEqual(archived);
  expect((await bench.run().planDelivery(first)).state).toBe('archived');
});

test('a delivery that was superseded is not taken any more', async () => {
  await bench.land('orders-data/a.csv', 'id\n1\n');
  await bench.land('orders-data/b.csv', 'id\n1\n');
  const first = await bench.take({ requested: GIVEN });
  await bench.land('orders-data/a.csv', 'id\n2\n');
  const second = await bench.take();
  expect(await bench.readRecord(first, 'superseded')).toEqual({
    as: 'superseded',
    by: second.fileLandTimestamp,
  });
  expect((await failureOf(bench.pin({ requested: GIVEN }))).name).toBe('UsageError');
  const failure = await failureOf(bench.run().planDelivery(first));
  expect(failure.message).toContain(`as delivery ${second.fileLandTimestamp}`);
});

const pick = ({ fileLandTimestamp }: DeliveryRef) => ({ fileLandTimestamp });
