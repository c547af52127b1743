import type { DeliveryRef } from '../../src/layout/delivery';
import type { ArchivedRecord, Manifest } from '../../src/activities/records';
import { createS3ObjectStore } from '../../src/adapters/s3-object-store';
import { createS3Client } from '../../src/adapters/s3-client';
import { findPipeline, loadPipelines } from '../../src/definition/load-pipelines';
import { verifyRawHist, type VerifyOptions } from '../../src/verify/verify-raw-hist';
import type { Verification } from '../../src/verify/verification';
import { Bench } from '../activities/bench';
import { toArchived, toCopied, toDecided, toPublished } from '../activities/take-through';
import { must } from '../adapters/test-buckets';
import { PREFIX } from '../support/test-pipeline';

const TABLES = `a: table({ columns: { id: column.int64() } }),
  b: table({ columns: { id: column.int64() }, files: { required: false } }),`;

let bench: Bench;
afterEach(() => bench.close());

async function verify(options: Partial<VerifyOptions> = {}, pageKeys = 2): Promise<Verification> {
  const pipeline = findPipeline(await loadPipelines([bench.pipeline.module]), bench.pipeline.name);
  // Pages of two, so that each listing goes over several.
  const store = createS3ObjectStore({ s3: createS3Client() }, { pageKeys });
  return verifyRawHist(store, pipeline, { mode: 'full', signal: new AbortController().signal, ...options });
}

async function deliver(requested: number, files: Record<string, string>): Promise<DeliveryRef> {
  for (const [file, body] of Object.entries(files)) await bench.land(file, body);
  const delivery = await bench.take({ requested });
  await toPublished(bench.run(), delivery);
  return delivery;
}

async function twoDeliveries(options = ''): Promise<[DeliveryRef, DeliveryRef]> {
  bench = await Bench.create({ tables: TABLES, options });
  return [
    await deliver(1000, { 'a-data/x.csv': 'id\n1\n', 'a-data/y.csv': 'id\n2\n', 'b-data/x.csv': 'id\n3\n' }),
    await deliver(2000, { 'a-data/x.csv': 'id\n4\n' }),
  ];
}

const archiveKey = (table: string, timestamp: number, stem: string): string =>
  `${PREFIX}${table}-data/file_land_timestamp=${timestamp}/${stem}_${timestamp}.csv`;

/** Other bytes of the same length, as a disk or a person leaves them; with the metadata that was there, or none. */
async function overwrite(key: string, body: string, keepMetadata: boolean): Promise<void> {
  const location = { bucket: bench.pipeline.areas.rawHist, key };
  const { metadata } = must(await bench.store.head(location));
  await bench.put('rawHist', key, body, keepMetadata ? { ...metadata } : {});
}

const kindsOf = ({ problems }: Verification): string[] => problems.map(({ kind }) => kind);
const url = (key: string): string => `s3://${bench.pipeline.areas.rawHist}/${key}`;

test('a pipeline that never had a delivery is sound', async () => {
  bench = await Bench.create({ tables: TABLES });
  expect(await verify()).toMatchObject({ verdict: 'sound', objects: 0, problems: [], unfinished: [] });
});

test('what was archived is sound, whole and in a range, and verifying it writes nothing', async () => {
  await twoDeliveries();
  const before = await bench.objects();
  expect(await verify()).toMatchObject({
    verdict: 'sound',
    deliveries: { archived: 2, superseded: 0, refused: 0, open: 0 },
    objects: 4,
    bytesRead: 20,
    unarchivedCopies: 0,
    problems: [],
    unfinished: [],
  });
  expect(await verify({ from: 1001 })).toMatchObject({ objects: 1, bytesRead: 5, from: 1001 });
  expect(await verify({ to: 1000, mode: 'quick' })).toMatchObject({ objects: 3, bytesRead: 0 });
  expect(await verify({ from: 1001, to: 1999 })).toMatchObject({ verdict: 'sound', objects: 0 });
  expect(await bench.objects()).toEqual(before);
});

test('one flipped byte is found, by its hash alone; a quick look finds what was overwritten without metadata', async () => {
  await twoDeliveries();
  const key = archiveKey('a', 1000, 'y');
  await overwrite(key, 'id\n3\n', true);
  const found = await verify();
  expect(found).toMatchObject({ verdict: 'damaged', counts: { altered: 1 }, objects: 4 });
  expect(found.problems).toMatchObject([{ kind: 'altered', object: url(key), delivery: 1000 }]);
  expect(found.problems[0]?.detail).toMatch(/^expected sha256 [0-9a-f]{64}, found [0-9a-f]{64}, stored at /);
  expect((await verify({ from: 2000 })).verdict).toBe('sound');
  expect((await verify({ mode: 'quick' })).verdict).toBe('sound');

  await overwrite(key, 'id\n3\n', false);
  expect(kindsOf(await verify({ mode: 'quick' }))).toEqual(['metadata']);
  await overwrite(key, 'id\n2\n', false);
  expect(kindsOf(await verify())).toEqual(['metadata']);
  await overwrite(key, 'id\n22\n', false);
  expect(kindsOf(await verify({ mode: 'quick' }))).toEqual(['altered']);
});

