import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { failureOf, setVersioning } from '../adapters/test-buckets';
import type { ArchivedRecord, Manifest } from '../../src/activities/records';
import type { PublicationReport } from '../../src/activities/report/report';
import type { ObjectStore } from '../../src/adapters/object-store';
import type { DeliveryRef } from '../../src/layout/delivery';
import { Bench } from './bench';
import { toArchived, toDecided, toPublished } from './take-through';

const TABLES = `orders: table({ files: { min: 2 }, columns: { id: column.int64() } }),
  extras: table({ files: { required: false }, columns: { id: column.int64() } }),`;
const FOLDER = 'production-environment/my-database-data/';
const START = 1_700_000_000;
const ROWS = 'id\n1\n2\n';

let bench: Bench;
const benchOf = async (complete: string, tables = TABLES): Promise<void> => {
  bench = await Bench.create({ options: `complete: ${complete},`, tables });
};
afterEach(() => bench.close());

/** As if each had been uploaded so many seconds after the start: S3 tells upload times in whole seconds. */
const withTimes = (times: Record<string, number>, now = 0): ObjectStore => ({
  ...bench.store,
  readClock: () => Promise.resolve(START + now),
  async *list(bucket, prefix, options) {
    for await (const object of bench.store.list(bucket, prefix, options)) {
      const seconds = times[object.key.slice(FOLDER.length)];
      yield seconds === undefined ? object : { ...object, lastModified: START + seconds };
    }
  },
});

const landAll = async (files: Record<string, string>): Promise<void> => {
  for (const [file, body] of Object.entries(files)) await bench.land(file, body);
};

async function pinnedKeys(fileLandTimestamp: number): Promise<string[]> {
  const delivery = { pipeline: bench.pipeline.name, fileLandTimestamp };
  const { objects } = (await bench.readRecord<Manifest>(delivery, 'manifest')) ?? { objects: [] };
  return objects.map(({ key }) => key.slice(FOLDER.length)).sort();
}

/** What a pin takes, or what it says is missing. */
async function pin(store: ObjectStore = bench.store, requested?: number): Promise<string[]> {
  const pinned = await bench.pin(requested === undefined ? {} : { requested }, { store });
  if (pinned.kind === 'not-complete') return pinned.missing.map((each) => `missing: ${each}`);
  if (pinned.kind !== 'delivery') throw new Error(`not ${pinned.kind}`);
  return pinnedKeys(pinned.fileLandTimestamp);
}

const logRecords = async (): Promise<string[]> => bench.keys('log');

describe('by tables', () => {
  beforeEach(() => benchOf('{ tables: true }'));

  test('waits until every required table has its files, and says what else is there', async () => {
    await landAll({ 'orders-data/a.csv': ROWS, 'orders-data/b.cvs': ROWS, 'extras-data/c.csv': ROWS });
    expect(await pin()).toEqual([
      `missing: files of table orders in ${FOLDER}orders-data/: 1 of at least 2`,
      `missing: (no table's: ${FOLDER}orders-data/b.cvs)`,
    ]);
    expect(await logRecords()).toEqual([]);
    await bench.land('orders-data/b.csv', ROWS);
    expect(await pin()).toHaveLength(4);
  });

  test('an empty land is nothing, not something incomplete', async () => {
    expect(await bench.pin()).toEqual({ kind: 'nothing' });
  });

  test('a delivery that was begun goes on, whatever has landed beside it', async () => {
    await landAll({ 'orders-data/file_land_timestamp=1534968800/a.csv': ROWS });
    await landAll({ 'orders-data/file_land_timestamp=1534968800/b.csv': ROWS });
    const begun = await pin();
    await bench.land('extras-data/file_land_timestamp=1534968800/c.csv', ROWS);
    expect(await pin()).toEqual(begun);
  });
});

