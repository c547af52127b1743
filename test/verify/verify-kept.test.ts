import type { ArchivedRecord } from '../../src/activities/records';
import { createS3ObjectStore } from '../../src/adapters/s3-object-store';
import { findPipeline, loadPipelines } from '../../src/definition/load-pipelines';
import type { DeliveryRef } from '../../src/layout/delivery';
import type { Verification } from '../../src/verify/verification';
import { verifyRawHist } from '../../src/verify/verify-raw-hist';
import { Bench } from '../activities/bench';
import { toDecided, toPublished } from '../activities/take-through';
import { lockBucket, must, retain, setLegalHold } from '../adapters/test-buckets';
import { PREFIX } from '../support/test-pipeline';

const TABLES = `a: table({ columns: { id: column.int64() } }),
  b: table({ columns: { id: column.int64() }, files: { required: false } }),`;
const DAY = 86_400;

let bench: Bench;
afterEach(() => bench.close());

async function verify(mode: 'full' | 'quick' = 'full'): Promise<Verification> {
  const pipeline = findPipeline(await loadPipelines([bench.pipeline.module]), bench.pipeline.name);
  return verifyRawHist(createS3ObjectStore(), pipeline, { mode, signal: new AbortController().signal });
}

const summaryOf = ({ problems }: Verification): string[] =>
  problems.map(
    ({ kind, object, detail }) => `${kind} ${object.slice(object.lastIndexOf('/') + 1)}: ${detail}`,
  );
const kindsOf = ({ problems }: Verification): string[] => problems.map(({ kind }) => kind);

describe('how objects are kept', () => {
  const now = Math.floor(Date.now() / 1000);
  const until = now + 10 * DAY;
  const name = `x_${now}.csv`;

  /** The emulator forgets retention and legal hold of what is uploaded in parts: the test sets what S3 would have. */
  async function archived(kept: object): Promise<{ bucket: string; key: string }> {
    bench = await Bench.create({ tables: TABLES, kept: { rawHist: kept } });
    const bucket = bench.pipeline.areas.rawHist;
    await lockBucket(bucket);
    await bench.land('a-data/x.csv', 'id\n1\n');
    await toPublished(bench.run(), await bench.take({ requested: now }));
    return { bucket, key: `${PREFIX}a-data/file_land_timestamp=${now}/${name}` };
  }
  const at = (time: number): string => new Date(time * 1000).toISOString();

  test('retention must reach as far as declared, in that mode or a stronger one', async () => {
    const object = await archived({ objectLock: { mode: 'COMPLIANCE', days: 10 } });
    const expected = `unprotected ${name}: retention: expected COMPLIANCE until ${at(until)}, found `;
    expect(summaryOf(await verify())).toEqual([
      `${expected}none (or the role may not see it: s3:GetObjectRetention)`,
    ]);
    await retain(object, 'GOVERNANCE', until);
    expect(summaryOf(await verify('quick'))).toEqual([`${expected}GOVERNANCE until ${at(until)}`]);
    await retain(object, 'COMPLIANCE', until - 1);
    expect(await verify()).toMatchObject({ verdict: 'damaged', counts: { unprotected: 1 } });
    await retain(object, 'COMPLIANCE', until);
    expect(await verify()).toMatchObject({ verdict: 'sound' });
    await retain(object, 'COMPLIANCE', until + DAY);
    expect(await verify()).toMatchObject({ verdict: 'sound' });
  });

  test('a legal hold that was lifted is told; nothing is where nothing is declared', async () => {
    const object = await archived({ legalHold: true });
    await setLegalHold(object, 'ON');
    expect((await verify()).verdict).toBe('sound');
    await setLegalHold(object, 'OFF');
    expect(summaryOf(await verify())).toEqual([expect.stringContaining('legal hold: expected, found none')]);
    bench.close();
    const plain = await archived({});
    await setLegalHold(plain, 'ON');
    expect((await verify()).verdict).toBe('sound');
  });

  test('a retention that has ended need not be there', async () => {
    bench = await Bench.create({
      tables: TABLES,
      kept: { rawHist: { objectLock: { mode: 'COMPLIANCE', days: 1 } } },
    });
    await bench.land('a-data/x.csv', 'id\n1\n');
    await toPublished(bench.run(), await bench.take({ requested: 1000 }));
    expect((await verify()).verdict).toBe('sound');
  });

  test('another key, or none, is told beside what else is wrong', async () => {
    const kmsKey = 'arn:aws:kms:eu-west-1:123456789012:key/0a1b2c3d-0000-4000-8000-0123456789ab';
    const object = await archived({ encryption: { kmsKey } });
    expect((await verify()).verdict).toBe('sound');
    const { metadata } = must(await bench.store.head(object));
    const other = createS3ObjectStore({ protectionOf: () => ({ kms: { key: 'alias/other' } }) });
    await other.write(object, 'id\n1\n', { metadata });
    expect(summaryOf(await verify())).toEqual([
      `unprotected ${name}: encryption: expected aws:kms with ${kmsKey}, found aws:kms with alias/other`,
    ]);
    await createS3ObjectStore().write(object, 'id\n2\n', { metadata });
    expect(kindsOf(await verify())).toEqual(['altered', 'unprotected']);
  });
});

