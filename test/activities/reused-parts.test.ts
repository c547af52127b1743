import type { ProcessedRecord } from '../../src/activities/records';
import { processedIndexKey } from '../../src/layout/log-keys';
import { createGlueCatalogue } from '../../src/adapters/glue-catalogue';
import type { WriteCuratedPartTask } from '../../src/engine/tasks';
import { failureOf, must } from '../adapters/test-buckets';
import { Bench, FOLDERS, type Attempts } from './bench';
import { createTellingEngine } from './engine-in-process';
import { toArchived, toProcessed, toPublished } from './take-through';
import type { DeliveryRef } from '../../src/layout/delivery';

const TABLES = `a: table({ columns: { id: column.int64() } }),`;
let bench: Bench;
let made: WriteCuratedPartTask[];
let next = 0;

beforeEach(async () => {
  bench = await Bench.create({ tables: TABLES });
  made = [];
  next = 0;
});
afterEach(() => bench.close());

/** The activities of a run, whose engine tells which parts it makes. */
function runCounting(runId?: string): Attempts {
  const counting = createTellingEngine({ pipelines: bench.pipelines, store: bench.store }, (task) =>
    made.push(task),
  );
  return runId === undefined ? bench.run({ engine: counting }) : bench.run({ engine: counting }, runId);
}

async function landAndTake(): Promise<DeliveryRef> {
  await bench.land('a-data/x.csv', `id\n${(next += 1)}\n`);
  return bench.take();
}

async function publishNext(): Promise<DeliveryRef> {
  const delivery = await landAndTake();
  await toPublished(runCounting(), delivery);
  return delivery;
}

async function processNext(): Promise<{ run: Attempts; delivery: DeliveryRef }> {
  const delivery = await landAndTake();
  const run = runCounting();
  await toProcessed(run, delivery, await toArchived(run, delivery));
  return { run, delivery };
}

/** As if the attempt that made the parts had been killed before it could say so. */
async function curateUnrecorded(step: { run: Attempts; delivery: DeliveryRef }): Promise<void> {
  const before = await bench.keys('log');
  await curate(step);
  const records = (await bench.keys('log')).filter((key) => !before.includes(key));
  for (const key of records) await bench.erase('log', key);
}

const rowsMade = (): number[] => made.map(({ inputs }) => inputs.length);
const curate = ({ run, delivery }: { run: Attempts; delivery: DeliveryRef }) =>
  run.writeCurated({ ...delivery, table: 'a' });

test('only what a delivery adds is made; what readers see already is copied, until eight become one', async () => {
  for (let delivery = 0; delivery < 9; delivery += 1) await publishNext();
  expect(rowsMade()).toEqual([1, 1, 1, 1, 1, 1, 1, 8, 1]);
  const database = must(await createGlueCatalogue().readDatabase(bench.pipeline.database));
  expect(database.tables[0]?.parameters).toMatchObject({ 'landfall.rows': '9' });
});

test('the run says how many files it copied', async () => {
  await publishNext();
  const { run, delivery } = await processNext();
  await run.planCuration(delivery);
  expect(await curate({ run, delivery })).toMatchObject({ files: 2, rows: 2, reused: 1 });
});

test('a published part that is gone, or is another object by now, is made anew', async () => {
  for (const spoil of [
    (key: string) => bench.erase('curated', key),
    (key: string) => bench.put('curated', key, 'other'),
  ]) {
    await publishNext();
    const { run, delivery } = await processNext();
    await run.planCuration(delivery);
    for (const key of await bench.keys('curated')) await spoil(key);
    made = [];
    expect(await curate({ run, delivery })).toMatchObject({ reused: 0 });
    expect(made.length).toBeGreaterThan(1);
    await run.publishDatabase(delivery);
    await run.writeReport(delivery);
  }
});

test('an attempt goes on where the one before it was killed', async () => {
  await publishNext();
  const { run, delivery } = await processNext();
  await run.planCuration(delivery);
  await curateUnrecorded({ run, delivery });
  made = [];
  expect(await curate({ run: runCounting(run.runId), delivery })).toMatchObject({ files: 2, reused: 0 });
  expect(made).toEqual([]);
});

test('something else under the name of a part is neither taken nor written over', async () => {
  const { run, delivery } = await processNext();
  await run.planCuration(delivery);
  await curateUnrecorded({ run, delivery });
  const [key = ''] = await bench.keys('curated');
  await bench.put('curated', key, 'other');
  expect((await failureOf(curate({ run, delivery }))).message).toContain('holds other rows than table "a"');
  expect(String(await bench.pipeline.read('curated', key))).toBe('other');
});

test('another release makes all parts anew: their columns are others', async () => {
  await publishNext();
  await bench.release(`a: table({ columns: { id: column.int64() }, curated: { sortBy: ['id'] } }),`);
  made = [];
  await publishNext();
  expect(rowsMade()).toEqual([1, 1]);
});

test.each(["compression: 'snappy'", 'rowGroupRows: 1000', 'statistics: false', 'maxSourceBytes: 1000000'])(
  'no part is reused that was made otherwise: %s',
  async (option) => {
    await publishNext();
    await bench.release(`a: table({ columns: { id: column.int64() }, curated: { ${option} } }),`);
    made = [];
    await publishNext();
    expect(rowsMade()).toEqual([1, 1]);
  },
);

describe('the index of processed files', () => {
  const read = () => bench.pipeline.read('log', processedIndexKey(FOLDERS)).then(String);

  async function rowsPlanned(): Promise<number | undefined> {
    const run = bench.run();
    const [step] = await run.planCuration({ pipeline: bench.pipeline.name, fileLandTimestamp: 1 });
    return step?.rows;
  }

  test('may be deleted, or of another release', async () => {
    await publishNext();
    await publishNext();
    const index = await read();
    for (const text of [undefined, '{"layout":0,"deliveries":{}}']) {
      if (text === undefined) await bench.erase('log', processedIndexKey(FOLDERS));
      else await bench.put('log', processedIndexKey(FOLDERS), text);
      expect(await rowsPlanned()).toBe(2);
      expect(JSON.parse(await read())).toEqual(JSON.parse(index));
    }
  });

  test('is not believed of a record that was written anew', async () => {
    const delivery = await publishNext();
    const record = must(await bench.readRecord<ProcessedRecord>(delivery, 'processed'));
    const files = record.files.map((file) => ({
      ...file,
      objects: file.objects.map((object) => ({ ...object, rows: 5 })),
    }));
    await bench.writeRecord(delivery, 'processed', { ...record, files });
    expect(await rowsPlanned()).toBe(5);
  });

  test('forgets deliveries whose record is gone', async () => {
    const first = await publishNext();
    await publishNext();
    await bench.erase('log', bench.recordKey(first, 'processed'));
    expect(await rowsPlanned()).toBe(1);
  });
});
