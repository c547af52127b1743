import { gunzipSync } from 'node:zlib';
import { failureOf } from '../adapters/test-buckets';
import type { ProcessedFileRecord, ProcessedRecord } from '../../src/activities/records';
import type { ObjectStore } from '../../src/adapters/object-store';
import type { DeliveryRef } from '../../src/layout/delivery';
import { batchRecordKey } from '../../src/layout/log-keys';
import { Bench, FOLDERS, type Attempts } from './bench';
import { toArchived, toCurated } from './take-through';

const TABLES = `a: table({ columns: { id: column.int64() } }),
  b: table({ files: { required: false }, columns: { id: column.int64() } }),`;
const GIVEN = 1_534_968_800;
const FOLDER = 'production-environment/my-database-data/a-data/file_land_timestamp=1534968800/';
const ARCHIVED = `${FOLDER}x_1534968800.csv`;
const PROCESSED = `${FOLDER}x_1534968800.jsonl.gz`;

let bench: Bench;
let delivery: DeliveryRef;
let run: Attempts;
let batch: DeliveryRef & { batch: number };

async function archive(hasRaw: boolean): Promise<void> {
  bench = await Bench.create({ tables: TABLES, hasRaw });
  await bench.land('a-data/x.csv', 'id\n1\n2\n');
  delivery = await bench.take({ requested: GIVEN });
  run = bench.run();
  await toArchived(run, delivery);
  await run.deleteFromLand(delivery);
  batch = { ...delivery, batch: 0 };
}
const record = (): Promise<void> => run.recordProcessed(delivery);

afterEach(() => bench.close());

describe('raw', () => {
  beforeEach(() => archive(true));

  test('is a copy of raw-hist, made once, and gone once it is processed', async () => {
    expect(await run.copyToRaw(batch)).toEqual({ files: 1, rows: 2, bytes: 7 });
    const copy = await bench.store.head({ bucket: bench.pipeline.areas.raw, key: ARCHIVED });
    expect(await run.copyToRaw(batch)).toEqual({ files: 1, rows: 2, bytes: 7 });
    expect(await bench.store.head({ bucket: bench.pipeline.areas.raw, key: ARCHIVED })).toEqual(copy);
    expect(copy?.contentType).toBe('text/csv');
    await run.transformFiles(batch);
    expect((await failureOf(run.deleteFromRaw(delivery))).message).toContain('processed.json is missing');
    expect(await bench.keys('raw')).toEqual([ARCHIVED]);
    await record();
    await run.deleteFromRaw(delivery);
    await run.deleteFromRaw(delivery);
    expect(await bench.keys('raw')).toEqual([]);
    expect(await bench.keys('rawHist')).toEqual([ARCHIVED]);
  });

  test('holds nothing of what an attempt copies that wakes up after its batch was processed', async () => {
    await run.copyToRaw(batch);
    await run.transformFiles(batch);
    await record();
    await run.deleteFromRaw(delivery);
    await run.copyToRaw(batch);
    expect(await bench.keys('raw')).toEqual([]);
    await bench.writeRecord(delivery, 'published', {});
    const other = bench.run();
    await other.planDelivery(delivery);
    await other.copyToRaw(batch);
    expect(await bench.keys('raw')).toEqual([]);
  });

  test('is not filled from a raw-hist that is not what was archived', async () => {
    await bench.put('rawHist', ARCHIVED, 'id\n1\n3\n');
    expect((await failureOf(run.copyToRaw(batch))).message).toContain('is not what was archived');
    await bench.erase('rawHist', ARCHIVED);
    expect((await failureOf(run.copyToRaw(batch))).name).toBe('IntegrityError');
    expect(await bench.keys('raw')).toEqual([]);
  });

  test('keeps a stranger’s object, and says so', async () => {
    await bench.put('raw', ARCHIVED, 'other');
    expect((await failureOf(run.copyToRaw(batch))).message).toContain('raw holds another object');
    expect(String(await bench.pipeline.read('raw', ARCHIVED))).toBe('other');
  });

  test('altered is refused: what is processed is what was checked, or nothing', async () => {
    await run.copyToRaw(batch);
    await bench.put('raw', ARCHIVED, 'id\n1\n9\n');
    const failure = await failureOf(run.transformFiles(batch));
    expect(failure.name).toBe('IntegrityError');
    expect(failure.message).toContain('SHA-256');
    expect(await bench.keys('processed')).toEqual([]);
    await bench.erase('raw', ARCHIVED);
    expect((await failureOf(run.transformFiles(batch))).message).toContain('is missing');
  });
});

