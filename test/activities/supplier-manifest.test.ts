import { createHash } from 'node:crypto';
import { failureOf } from '../adapters/test-buckets';
import type { ObjectStore } from '../../src/adapters/object-store';
import type { DeliveryRef } from '../../src/layout/delivery';
import { Bench } from './bench';
import { toDecided, toPublished } from './take-through';

const TABLES = `orders: table({ columns: { id: column.int64() } }),
  extras: table({ files: { required: false }, columns: { id: column.int64() } }),`;
const FOLDER = 'production-environment/my-database-data/';
const START = 1_700_000_000;
const FIELDS = "file: 'name', bytes: 'size', rows: 'count', sha256: 'sum', md5: 'old sum'";
const JSON_MANIFEST = `{ manifest: { name: /manifest.*\\.json/, format: 'json', list: 'files', fields: { ${FIELDS} } } }`;
const CSV_MANIFEST =
  "{ manifest: { name: 'manifest.csv', format: 'csv', fields: { file: 'name', rows: 'count' } } }";

let bench: Bench;
const benchOf = async (complete: string): Promise<void> => {
  bench = await Bench.create({ options: `complete: ${complete},`, tables: TABLES });
};
afterEach(() => bench.close());

const digest = (algorithm: string, body: string): string => createHash(algorithm).update(body).digest('hex');
const entryOf = (name: string, body: string, count: number): Record<string, unknown> => ({
  name,
  size: body.length,
  count,
  sum: digest('sha256', body).toUpperCase(),
  'old sum': digest('md5', body),
  'of no concern': null,
});
const landManifest = (files: unknown, name = 'manifest.json'): Promise<void> =>
  bench.land(name, JSON.stringify({ files }));

/** As if each had been uploaded so many seconds after the start. */
const withTimes = (times: Record<string, number>): ObjectStore => ({
  ...bench.store,
  async *list(bucket, prefix, options) {
    for await (const object of bench.store.list(bucket, prefix, options)) {
      const seconds = times[object.key.slice(FOLDER.length)];
      yield seconds === undefined ? object : { ...object, lastModified: START + seconds };
    }
  },
});

async function findingsOf(
  delivery: DeliveryRef,
): Promise<[string, string | undefined, string | undefined][]> {
  const run = bench.run();
  await failureOf(toDecided(run, delivery));
  const report = await bench.readValidationReport(run.runId);
  return report.findings.map(({ code, file, received }) => [code, file?.slice(FOLDER.length), received]);
}

const A = 'id\n1\n2\n';
const B = 'id\n3\n';