describe('by a marker', () => {
  beforeEach(() => benchOf("{ marker: '_SUCCESS' }"));
  const FILES = { 'orders-data/a.csv': ROWS, 'orders-data/b.csv': ROWS };

  test('waits for it; what comes after it waits for the next', async () => {
    await landAll(FILES);
    expect(await pin()).toEqual([`missing: the marker _SUCCESS in ${FOLDER}`]);
    await landAll({ _SUCCESS: '', 'orders-data/later.csv': ROWS });
    const times = { 'orders-data/a.csv': 1, 'orders-data/b.csv': 2, _SUCCESS: 2, 'orders-data/later.csv': 3 };
    const store = withTimes(times);
    const pinned = await bench.pin({}, { store });
    expect(pinned).toMatchObject({ kind: 'delivery', fileLandTimestamp: START + 2, files: 3 });
    expect(await pin(store)).toEqual(['_SUCCESS', 'orders-data/a.csv', 'orders-data/b.csv']);
  });

  test('one of another folder, or that only looks like it, is none', async () => {
    await landAll({ ...FILES, 'orders-data/_SUCCESS': '', SUCCESS: '' });
    expect(await pin()).toEqual([`missing: the marker _SUCCESS in ${FOLDER}`]);
  });

  test('it is archived byte for byte beside the tables, and leaves land with the rest', async () => {
    await landAll({ ...FILES, _SUCCESS: 'closed at noon' });
    const delivery = await bench.take();
    const run = bench.run();
    await toPublished(run, delivery);
    expect(await bench.keys('land')).toEqual([]);
    const stamp = delivery.fileLandTimestamp;
    const archived = `${FOLDER}delivery-notes/file_land_timestamp=${stamp}/SUCCESS_${stamp}`;
    expect(await bench.keys('rawHist')).toContain(archived);
    expect((await bench.pipeline.read('rawHist', archived)).toString()).toBe('closed at noon');
    expect(await bench.keys('processed')).toHaveLength(2);
    const report = await bench.readRecord<PublicationReport>(delivery, 'published');
    const sha256 = createHash('sha256').update('closed at noon').digest('hex');
    expect(report?.notes).toEqual([{ file: `${FOLDER}_SUCCESS`, archived, bytes: 14, sha256 }]);

    // Late attempts find it made.
    const before = await bench.objects();
    await run.recordArchive(delivery);
    await run.deleteFromLand(delivery);
    expect(await bench.objects()).toEqual(before);
  });

  test('an empty one is archived too, and one that was replaced meanwhile stays in land', async () => {
    await landAll({ ...FILES, _SUCCESS: '' });
    const delivery = await bench.take();
    const run = bench.run();
    await toArchived(run, delivery);
    await bench.land('_SUCCESS', 'the next one');
    expect(await run.deleteFromLand(delivery)).toEqual({ deleted: 2, kept: 1 });
    expect(await bench.keys('land')).toEqual([`${FOLDER}_SUCCESS`]);
  });

  test('one without any file of a table is a refused delivery, not a success', async () => {
    bench.close();
    await benchOf("{ marker: 'DONE' }", TABLES.replace('min: 2', 'required: false'));
    await bench.land('DONE', '');
    const failure = await failureOf(toDecided(bench.run(), await bench.take()));
    expect(failure.name).toBe('DeliveryRefusedError');
    expect(failure.message).toContain('The delivery has no file of any table.');
  });

  test('of keys that carry a timestamp closes those of the same, earliest first; another can be asked for', async () => {
    const folders = [1_534_968_800, 1_534_978_800].map((stamp) => `file_land_timestamp=${stamp}/`);
    for (const folder of folders)
      await landAll({ [`orders-data/${folder}a.csv`]: ROWS, [`orders-data/${folder}b.csv`]: ROWS });
    await bench.land(`${folders[1] ?? ''}_SUCCESS`, '');
    expect(await pin()).toEqual([`missing: the marker _SUCCESS in ${FOLDER}`]);
    expect(await pin(bench.store, 1_534_978_800)).toHaveLength(3);
  });
});

describe('by a quiet period', () => {
  beforeEach(() => benchOf('{ quietSeconds: 60 }'));

  test('waits until the newest upload is so old by the clock of the store', async () => {
    await landAll({ 'orders-data/a.csv': ROWS, 'orders-data/b.csv': ROWS });
    const times = { 'orders-data/a.csv': 0, 'orders-data/b.csv': 10 };
    expect(await pin(withTimes(times, 45))).toEqual([
      'missing: 60 seconds without an upload: quiet in 25 s, or taken as it is in 555 s',
    ]);
    expect(await pin(withTimes(times, 69))).toEqual([expect.stringContaining('quiet in 1 s, or')]);
    expect(await pin(withTimes(times, 70))).toHaveLength(2);
  });

  test('the store’s own clock is asked', async () => {
    await bench.land('orders-data/a.csv', ROWS);
    expect(await pin()).toEqual([
      expect.stringMatching(/quiet in (60|59|58|57|56|55) s, or taken as it is in \d+ s$/),
    ]);
  });
});

