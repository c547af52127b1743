import { failureOf } from '../adapters/test-buckets';
import type { ObjectStore } from '../../src/adapters/object-store';
import type { ArchivedRecord } from '../../src/activities/records';
import type { PublicationReport, RefusalRecord } from '../../src/activities/report/report';
import type { DeliveryRef } from '../../src/layout/delivery';
import { Bench } from './bench';
import { toArchived, toDecided, toPublished } from './take-through';

const FIRST = 1_534_968_800;
const tables = (history: string): string =>
  `orders: table({
    files: { required: false, minBytes: 4, maxBytes: 400 },
    delivery: { rows: { max: 60 }, bytes: { min: 10 } },
    ${history}
    columns: { id: column.int64() },
  }),
  extras: table({ files: { required: false }, columns: { id: column.int64() } }),`;

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.create({
    tables: tables('history: { last: 3, atLeast: 2, rows: { minShare: 0.5, maxShare: 2 } },'),
  });
});
afterEach(() => bench.close());

const rows = (count: number): string =>
  `id\n${Array.from({ length: count }, (_, index) => `${index}\n`).join('')}`;

const ref = (fileLandTimestamp: number): DeliveryRef => ({
  pipeline: bench.pipeline.name,
  fileLandTimestamp,
});

async function findingsOf(delivery: DeliveryRef, store?: ObjectStore): Promise<string[]> {
  const run = bench.run(store ? { store } : {});
  await toDecided(run, delivery).catch(() => undefined);
  const report = await bench.readValidationReport(run.runId);
  return report.findings.map(({ code, table, file }) => `${code} ${file ? 'file' : (table ?? '')}`);
}

/** What a published delivery leaves, as far as histories see it. */
async function publish(timestamp: number, table: string, landed: number, file?: string): Promise<void> {
  const key = bench.landKey(file ?? `${table}-data/a.csv`);
  const files = [{ table, file: key, bytes: 100, rows: { landed } }];
  await bench.writeRecord(ref(timestamp), 'manifest', { objects: [], contentDigest: String(timestamp) });
  await bench.writeRecord(ref(timestamp), 'archived', {});
  await bench.writeRecord(ref(timestamp), 'published', { files });
}

describe('sizes and totals', () => {
  test.each([
    [
      'a file below its size',
      { 'a.csv': 'id\n', 'b.csv': rows(5) },
      ['too-few-bytes file', 'too-few-rows file'],
    ],
    ['a file above its size', { 'a.csv': `${'0'.repeat(400)}id\n1\n2\n` }, ['too-many-bytes file']],
    ['fewer bytes than wanted in all', { 'a.csv': 'id\n1\n' }, ['too-few-bytes orders']],
    ['more rows than wanted in all', { 'a.csv': rows(31), 'b.csv': rows(30) }, ['too-many-rows orders']],
    ['just as many as allowed', { 'a.csv': rows(30), 'b.csv': rows(30) }, []],
  ])('%s', async (_what, files, expected) => {
    for (const [file, body] of Object.entries(files)) await bench.land(`orders-data/${file}`, body);
    const found = await findingsOf(await bench.take());
    expect(found.filter((each) => /rows|bytes/.test(each))).toEqual(expected);
  });
});

describe('history', () => {
  test('of what was published before: a delivery far from its median is refused, with what that follows from', async () => {
    for (const [index, landed] of [50, 10, 20, 12].entries()) await publish(FIRST + index, 'orders', landed);
    await bench.land('orders-data/a.csv', rows(5));
    const delivery = await bench.take();
    const failure = await failureOf(toDecided(bench.run(), delivery));
    expect(failure.message).toContain(
      `Table orders has an unusual number of rows: 5, expected 6 to 24: 0.5 to 2 times 12, the median of 3 deliveries, ${FIRST + 1} to ${FIRST + 3}.`,
    );
    const report = await bench.readRecord<RefusalRecord>(delivery, 'refused');
    expect(report?.volumes).toEqual([
      {
        table: 'orders',
        received: { files: 1, rows: 5, bytes: 13 },
        history: {
          deliveries: [FIRST + 3, FIRST + 2, FIRST + 1],
          expected: { rows: { median: 12, min: 6, max: 24 } },
        },
      },
      { table: 'extras', received: { files: 0, rows: 0, bytes: 0 } },
    ]);
  });

  test('counts only deliveries that had files of the table, whatever it was called then, and earlier ones', async () => {
    await publish(FIRST, 'orders', 10);
    await publish(FIRST + 1, 'former_name', 20, 'orders-data/a.csv');
    await publish(FIRST + 2, 'extras', 1000);
    await bench.land('orders-data/a.csv', rows(40));
    const delivery = await bench.take();
    await publish(delivery.fileLandTimestamp + 1, 'orders', 1);
    const failure = await failureOf(toDecided(bench.run(), delivery));
    expect(failure.message).toContain(`2 times 15, the median of 2 deliveries, ${FIRST} to ${FIRST + 1}`);
  });

  test('that is too short judges nothing, and the report of the run says so', async () => {
    await publish(FIRST, 'orders', 1000);
    await bench.land('orders-data/a.csv', rows(5));
    const delivery = await bench.take();
    // As the engine's table is made of what earlier deliveries processed, those here have nothing.
    await toPublished(bench.run(), delivery);
    const report = await bench.readRecord<PublicationReport>(delivery, 'published');
    expect(report?.volumes[0]?.history).toEqual({
      deliveries: [FIRST],
      unjudged: 'of the last 3 published deliveries 1 had files of this table, and 2 are needed',
      expected: {},
    });
  });

  test('is read from the reports that runs write', async () => {
    for (const count of [20, 22]) {
      await bench.land('orders-data/a.csv', rows(count));
      await toPublished(bench.run(), await bench.take());
    }
    await bench.land('orders-data/a.csv', rows(55));
    const failure = await failureOf(toDecided(bench.run(), await bench.take()));
    expect(failure.message).toContain('unusual number of rows: 55, expected 11 to 42: 0.5 to 2 times 21');
    expect(await bench.keys('land')).toHaveLength(1);
  });

  test('no more of it is read than is looked at, and none where no table asks', async () => {
    for (let index = 0; index < 20; index += 1) await publish(FIRST + index, 'orders', 10);
    await bench.land('orders-data/a.csv', rows(10));
    const delivery = await bench.take();
    let read = 0;
    const store: ObjectStore = {
      ...bench.store,
      readText: (location, options) => {
        if (location.key.endsWith('/published.json')) read += 1;
        return bench.store.readText(location, options);
      },
    };
    expect(await findingsOf(delivery, store)).toEqual([]);
    expect(read).toBe(3);
    await bench.release(tables(''));
    await findingsOf(delivery, store);
    expect(read).toBe(3);
  });

  test('what a delivery was compared with stays with it when another run resumes it', async () => {
    await publish(FIRST, 'orders', 10);
    await bench.land('orders-data/a.csv', rows(10));
    const delivery = await bench.take();
    await toArchived(bench.run(), delivery);
    const archived = await bench.readRecord<ArchivedRecord>(delivery, 'archived');
    expect(archived?.volumes).toMatchObject([{ table: 'orders', history: { deliveries: [FIRST] } }, {}]);
  });
});