test('a missing object is found, also where a stranger has taken its place in the count', async () => {
  await twoDeliveries();
  await bench.erase('rawHist', archiveKey('a', 1000, 'x'));
  expect((await verify()).problems).toMatchObject([
    { kind: 'missing', object: url(archiveKey('a', 1000, 'x')), delivery: 1000 },
  ]);
  await bench.put('rawHist', archiveKey('a', 1000, 'z'), 'id\n1\n');
  expect(kindsOf(await verify())).toEqual(['missing', 'stranger']);
});

test('strangers are found wherever they are; a range has those of its timestamps', async () => {
  await twoDeliveries();
  const { metadata } = must(
    await bench.store.head({ bucket: bench.pipeline.areas.rawHist, key: archiveKey('a', 1000, 'x') }),
  );
  const copyByHand = archiveKey('a', 1000, 'x-copy');
  await bench.put('rawHist', copyByHand, 'id\n1\n', { ...metadata });
  // Sorted into the middle of a partition, one folder deeper.
  const deeper = `${PREFIX}a-data/file_land_timestamp=1000/xx/deep.csv`;
  const ofNoDelivery = archiveKey('a', 1500, 'x');
  const misplaced = `${PREFIX}loose.csv`;
  for (const key of [deeper, ofNoDelivery, misplaced]) await bench.put('rawHist', key, 'id\n1\n');
  await bench.put('rawHist', `${PREFIX}a-data/`, '');
  await bench.put('rawHist', 'production-environment/another-database-data/x.csv', 'of another pipeline');

  const found = await verify();
  expect(found.counts).toEqual({ stranger: 4 });
  expect(found.problems.map(({ object }) => object).sort()).toEqual(
    [copyByHand, deeper, ofNoDelivery, misplaced].map(url).sort(),
  );
  const inRange = await verify({ from: 1001, to: 1999 });
  expect(inRange.problems.map(({ object }) => object)).toEqual([url(ofNoDelivery)]);
});

test('copies of a delivery that was given up are known from its manifest, and held to what they say of themselves', async () => {
  bench = await Bench.create({ tables: TABLES });
  await bench.land('a-data/x.csv', 'id\n1\n');
  await bench.land('a-data/y.csv', 'id\n2\n');
  const first = await bench.take({ requested: 1000 });
  await toCopied(bench.run(), first);
  // Of the two only one is still what was pinned: both are taken as another delivery.
  await bench.land('a-data/y.csv', 'id\n22\n');
  const second = await bench.take({ requested: 2000 });
  await toPublished(bench.run(), second);
  const expected = { deliveries: { archived: 1, superseded: 1 }, objects: 2, unarchivedCopies: 2 };
  expect(await verify()).toMatchObject({ verdict: 'sound', ...expected });
  await overwrite(archiveKey('a', 1000, 'x'), 'id\n9\n', true);
  expect(await verify()).toMatchObject({ counts: { altered: 1 }, ...expected });
  const ofAnother = { 'landfall-sha256': 'of another', 'landfall-source-version': 'of another' };
  for (const metadata of [{}, ofAnother]) {
    await bench.put('rawHist', archiveKey('a', 1000, 'x'), 'id\n1\n', metadata);
    expect(await verify()).toMatchObject({ counts: { stranger: 1 }, unarchivedCopies: 1 });
  }
});

test('a refused delivery has nothing in raw-hist, and its leaving land is its supplier’s business', async () => {
  bench = await Bench.create({ tables: TABLES });
  await bench.land('a-data/x.csv', 'id\nbanana\n');
  const refused = await bench.take({ requested: 1000 });
  await toDecided(bench.run(), refused).catch(() => undefined);
  await bench.erase('land', bench.landKey('a-data/x.csv'));
  expect(await verify()).toMatchObject({
    verdict: 'sound',
    deliveries: { refused: 1, open: 0 },
    unfinished: [],
  });
});

