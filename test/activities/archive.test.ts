import { createHash } from 'node:crypto';
import { failureOf, must } from '../adapters/test-buckets';
import type { ArchivedRecord } from '../../src/activities/records';
import type { ObjectStore } from '../../src/adapters/object-store';
import type { DeliveryRef } from '../../src/layout/delivery';
import { batchRecordKey } from '../../src/layout/log-keys';
import { Bench, FOLDERS } from './bench';
import { toArchived, toCopied, toDecided } from './take-through';

const TABLES = `a: table({ columns: { id: column.int64() } }),
  b: table({ files: { required: false }, columns: { id: column.int64() } }),`;
const GIVEN = 1_534_968_800;
const ARCHIVED =
  'production-environment/my-database-data/a-data/file_land_timestamp=1534968800/x_1534968800.csv';

const outcomeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.catch((error: unknown) => (error as Error).name);

describe.each([
  ['that keeps versions', true],
  ['that keeps none', false],
])('from a land bucket %s', (_what, versionedLand) => {
  let bench: Bench;
  let delivery: DeliveryRef;
  beforeEach(async () => {
    bench = await Bench.create({ tables: TABLES, versionedLand });
    await bench.land('a-data/x.csv', 'id\n1\n');
    delivery = await bench.take({ requested: GIVEN });
  });
  afterEach(() => bench.close());

  test('a copy says which version of which file it is, and with which checksum', async () => {
    const run = bench.run();
    const landed = must(
      await bench.store.head({ bucket: bench.pipeline.areas.land, key: bench.landKey('a-data/x.csv') }),
    );
    await toCopied(run, delivery);
    const stored = must(await bench.store.head({ bucket: bench.pipeline.areas.rawHist, key: ARCHIVED }));
    expect(stored.contentType).toBe('text/csv');
    expect(stored.metadata).toEqual({
      'landfall-sha256': createHash('sha256').update('id\n1\n').digest('hex'),
      'landfall-source-key': encodeURIComponent(bench.landKey('a-data/x.csv')),
      'landfall-source-version': encodeURIComponent(landed.versionId ?? landed.etag),
    });
  });

  test('a file overwritten after its check is not archived, and stays in land', async () => {
    const run = bench.run();
    await toDecided(run, delivery);
    await bench.land('a-data/x.csv', 'id\n2\n');
    // Where versions are kept, the one that was checked is there still: it is archived, and the newer one is untouched.
    expect(await outcomeOf(run.copyToRawHist({ ...delivery, batch: 0 }))).toEqual(
      versionedLand ? { files: 1, rows: 1, bytes: 5 } : 'SourceChangedError',
    );
    const archived = await bench.keys('rawHist');
    expect(
      await Promise.all(archived.map(async (key) => String(await bench.pipeline.read('rawHist', key)))),
    ).toEqual(versionedLand ? ['id\n1\n'] : []);
    expect(String(await bench.pipeline.read('land', bench.landKey('a-data/x.csv')))).toBe('id\n2\n');
  });

  test('a file overwritten after its pin is never checked as another', async () => {
    const run = bench.run();
    await run.planDelivery(delivery);
    await bench.land('a-data/x.csv', 'id\n2\n3\n');
    expect(await outcomeOf(run.checkFiles({ ...delivery, batch: 0 }))).toEqual(
      versionedLand ? { files: 1, rows: 1, bytes: 5 } : 'SourceChangedError',
    );
  });

  test('only the version that was archived is deleted: one uploaded in between is the next delivery', async () => {
    const run = bench.run();
    await bench.land('b-data/y.csv', 'id\n1\n');
    await toArchived(run, delivery);
    await bench.land('a-data/x.csv', 'id\n2\n');
    expect(await run.deleteFromLand(delivery)).toEqual(
      versionedLand ? { deleted: 1, kept: 0 } : { deleted: 0, kept: 1 },
    );
    expect(await bench.keys('land')).toEqual([bench.landKey('a-data/x.csv'), bench.landKey('b-data/y.csv')]);
    expect(String(await bench.pipeline.read('land', bench.landKey('a-data/x.csv')))).toBe('id\n2\n');
  });

  test('deleting again, or what is gone already, is fine', async () => {
    const run = bench.run();
    await toArchived(run, delivery);
    await bench.erase('land', bench.landKey('a-data/x.csv'));
    expect(await run.deleteFromLand(delivery)).toEqual({ deleted: 1, kept: 0 });
    expect(await run.deleteFromLand(delivery)).toEqual({ deleted: 1, kept: 0 });
    expect(await bench.keys('land')).toEqual([]);
  });

  test('nothing is deleted before the archive is recorded', async () => {
    const run = bench.run();
    await toCopied(run, delivery);
    expect((await failureOf(run.deleteFromLand(delivery))).message).toContain('archived.json is missing');
    expect(await bench.keys('land')).toHaveLength(1);
  });

  test('a second attempt knows its own copy, also when land is empty by then', async () => {
    const run = bench.run();
    await toCopied(run, delivery);
    const copy = await bench.store.head({ bucket: bench.pipeline.areas.rawHist, key: ARCHIVED });
    const again = () => run.copyToRawHist({ ...delivery, batch: 0 });
    expect(await again()).toEqual({ files: 1, rows: 1, bytes: 5 });
    await run.recordArchive(delivery);
    await run.deleteFromLand(delivery);
    expect(await again()).toEqual({ files: 1, rows: 1, bytes: 5 });
    expect(await bench.store.head({ bucket: bench.pipeline.areas.rawHist, key: ARCHIVED })).toEqual(copy);
  });

  test('two attempts at once make one copy', async () => {
    const run = bench.run();
    await toDecided(run, delivery);
    const both = await Promise.all([1, 2].map(() => run.copyToRawHist({ ...delivery, batch: 0 })));
    expect(both).toEqual([
      { files: 1, rows: 1, bytes: 5 },
      { files: 1, rows: 1, bytes: 5 },
    ]);
    expect(await bench.keys('rawHist')).toEqual([ARCHIVED]);
  });
});