describe('quarantine', () => {
  const keyOf = (file: string): string => `${PREFIX}a-data/file_land_timestamp=1000/${file}_1000.csv`;

  async function quarantined(): Promise<DeliveryRef> {
    bench = await Bench.create({ tables: TABLES, hasQuarantine: true });
    await bench.land('a-data/x.csv', 'id\nbanana\n');
    await bench.land('a-data/y.csv', 'id\n2\n');
    await bench.land('loose.csv', 'nobody’s');
    const delivery = await bench.take({ requested: 1000 });
    const run = bench.run();
    await toDecided(run, delivery).catch(() => undefined);
    await run.moveToQuarantine(delivery);
    return delivery;
  }

  test('what was moved there is there: existence, size, bytes and metadata', async () => {
    await quarantined();
    expect(await verify()).toMatchObject({
      verdict: 'sound',
      deliveries: { refused: 1 },
      objects: 0,
      quarantined: 3,
      unarchivedCopies: 0,
    });
    const location = { bucket: bench.pipeline.areas.quarantine, key: keyOf('y') };
    const { metadata } = must(await bench.store.head(location));
    await bench.put('quarantine', keyOf('y'), 'id\n3\n', { ...metadata });
    expect(kindsOf(await verify())).toEqual(['altered']);
    expect((await verify('quick')).verdict).toBe('sound');
    await bench.put('quarantine', keyOf('y'), 'id\n2\n');
    expect(kindsOf(await verify('quick'))).toEqual(['metadata']);
    await bench.erase('quarantine', keyOf('y'));
    expect(summaryOf(await verify())).toEqual([
      expect.stringMatching(/^missing y_1000\.csv: expected 5 bytes/),
    ]);
  });

  test('strangers are found beside and instead of what was moved', async () => {
    await quarantined();
    await bench.put('quarantine', keyOf('z'), 'id\n9\n');
    await bench.put('quarantine', `${PREFIX}a-data/file_land_timestamp=1500/x.csv`, 'id\n9\n');
    await bench.put('quarantine', `${PREFIX}x.csv`, 'id\n9\n');
    expect((await verify()).counts).toEqual({ stranger: 3 });
    await bench.erase('quarantine', keyOf('x'));
    expect((await verify()).counts).toEqual({ missing: 1, stranger: 3 });
  });

  test('a move under way and what a replay has left are copies that manifests know', async () => {
    const delivery = await quarantined();
    await bench.erase('log', bench.recordKey(delivery, 'cleared'));
    await bench.erase('log', bench.recordKey(delivery, 'quarantined'));
    expect(await verify()).toMatchObject({ verdict: 'sound', quarantined: 0, unarchivedCopies: 3 });
  });

  test('records that disagree are told, and a quarantine that the pipeline has no longer', async () => {
    const delivery = await quarantined();
    const record = must(await bench.readRecord<{ files: object[] }>(delivery, 'quarantined'));
    await bench.writeRecord(delivery, 'quarantined', { files: record.files.slice(1) });
    expect(kindsOf(await verify()).sort()).toEqual(['record']);
    await bench.writeRecord(delivery, 'quarantined', record);
    bench.pipeline.release({ hasQuarantine: false });
    expect(summaryOf(await verify())).toEqual([
      expect.stringMatching(/^unreadable quarantined\.json: .* no quarantine/),
    ]);
  });
});

test('one uploaded version that two deliveries have archived is told', async () => {
  bench = await Bench.create({ tables: TABLES, versionedLand: true });
  await bench.land('a-data/x.csv', 'id\n1\n');
  const first = await bench.take({ requested: 1000 });
  await toPublished(bench.run(), first);
  await bench.land('a-data/x.csv', 'id\n1\n');
  const second = await bench.take({ requested: 2000 });
  await toPublished(bench.run(), second);
  expect((await verify()).verdict).toBe('sound');

  // As if the second had archived what the first did: its record, its manifest and its object say so.
  const [{ versionId, etag } = { versionId: '', etag: '' }] = must(
    await bench.readRecord<ArchivedRecord>(first, 'archived'),
  ).files;
  const archived = must(await bench.readRecord<ArchivedRecord>(second, 'archived'));
  const manifest = must(await bench.readRecord<{ objects: object[] }>(second, 'manifest'));
  const same = { versionId, etag };
  await bench.writeRecord(second, 'archived', {
    ...archived,
    files: archived.files.map((file) => ({ ...file, ...same })),
  });
  await bench.writeRecord(second, 'manifest', {
    ...manifest,
    objects: manifest.objects.map((object) => ({ ...object, ...same })),
  });
  const key = `${PREFIX}a-data/file_land_timestamp=2000/x_2000.csv`;
  const { metadata } = must(await bench.store.head({ bucket: bench.pipeline.areas.rawHist, key }));
  const version = { 'landfall-source-version': encodeURIComponent(versionId ?? '') };
  await bench.put('rawHist', key, 'id\n1\n', { ...metadata, ...version });
  expect(summaryOf(await verify())).toEqual([
    expect.stringMatching(
      /^archived-twice x_2000\.csv: version \S+ of \S+ was archived with delivery 1000 already$/,
    ),
  ]);
});