test.each([true, false])(
  'a delivery that was begun is told; what of it is gone from land is lost (versioned land: %s)',
  async (versionedLand) => {
    bench = await Bench.create({ tables: TABLES, versionedLand });
    await bench.land('a-data/x.csv', 'id\n1\n');
    await bench.land('a-data/y.csv', 'id\n2\n');
    const delivery = await bench.take({ requested: 1000 });
    await toCopied(bench.run(), delivery);
    expect(await verify()).toMatchObject({
      verdict: 'sound',
      unarchivedCopies: 2,
      unfinished: [{ delivery: 1000, reached: 'pinned', detail: '2 files of 2 wait in land' }],
    });
    await bench.land('a-data/y.csv', 'id\n22\n');
    const replaced = versionedLand
      ? '2 files of 2 wait in land'
      : '1 file of 2 wait in land, 1 uploaded again';
    expect(await verify()).toMatchObject({ verdict: 'sound', unfinished: [{ detail: replaced }] });
    await bench.erase('land', bench.landKey('a-data/x.csv'));
    expect((await verify()).problems).toMatchObject([{ kind: 'lost', delivery: 1000 }]);
  },
);

test('archived and not published is not ended; what is archived while it looks is not lost', async () => {
  bench = await Bench.create({ tables: TABLES });
  await bench.land('a-data/x.csv', 'id\n1\n');
  const delivery = await bench.take({ requested: 1000 });
  const run = bench.run();
  await toCopied(run, delivery);
  const pipeline = findPipeline(await loadPipelines([bench.pipeline.module]), bench.pipeline.name);
  const store = createS3ObjectStore();
  let isArchived = false;
  const found = await verifyRawHist(
    {
      ...store,
      // The run goes on between the listing of the deliveries and the look into land.
      head: async (location, options) => {
        if (!isArchived && location.bucket === bench.pipeline.areas.land) {
          isArchived = true;
          await run.recordArchive(delivery);
          await run.deleteFromLand(delivery);
        }
        return store.head(location, options);
      },
    },
    pipeline,
    { mode: 'full', signal: new AbortController().signal },
  );
  expect(isArchived).toBe(true);
  expect(found).toMatchObject({
    verdict: 'sound',
    objects: 1,
    deliveries: { archived: 1, open: 0 },
    unfinished: [{ delivery: 1000, reached: 'archived' }],
  });
});

test('what the manifest has and archived.json has not is a gap; so is a record that is gone or damaged', async () => {
  const [first, second] = await twoDeliveries();
  const archived = must(await bench.readRecord<ArchivedRecord>(first, 'archived'));
  const manifest = must(await bench.readRecord<Manifest>(first, 'manifest'));
  await bench.writeRecord(first, 'archived', { ...archived, files: archived.files.slice(1) });
  expect(await verify()).toMatchObject({ counts: { 'not-archived': 1 }, objects: 3, unarchivedCopies: 1 });

  const others = archived.files.map((file, index) => (index === 0 ? { ...file, etag: '"other"' } : file));
  await bench.writeRecord(first, 'archived', { ...archived, files: others });
  expect(kindsOf(await verify({ mode: 'quick' })).sort()).toEqual(['metadata', 'record']);
  await bench.writeRecord(first, 'archived', { ...archived, contentDigest: 'other' });
  expect(kindsOf(await verify())).toEqual(['record']);
  await bench.writeRecord(first, 'archived', archived);

  await bench.writeRecord(first, 'manifest', { ...manifest, objects: manifest.objects.slice(1) });
  expect((await verify()).problems).toMatchObject([
    { kind: 'record', detail: expect.stringMatching(/which the manifest has not$/) as string },
  ]);
  await bench.writeRecord(first, 'manifest', { objects: 'none' });
  expect((await verify()).problems).toMatchObject([
    { kind: 'record', detail: expect.stringMatching(/^it is not what Landfall/) as string },
  ]);
  await bench.writeRecord(first, 'manifest', manifest);

  await bench.put('log', bench.recordKey(second, 'archived'), '{"files": [');
  expect(kindsOf(await verify())).toEqual(['record']);
  await bench.erase('log', bench.recordKey(second, 'archived'));
  expect(await verify()).toMatchObject({ counts: { record: 1, lost: 1 } });
});

test('markers and manifests of deliveries are archived objects like others', async () => {
  bench = await Bench.create({ tables: TABLES, options: "complete: { marker: '_DONE' }," });
  await bench.land('a-data/x.csv', 'id\n1\n');
  await bench.land('_DONE', '');
  const delivery = await bench.take();
  await toArchived(bench.run(), delivery);
  expect(await verify()).toMatchObject({ verdict: 'sound', objects: 2, unarchivedCopies: 0 });
  const { notes } = must(await bench.readRecord<ArchivedRecord>(delivery, 'archived'));
  await bench.erase('rawHist', must(notes[0]).archiveKey);
  expect(kindsOf(await verify())).toEqual(['missing']);
});