describe('raw-hist', () => {
  let bench: Bench;
  let delivery: DeliveryRef;
  beforeEach(async () => {
    bench = await Bench.create({ tables: TABLES });
    await bench.land('a-data/x.csv', 'id\n1\n');
    delivery = await bench.take({ requested: GIVEN });
  });
  afterEach(() => bench.close());

  test.each([
    ['other bytes', 'id\n9\n', {}],
    ['the same bytes, of another file', 'id\n1\n', { 'landfall-source-key': 'other' }],
  ])('keeps a stranger’s object (%s), and land keeps its file', async (_what, body, metadata) => {
    const run = bench.run();
    await bench.put('rawHist', ARCHIVED, body, metadata);
    const failure = await failureOf(toCopied(run, delivery));
    expect(failure.name).toBe('IntegrityError');
    expect(failure.message).toContain('holds another object under the key');
    expect(String(await bench.pipeline.read('rawHist', ARCHIVED))).toBe(body);
    expect(await bench.keys('land')).toHaveLength(1);
  });

  test('a stranger’s object that appears after the look is not overwritten either', async () => {
    const store: ObjectStore = {
      ...bench.store,
      copyOnce: async (...args) => {
        await bench.put('rawHist', ARCHIVED, 'id\n9\n');
        return bench.store.copyOnce(...args);
      },
    };
    const run = bench.run({ store });
    expect((await failureOf(toCopied(run, delivery))).name).toBe('IntegrityError');
    expect(String(await bench.pipeline.read('rawHist', ARCHIVED))).toBe('id\n9\n');
  });

  test('bytes that are stored other than they were checked are found before anything is deleted', async () => {
    const store: ObjectStore = {
      ...bench.store,
      // A store that damages what it copies: nothing real does that on demand.
      copyOnce: async (_source, { bucket, key }, options) => {
        await bench.store.write({ bucket, key }, 'id\n7\n', options);
        return 'written';
      },
    };
    const failure = await failureOf(toCopied(bench.run({ store }), delivery));
    expect(failure.name).toBe('IntegrityError');
    expect(failure.message).toContain('is not what was checked');
    expect((await failureOf(toArchived(bench.run({ store }), delivery))).name).toBe('IntegrityError');
    expect(await bench.keys('land')).toHaveLength(1);
  });

  test('takes odd names as they are', async () => {
    await bench.erase('land', bench.landKey('a-data/x.csv'));
    const names = ['Übersicht 2024 (final), 2.csv', 'a+b%20c&d=e?.csv', "it's #1;~@!$*.csv", '日本 🚀.csv'];
    for (const name of names) await bench.land(`a-data/${name}`, `id\n${names.indexOf(name)}\n`);
    const odd = await bench.take();
    const run = bench.run();
    await toArchived(run, odd);
    await run.deleteFromLand(odd);
    const prefix = `${bench.landKey('a-data')}/file_land_timestamp=${odd.fileLandTimestamp}/`;
    for (const name of names) {
      const archived = `${prefix}${name.replace('.csv', `_${odd.fileLandTimestamp}.csv`)}`;
      expect(String(await bench.pipeline.read('rawHist', archived))).toBe(`id\n${names.indexOf(name)}\n`);
    }
    expect(await bench.keys('land')).toEqual([]);
  });
});