describe('processed', () => {
  beforeEach(() => archive(false));

  test('gets the same bytes from every attempt', async () => {
    expect(await run.transformFiles(batch)).toMatchObject({ files: 1, rows: 2 });
    const first = await bench.pipeline.read('processed', PROCESSED);
    await run.transformFiles(batch);
    expect((await bench.pipeline.read('processed', PROCESSED)).equals(first)).toBe(true);
    expect(String(gunzipSync(first))).toBe(
      '{"id":1,"etl_version":"v1.2.3","source_file":"x.csv"}\n{"id":2,"etl_version":"v1.2.3","source_file":"x.csv"}\n',
    );
    await record();
    const recorded = await bench.readRecord<ProcessedRecord>(delivery, 'processed');
    await record();
    expect(await bench.readRecord(delivery, 'processed')).toEqual(recorded);
    expect(recorded).toMatchObject({
      version: 'v1.2.3',
      files: [{ table: 'a', rows: 2, objects: [{ rows: 2 }] }],
    });
  });

  test('is not recorded when an archived file is not among it, or rows of one are not accounted for', async () => {
    await run.transformFiles(batch);
    const key = batchRecordKey(FOLDERS, run.runId, 'processed', 0);
    const { files } = JSON.parse(String(await bench.pipeline.read('log', key))) as {
      files: ProcessedFileRecord[];
    };
    await bench.put(
      'log',
      key,
      JSON.stringify({
        files: files.map((file) => ({ ...file, objects: [{ ...file.objects[0], rows: 1 }] })),
      }),
    );
    expect((await failureOf(record())).message).toContain('2 rows landed, 1 are processed');
    await bench.put('log', key, '{"files":[]}');
    expect((await failureOf(record())).message).toContain('a-data/x.csv was archived with delivery');
    await bench.erase('log', key);
    expect((await failureOf(record())).message).toContain('processed/0.json is missing');
    expect(await bench.readRecord(delivery, 'processed')).toBeUndefined();
  });

  test('rows that were not read again are found, before anything is recorded', async () => {
    const engine = {
      start: () => undefined,
      checkFile: () => Promise.reject(new Error('not asked for')),
      checkKeys: () => Promise.reject(new Error('not asked for')),
      writeCuratedPart: () => Promise.reject(new Error('not asked for')),
      transformFile: () =>
        Promise.resolve({
          ...{ rowsIn: 1, rowsOut: 1, rejected: 0, objects: [] },
        }),
      deriveTable: () => Promise.reject(new Error('not asked for')),
      close: () => Promise.resolve(),
    };
    const losing = bench.run({ engine }, run.runId);
    expect((await failureOf(losing.transformFiles(batch))).message).toContain(
      '2 rows landed, but 1 were read',
    );
  });
});