describe('a manifest in JSON', () => {
  beforeEach(() => benchOf(JSON_MANIFEST));

  test('completes a delivery when every file it lists is there, and all of it agrees', async () => {
    expect(await bench.pin()).toEqual({ kind: 'nothing' });
    await bench.land('orders-data/a.csv', A);
    expect(await bench.pin()).toEqual({
      kind: 'not-complete',
      missing: [`the supplier's manifest /manifest.*\\.json/ in ${FOLDER}`],
    });
    await landManifest([entryOf('a.csv', A, 2), entryOf('extras-data/b.csv', B, 1)]);
    expect(await bench.pin()).toEqual({
      kind: 'not-complete',
      missing: [`what ${FOLDER}manifest.json lists: extras-data/b.csv`],
    });
    await bench.land('extras-data/b.csv', B);
    const delivery = await bench.take();
    expect(await toPublished(bench.run(), delivery)).toMatchObject({
      outcome: 'published',
      tables: [
        { table: 'orders', landed: 2 },
        { table: 'extras', landed: 1 },
      ],
    });
    expect(await bench.keys('land')).toEqual([]);
    const stamp = delivery.fileLandTimestamp;
    expect(await bench.keys('rawHist')).toContain(
      `${FOLDER}delivery-notes/file_land_timestamp=${stamp}/manifest_${stamp}.json`,
    );
  });

  test.each([
    ['bytes', { size: 6 }, 'listed-bytes', '7'],
    ['rows', { count: 3 }, 'listed-rows', '2'],
    ['SHA-256', { sum: 'a'.repeat(64) }, 'listed-checksum', digest('sha256', A)],
    ['MD5', { 'old sum': 'a'.repeat(32) }, 'listed-checksum', digest('md5', A)],
  ])('that has other %s than the file refuses the delivery', async (_what, change, code, received) => {
    await bench.land('orders-data/a.csv', A);
    await landManifest([{ ...entryOf('a.csv', A, 2), ...change }]);
    expect(await findingsOf(await bench.take())).toEqual([[code, 'orders-data/a.csv', received]]);
    expect(await bench.keys('rawHist')).toEqual([]);
    expect(await bench.keys('land')).toHaveLength(2);
  });

  test('that leaves out a file which was there before it refuses the delivery, naming it', async () => {
    await bench.land('orders-data/a.csv', A);
    await bench.land('orders-data/b.csv', B);
    await landManifest([entryOf('a.csv', A, 2)]);
    expect(await findingsOf(await bench.take())).toEqual([['unlisted-file', 'orders-data/b.csv', undefined]]);
  });

  test('leaves what landed after it, and is not listed, to the next', async () => {
    await bench.land('orders-data/a.csv', A);
    await bench.land('orders-data/b.csv', B);
    await landManifest([entryOf('a.csv', A, 2)]);
    const store = withTimes({ 'orders-data/a.csv': 3, 'manifest.json': 1, 'orders-data/b.csv': 2 });
    expect(await bench.pin({}, { store })).toMatchObject({
      kind: 'delivery',
      files: 2,
      fileLandTimestamp: START + 3,
    });
  });

  test('that never completes holds up no other, and keeps what it lists from it', async () => {
    await landManifest([entryOf('never.csv', A, 2), entryOf('b.csv', B, 1)], 'manifest-1.json');
    await bench.land('orders-data/b.csv', B);
    await bench.land('orders-data/a.csv', A);
    await landManifest([entryOf('a.csv', A, 2)], 'manifest-2.json');
    const delivery = await bench.take();
    await toPublished(bench.run(), delivery);
    expect(await bench.keys('land')).toEqual([`${FOLDER}manifest-1.json`, `${FOLDER}orders-data/b.csv`]);
    expect(await bench.pin()).toEqual({
      kind: 'not-complete',
      missing: [`what ${FOLDER}manifest-1.json lists: never.csv`],
    });
  });

  test.each([
    ['no JSON', '{', 'it is no JSON in UTF-8'],
    ['no UTF-8', Buffer.from([0x22, 0xff, 0x22]), 'it is no JSON in UTF-8'],
    ['empty', '', 'it is no JSON in UTF-8'],
    ['another list', '{"file":[]}', 'it has no array under "files"'],
    ['a list', '[]', 'it has no array under "files"'],
    ['a list of names', '{"files":["a.csv"]}', 'its entry 1 is no JSON object'],
    ['without a count', '{"files":[{"name":"a.csv","size":7}]}', 'its entry 1 has no "count"'],
    ['without a name', '{"files":[{"name":""}]}', 'its entry 1 has no file name as its "name"'],
    [
      'with half a byte',
      '{"files":[{"name":"a.csv","size":7.5}]}',
      'its entry 1, "size", is no whole number',
    ],
    [
      'with bytes below nothing',
      '{"files":[{"name":"a.csv","size":"-7"}]}',
      'its entry 1, "size", is no whole number',
    ],
    [
      'with a short checksum',
      '{"files":[{"name":"a.csv","size":7,"count":2,"old sum":"a"}]}',
      'its entry 1, "old sum", is no checksum of 32 hexadecimal digits',
    ],
  ])('that is %s refuses the delivery with words', async (_what, body, words) => {
    await bench.land('orders-data/a.csv', A);
    await bench.land('manifest.json', body);
    expect(await findingsOf(await bench.take())).toEqual([['bad-manifest', 'manifest.json', words]]);
  });

  test('of a size that would fill the memory is not read into it', async () => {
    await bench.land('orders-data/a.csv', A);
    await bench.land('manifest.json', Buffer.alloc(8 * 1024 * 1024 + 1, ' '));
    expect(await findingsOf(await bench.take())).toEqual([
      ['bad-manifest', 'manifest.json', 'it is larger than 8388608 bytes'],
    ]);
  });

  test.each([
    ['twice', ['a.csv', 'orders-data/a.csv'], 'orders-data/a.csv'],
    ['that could be two', ['a.csv'], 'a.csv'],
  ])('that lists a file %s refuses the delivery', async (what, names, unclear) => {
    await bench.land('orders-data/a.csv', A);
    if (what === 'that could be two') await bench.land('extras-data/a.csv', A);
    await landManifest(names.map((name) => entryOf(name, A, 2)));
    expect(await findingsOf(await bench.take())).toEqual([
      ['bad-manifest', 'manifest.json', `"${unclear}" is listed twice, or could be more than one file`],
    ]);
  });

  test('names in it reach nothing but what waits in land', async () => {
    await bench.land('orders-data/a.csv', A);
    await landManifest([entryOf('../../other/secret.csv', A, 2)]);
    expect(await bench.pin()).toMatchObject({ kind: 'not-complete' });
    await landManifest([entryOf(`s3://${bench.pipeline.areas.land}/${FOLDER}orders-data/a.csv`, A, 2)]);
    expect(await bench.pin()).toMatchObject({ kind: 'delivery', files: 2 });
  });
});