describe('a supplier who never stops', () => {
  test('what has waited for ten times as long is taken as it is, and all that waits with it', async () => {
    await benchOf('{ quietSeconds: 60 }');
    await landAll({ 'orders-data/a.csv': ROWS, 'orders-data/b.csv': ROWS });
    const times = { 'orders-data/a.csv': 0, 'orders-data/b.csv': 590 };
    expect(await pin(withTimes(times, 599))).toEqual([
      'missing: 60 seconds without an upload: quiet in 51 s, or taken as it is in 1 s',
    ]);
    expect(await pin(withTimes(times, 600))).toEqual(['orders-data/a.csv', 'orders-data/b.csv']);
    // The same content is the same delivery, whoever asks when.
    expect(await pin(withTimes(times, 5000))).toHaveLength(2);
    expect((await logRecords()).filter((key) => key.endsWith('/manifest.json'))).toHaveLength(1);
  });

  test('an upload that is replaced again and again counts from when it was first seen to wait', async () => {
    await benchOf('{ quietSeconds: 60, atMostSeconds: 90 }');
    const replaced = async (uploaded: number, now: number): Promise<string[]> => {
      await bench.land('orders-data/a.csv', `id\n${uploaded}\n`);
      return pin(withTimes({ 'orders-data/a.csv': uploaded }, now));
    };
    expect(await replaced(0, 10)).toEqual([expect.stringContaining('taken as it is in 80 s')]);
    expect(await replaced(50, 60)).toEqual([expect.stringContaining('taken as it is in 40 s')]);
    expect(await replaced(99, 99)).toEqual([expect.stringContaining('taken as it is in 1 s')]);
    expect(await replaced(100, 100)).toEqual(['orders-data/a.csv']);
    const delivery = { pipeline: bench.pipeline.name, fileLandTimestamp: START + 100 };
    expect(await bench.readRecord<Manifest>(delivery, 'manifest')).toMatchObject({
      objects: [{ lastModified: START + 100 }],
    });
  });

  test('what else must hold still must', async () => {
    await benchOf('{ tables: true, quietSeconds: 60 }');
    await landAll({ 'orders-data/a.csv': ROWS });
    expect(await pin(withTimes({ 'orders-data/a.csv': 0 }, 6000))).toEqual([
      expect.stringContaining('1 of at least 2'),
    ]);
  });

  test.each(['another file each time', 'the same file each time'])(
    'really uploading all the time (%s), it is taken in the end, and what it goes on with is the next delivery',
    async (how) => {
      await benchOf(
        '{ quietSeconds: 3, atMostSeconds: 4 }',
        'a: table({ columns: { id: column.int64() } }),',
      );
      await setVersioning(bench.pipeline.areas.land, 'Enabled');
      let uploads = 0;
      const uploadUntilTaken = async (): Promise<DeliveryRef> => {
        for (;;) {
          uploads += 1;
          const name = how.startsWith('another') ? `x${uploads}.csv` : 'x.csv';
          await bench.land(`a-data/${name}`, `id\n${uploads}\n`);
          const pinned = await bench.pin();
          if (pinned.kind === 'delivery')
            return { pipeline: bench.pipeline.name, fileLandTimestamp: pinned.fileLandTimestamp };
          await wait(250);
        }
      };
      const first = await uploadUntilTaken();
      await toPublished(bench.run(), first);
      const second = await uploadUntilTaken();
      expect(second.fileLandTimestamp).toBeGreaterThan(first.fileLandTimestamp);
    },
    60_000,
  );
});

describe('while a run is under way', () => {
  test('what is not complete has to wait like anything else', async () => {
    await benchOf("{ marker: 'DONE' }");
    await landAll({ 'orders-data/a.csv': ROWS, 'orders-data/b.csv': ROWS, DONE: '' });
    const { fileLandTimestamp: active } = await bench.take();
    await bench.land('orders-data/c.csv', ROWS);
    expect(await bench.pin({ active })).toEqual({ kind: 'wait' });
  });
});

test('what was archived says so: markers are part of its record', async () => {
  await benchOf("{ marker: 'orders-data/DONE' }");
  await landAll({ 'orders-data/a.csv': ROWS, 'orders-data/b.csv': ROWS, 'orders-data/DONE': '' });
  const delivery = await bench.take();
  await toArchived(bench.run(), delivery);
  expect(await bench.readRecord<ArchivedRecord>(delivery, 'archived')).toMatchObject({
    files: [{ table: 'orders' }, { table: 'orders' }],
    notes: [{ key: `${FOLDER}orders-data/DONE`, size: 0 }],
    volumes: [{ table: 'orders', received: { files: 2, rows: 4, bytes: 14 } }, { table: 'extras' }],
  });
});