describe('curated', () => {
  beforeEach(async () => {
    await archive(false);
    await run.transformFiles(batch);
    await record();
  });
  const snapshots = () => bench.keys('curated');

  async function processNext(body: string): Promise<{ delivery: DeliveryRef; run: Attempts }> {
    await bench.writeRecord(delivery, 'published', {});
    await bench.land('a-data/x.csv', body);
    const next = { delivery: await bench.take(), run: bench.run() };
    await toArchived(next.run, next.delivery);
    await next.run.deleteFromLand(next.delivery);
    await next.run.transformFiles({ ...next.delivery, batch: 0 });
    await next.run.recordProcessed(next.delivery);
    return next;
  }

  test('is made of all that was processed, empty tables too', async () => {
    expect(await run.planCuration(delivery)).toEqual([
      { table: 'a', rows: 2, isCurrent: false },
      { table: 'b', rows: 0, isCurrent: false },
    ]);
    expect(await run.writeCurated({ ...delivery, table: 'a' })).toMatchObject({ files: 1, rows: 2 });
    expect(await run.writeCurated({ ...delivery, table: 'b' })).toMatchObject({ files: 1, rows: 0 });
  });

  test('the same content is the same snapshot, and is not written again', async () => {
    await toCurated(run, delivery);
    const first = await snapshots();
    const writes: string[] = [];
    const counting = (store: ObjectStore): ObjectStore => ({
      ...store,
      writeOnce: (location, ...rest) => {
        writes.push(location.bucket);
        return store.writeOnce(location, ...rest);
      },
    });
    const later = bench.run({ store: counting(bench.store) });
    expect(await later.planCuration(delivery)).toMatchObject([{ isCurrent: true }, { isCurrent: true }]);
    await later.writeCurated({ ...delivery, table: 'a' });
    expect(await snapshots()).toEqual(first);
    expect(writes).not.toContain(bench.pipeline.areas.curated);
  });

  test('a part that is gone, or was cut short, is written again', async () => {
    await toCurated(run, delivery);
    const before = await bench.objects();
    const [part = ''] = await snapshots();
    await bench.erase('curated', part);
    await run.writeCurated({ ...delivery, table: 'a' });
    expect(await bench.objects()).toEqual(before);
  });

  test('a part that holds something else is not taken for it', async () => {
    await toCurated(run, delivery);
    const [part = ''] = await snapshots();
    await bench.put('curated', part, 'other');
    expect((await failureOf(run.writeCurated({ ...delivery, table: 'a' }))).name).toBe('IntegrityError');
  });

  test('a new delivery is a new snapshot beside the old one, of the tables that it changed', async () => {
    await toCurated(run, delivery);
    const before = await snapshots();
    const next = await processNext('id\n3\n');
    await toCurated(next.run, next.delivery);
    const after = await snapshots();
    expect(after).toEqual(expect.arrayContaining(before));
    expect(after.filter((key) => !before.includes(key))).toEqual([
      expect.stringMatching(/\/a\/snapshot=[0-9a-f]{16}\/data-part-0\.parquet$/),
      expect.stringMatching(/\/a\/snapshot=[0-9a-f]{16}\/data-part-1\.parquet$/),
    ]);
    expect(await next.run.planCuration(next.delivery)).toMatchObject([{ rows: 3 }, { rows: 0 }]);
  });

  test('what an attempt plans late does not change what its run does', async () => {
    await run.planCuration(delivery);
    await processNext('id\n3\n');
    expect(await run.planCuration(delivery)).toMatchObject([{ table: 'a', rows: 2 }, { table: 'b' }]);
  });

  test('deliveries are in the order of their timestamps, whatever the number of digits', async () => {
    await bench.writeRecord({ ...delivery, fileLandTimestamp: 999_999_999 }, 'processed', {
      files: [
        {
          ...{ table: 'a', key: '', processedKey: 'p' },
          objects: [{ key: 'p', rows: 1, bytes: 1, contentBytes: 1, contentSha256: 'c' }],
        },
      ],
    });
    await run.planCuration(delivery);
    const key = batchRecordKey(FOLDERS, run.runId, 'curated', 0);
    const { curations } = JSON.parse(String(await bench.pipeline.read('log', key))) as {
      curations: { parts: { inputs: { fileLandTimestamp: number }[] }[] }[];
    };
    const inputs = curations[0]?.parts.flatMap((part) => part.inputs);
    expect(inputs?.map(({ fileLandTimestamp }) => fileLandTimestamp)).toEqual([999_999_999, GIVEN]);
  });

  test('rows that are fewer than processed are never recorded as a snapshot', async () => {
    const engine = {
      start: () => undefined,
      checkFile: () => Promise.reject(new Error('not asked for')),
      checkKeys: () => Promise.reject(new Error('not asked for')),
      transformFile: () => Promise.reject(new Error('not asked for')),
      writeCuratedPart: () =>
        Promise.resolve({ files: [{ key: 'k', bytes: 1, sha256: 's', rows: 1, content: 'c' }] }),
      deriveTable: () => Promise.reject(new Error('not asked for')),
      close: () => Promise.resolve(),
    };
    await run.planCuration(delivery);
    const losing = bench.run({ engine }, run.runId);
    const failure = await failureOf(losing.writeCurated({ ...delivery, table: 'a' }));
    expect(failure.message).toContain('2 rows are processed, but 1 were written');
    expect(await bench.run().planCuration(delivery)).toMatchObject([
      { isCurrent: false },
      { isCurrent: false },
    ]);
  });

  test('a table that is renamed keeps its rows: a table is its folder, whatever its name', async () => {
    await bench.release(`renamed: table({ folder: 'a-data', columns: { id: column.int64() } }),`);
    expect(await bench.run().planCuration(delivery)).toEqual([
      { table: 'renamed', rows: 2, isCurrent: false },
    ]);
  });

  test('a release in the middle of a run cannot write one table’s rows under another one’s schema', async () => {
    await run.planCuration(delivery);
    await bench.release(`a: table({ columns: { id: column.int64() }, curated: { sortBy: ['id'] } }),
      b: table({ columns: { id: column.int64() } }),`);
    const after = bench.run({}, run.runId);
    const failure = await failureOf(after.writeCurated({ ...delivery, table: 'a' }));
    expect(failure.message).toMatch(
      /"a" .* was declared otherwise.*another release.*Run the pipeline again/s,
    );
    await after.writeCurated({ ...delivery, table: 'b' });
    expect((await failureOf(after.publishDatabase(delivery))).name).toBe('DefinitionError');
  });
});