describe('a manifest in CSV', () => {
  beforeEach(() => benchOf(CSV_MANIFEST));

  test('is read as CSV files are, and checks what its fields say', async () => {
    await bench.land('orders-data/a, b.csv', A);
    await bench.land('manifest.csv', '\ufeffwhat,name,count\r\nx,"a, b.csv",2\r\n');
    expect(await toDecided(bench.run(), await bench.take())).toMatchObject({ files: 1 });
  });

  test.each([
    ['a line of another width', 'name,count\na.csv\n', 'its line 2 has 1 fields, its header 2'],
    ['an open quote', 'name,count\n"a.csv,2\n', 'its line 2 cannot be read as CSV in UTF-8'],
    ['nothing in it', '', 'it is empty'],
    ['another header', 'file,count\na.csv,2\n', 'its entry 1 has no "name"'],
  ])('with %s refuses the delivery with words', async (_what, body, words) => {
    await bench.land('orders-data/a.csv', A);
    await bench.land('manifest.csv', body);
    expect(await findingsOf(await bench.take())).toEqual([['bad-manifest', 'manifest.csv', words]]);
  });
});

test('a refused delivery keeps its manifest in quarantine, and is checked against it when it is replayed', async () => {
  bench = await Bench.create({
    options: `complete: ${CSV_MANIFEST},`,
    tables: TABLES.replaceAll('int64', 'int8'),
    hasQuarantine: true,
  });
  await bench.land('orders-data/a.csv', 'id\n1000\n');
  await bench.land('manifest.csv', 'name,count\na.csv,1\n');
  const delivery = await bench.take();
  expect(await findingsOf(delivery)).toEqual([['type', 'orders-data/a.csv', undefined]]);
  await bench.run().moveToQuarantine(delivery);
  expect(await bench.keys('land')).toEqual([]);

  await bench.release(TABLES);
  const decision = { kind: 'replay', by: 'a person', why: 'numbers are larger by now' } as const;
  expect(await bench.pin({ requested: delivery.fileLandTimestamp, decision })).toMatchObject({ files: 2 });
  await toPublished(bench.run(), delivery);
  const stamp = delivery.fileLandTimestamp;
  expect(await bench.keys('rawHist')).toEqual([
    `${FOLDER}delivery-notes/file_land_timestamp=${stamp}/manifest_${stamp}.csv`,
    `${FOLDER}orders-data/file_land_timestamp=${stamp}/a_${stamp}.csv`,
  ]);
  expect(await bench.keys('quarantine')).toEqual([]);
});