describe('the record of the archive', () => {
  let bench: Bench;
  let delivery: DeliveryRef;
  beforeEach(async () => {
    bench = await Bench.create({ tables: TABLES });
    await bench.land('a-data/x.csv', 'id\n1\n');
    await bench.land('b-data/y.csv', 'id\n1\n');
    delivery = await bench.take();
  });
  afterEach(() => bench.close());

  test('is not written when a pinned file is not among what was copied', async () => {
    const run = bench.run();
    await toCopied(run, delivery);
    const key = batchRecordKey(FOLDERS, run.runId, 'raw-hist', 1);
    await bench.put('log', key, '{"files":[]}');
    const failure = await failureOf(run.recordArchive(delivery));
    expect(failure.message).toContain('b-data/y.csv was pinned');
    await bench.erase('log', key);
    expect((await failureOf(run.recordArchive(delivery))).message).toContain('raw-hist/1.json is missing');
    expect(await bench.readRecord(delivery, 'archived')).toBeUndefined();
    expect((await failureOf(run.deleteFromLand(delivery))).name).toBe('IntegrityError');
  });

  test('is written once: another run’s does not replace it', async () => {
    await toArchived(bench.run(), delivery);
    const first = await bench.readRecord<ArchivedRecord>(delivery, 'archived');
    await bench.release(`renamed: table({ folder: 'a-data', columns: { id: column.int64() } }),
      b: table({ columns: { id: column.int64() } }),`);
    await toArchived(bench.run(), delivery);
    expect(await bench.readRecord(delivery, 'archived')).toEqual(first);
    expect(first?.files.map(({ table }) => table)).toEqual(['a', 'b']);
  });

  test('is refused when its files were taken as another delivery meanwhile, so that none is archived twice', async () => {
    const run = bench.run();
    await toCopied(run, delivery);
    // The intake has forgotten this run, and one of its files is replaced: all that waits is another delivery.
    await bench.land('a-data/x.csv', 'id\n2\n');
    const other = await bench.take();
    const failure = await failureOf(run.recordArchive(delivery));
    expect(failure.name).toBe('SourceChangedError');
    expect(failure.message).toContain(`as delivery ${other.fileLandTimestamp}`);
    expect(await bench.readRecord(delivery, 'archived')).toBeUndefined();
    await toArchived(bench.run(), other);
    expect(await bench.pin()).toMatchObject({ kind: 'delivery', fileLandTimestamp: other.fileLandTimestamp });
  });
});
