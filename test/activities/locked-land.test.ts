import { countVersions, listAll, lockBucket, must, setLegalHold } from '../adapters/test-buckets';
import { Bench } from './bench';
import { toArchived, toDecided, toPublished } from './take-through';

const TABLES = 'a: table({ columns: { id: column.int64() } }),';

let bench: Bench;
afterEach(() => bench.close());

const landed = (): Promise<unknown[]> => listAll(bench.store, bench.pipeline.areas.land);

test('what the supplier has locked is archived and published, hidden in land, and not taken again', async () => {
  bench = await Bench.create({ tables: TABLES });
  await lockBucket(bench.pipeline.areas.land, 365);
  await bench.land('a-data/x.csv', 'id\n1\n');
  const delivery = await bench.take({ requested: 1000 });
  const run = bench.run();
  await toArchived(run, delivery);
  // An attempt that died behind its marker, and one that comes late.
  expect(await run.deleteFromLand(delivery)).toEqual({ deleted: 0, kept: 0, locked: 1 });
  expect(await run.deleteFromLand(delivery)).toEqual({ deleted: 0, kept: 0, locked: 1 });
  await toPublished(bench.run(), delivery);
  expect(await landed()).toEqual([]);
  expect(await countVersions(bench.pipeline.areas.land)).toEqual({ versions: 1, markers: 1 });
  expect(await bench.pin()).toEqual({ kind: 'nothing' });

  await bench.land('a-data/x.csv', 'id\n2\n');
  const next = await bench.take({ requested: 2000 });
  const { tables } = await toPublished(bench.run(), next);
  expect(tables).toMatchObject([{ landed: 1, published: 2 }]);
  expect(await landed()).toEqual([]);
  expect(await bench.pin()).toEqual({ kind: 'nothing' });
  expect(await run.deleteFromLand(delivery)).toEqual({ deleted: 0, kept: 0, locked: 1 });
});

test('a locked upload that was replaced while its delivery was under way does not come back', async () => {
  bench = await Bench.create({ tables: TABLES, versionedLand: true });
  await lockBucket(bench.pipeline.areas.land);
  await bench.land('a-data/x.csv', 'id\n1\n');
  await setLegalHold({ bucket: bench.pipeline.areas.land, key: bench.landKey('a-data/x.csv') }, 'ON');
  const first = await bench.take({ requested: 1000 });
  await bench.land('a-data/x.csv', 'id\n2\n');
  await toPublished(bench.run(), first);
  const second = await bench.take({ requested: 2000 });
  await toPublished(bench.run(), second);
  expect(await landed()).toEqual([]);
  expect(await bench.pin()).toEqual({ kind: 'nothing' });
});

test('a refused delivery that is locked in land is in quarantine, and replayed from there', async () => {
  bench = await Bench.create({ tables: TABLES, hasQuarantine: true });
  await lockBucket(bench.pipeline.areas.land, 365);
  await bench.land('a-data/x.csv', 'id\nbanana\n');
  const delivery = await bench.take({ requested: 1000 });
  const run = bench.run();
  await toDecided(run, delivery).catch(() => undefined);
  await run.moveToQuarantine(delivery);
  expect(await landed()).toEqual([]);
  expect(await bench.pin()).toEqual({ kind: 'nothing' });
  expect(await bench.keys('quarantine')).toHaveLength(1);
});

test('encryption, retention from the timestamp, and legal hold are declared by area', async () => {
  const kmsKey = 'alias/landfall';
  bench = await Bench.create({
    tables: TABLES,
    kept: {
      rawHist: { encryption: { kmsKey }, objectLock: { mode: 'COMPLIANCE', days: 1 }, legalHold: true },
      raw: { encryption: { kmsKey } },
      processed: { encryption: { kmsKey } },
      curated: { encryption: { kmsKey } },
      log: { encryption: { kmsKey } },
    },
  });
  const { areas } = bench.pipeline;
  await lockBucket(areas.rawHist);
  const timestamp = Math.floor(Date.now() / 1000);
  await bench.land('a-data/x.csv', 'id\n1\n');
  const delivery = await bench.take({ requested: timestamp });
  const run = bench.run();
  await toPublished(run, delivery);
  for (const area of ['rawHist', 'processed', 'curated', 'log'] as const) {
    for (const key of await bench.keys(area)) {
      const { protection } = must(await bench.store.head({ bucket: areas[area], key }));
      expect({ key, ...protection }).toMatchObject({ key, encryption: 'aws:kms', kmsKey });
    }
  }
});
