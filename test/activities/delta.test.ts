import { DeleteDatabaseCommand, GlueClient } from '@aws-sdk/client-glue';
import type { ObjectStore } from '../../src/adapters/object-store';
import type { WriteCuratedPartTask } from '../../src/engine/tasks';
import { UnavailableError } from '../../src/errors';
import type { DeliveryRef } from '../../src/layout/delivery';
import { failureOf, must } from '../adapters/test-buckets';
import { awsSettings } from '../../src/adapters/aws-settings';
import { Bench, type Attempts } from './bench';
import { createTellingEngine } from './engine-in-process';
import { readRows, readSnapshot } from './read-published';
import { toArchived, toCurated, toProcessed, toPublished } from './take-through';

const COLUMNS = `id: column.int64(), price: column.decimal(38, 4).nullable(), at: column.timestamp().nullable(),
  tags: column.array(column.string().nullable()).nullable()`;
const tableOf = (mode: string, columns = COLUMNS, curated = ''): string =>
  `a: table({ format: jsonLines(), files: { name: /.*/ }, columns: { ${columns} }, mode: '${mode}', ${curated} }),`;
const DELTA = tableOf('delta');
const SORTED = `curated: { sortBy: ['price'] }`;
const FIRST = 1_534_968_800;

let bench: Bench;
let made: WriteCuratedPartTask[] = [];
const open = async (tables = DELTA): Promise<Bench> =>
  (bench = await Bench.create({ hasRaw: false, tables }));
beforeEach(() => {
  made = [];
});
afterEach(() => bench.close());

/** The activities of a run, whose engine tells which parts it makes. */
function runOf(of = bench, store?: ObjectStore): Attempts {
  const counting = createTellingEngine({ pipelines: of.pipelines, store: of.store }, (task) =>
    made.push(task),
  );
  return of.run({ engine: counting, ...(store ? { store } : {}) });
}

/** Rows of a delivery that no other has; the prices of all are the same few. */
const linesOf = (place: number): string =>
  [
    `{"id":${place},"price":${place % 3}.5,"at":"2024-01-01T00:00:00.00000${place % 10}","tags":["",null]}`,
    `{"id":${-place},"price":null,"at":null,"tags":null}`,
    `{"id":9007199254740993,"price":1.5,"at":"1969-12-31T23:59:59","tags":[]}`,
    '',
  ].join('\n');

async function land(place: number, of = bench): Promise<DeliveryRef> {
  await of.land('a-data/x.jsonl', linesOf(place));
  return of.take({ requested: FIRST + place });
}

async function publish(place: number, of = bench): Promise<DeliveryRef> {
  const delivery = await land(place, of);
  await toPublished(runOf(of), delivery);
  return delivery;
}

/** All but the clean-up, as when the run was ended before it. */
async function publishOnly(place: number): Promise<{ delivery: DeliveryRef; run: Attempts }> {
  const delivery = await land(place);
  const run = runOf();
  await toProcessed(run, delivery, await toArchived(run, delivery));
  await toCurated(run, delivery);
  await run.publishDatabase(delivery);
  await run.writeReport(delivery);
  return { delivery, run };
}

const idsOf = (rows: string[]): number[] =>
  rows.filter((row) => !row.startsWith('--')).map((row) => (JSON.parse(row) as { id: number }).id);
const processed = (): Promise<string[]> => bench.keys('processed');

test.each([
  ['in their order', ''],
  ['sorted', SORTED],
])(
  'the rows are those of a rebuild, %s, long after what was processed is deleted',
  async (_name, curated) => {
    const rebuild = await open(tableOf('rebuild', COLUMNS, curated));
    const delta = await open(tableOf('delta', COLUMNS, curated));
    let last: DeliveryRef | undefined;
    for (let place = 0; place < 9; place += 1) {
      made = [];
      last = await publish(place, delta);
      expect(await processed()).toEqual([]);
      expect(await delta.readRecord(last, 'emptied')).toMatchObject({ deleted: 1, kept: 0 });
      await publish(place, rebuild);
      if (place !== 7) continue;
      const merged = made.find(({ target }) => target.bucket === delta.pipeline.areas.curated);
      expect(merged?.inputs.map((input) => 'first' in input)).toEqual([
        ...Array<boolean>(7).fill(true),
        false,
      ]);
    }
    expect(await readRows(delta, must(last))).toEqual(await readRows(rebuild, must(last)));
    rebuild.close();
  },
);

describe('what was processed', () => {
  test('is deleted by the next run, where a run ended before it could', async () => {
    await open();
    const { delivery, run } = await publishOnly(0);
    expect(await processed()).toHaveLength(1);
    const next = await publish(1);
    expect(await processed()).toEqual([]);
    expect(await bench.readRecord(delivery, 'emptied')).toMatchObject({ deleted: 1 });
    // And the first run’s attempt, which wakes up now.
    await run.deleteFromProcessed(delivery);
    expect(idsOf(await readRows(bench, next))).toHaveLength(6);
  });

  test('is deleted by the attempt after one that failed in the middle', async () => {
    await open();
    await bench.land('a-data/y.jsonl', linesOf(5));
    const { delivery, run } = await publishOnly(0);
    let deletions = 0;
    const failing: ObjectStore = {
      ...bench.store,
      delete: (...call) => {
        if ((deletions += 1) === 2)
          return Promise.reject(new UnavailableError({ happened: 'Away.', next: 'Wait.' }));
        return bench.store.delete(...call);
      },
    };
    expect(
      (await failureOf(bench.run({ store: failing }, run.runId).deleteFromProcessed(delivery))).name,
    ).toBe('UnavailableError');
    expect(await processed()).toHaveLength(1);
    expect(await bench.readRecord(delivery, 'emptied')).toBeUndefined();
    await run.deleteFromProcessed(delivery);
    expect(await processed()).toEqual([]);
    const before = await bench.objects();
    await run.deleteFromProcessed(delivery);
    expect(await bench.objects()).toEqual(before);
  });

  test('is not there again after an attempt that wakes up late', async () => {
    await open();
    const { delivery, run } = await publishOnly(0);
    await run.deleteFromProcessed(delivery);
    await run.transformFiles({ ...delivery, batch: 0 });
    expect(await processed()).toEqual([]);
  });

  test('stays until readers see it', async () => {
    await open();
    await publish(0);
    const delivery = await land(1);
    const run = runOf();
    await toProcessed(run, delivery, await toArchived(run, delivery));
    await toCurated(run, delivery);
    expect(await run.deleteFromProcessed(delivery)).toEqual({ deleted: 0, kept: 1 });
    await run.transformFiles({ ...delivery, batch: 0 });
    expect(await processed()).toHaveLength(1);
    await run.publishDatabase(delivery);
    expect(await run.deleteFromProcessed(delivery)).toEqual({ deleted: 1, kept: 0 });
  });

  test('stays where the published file is not what was written', async () => {
    await open();
    const { delivery, run } = await publishOnly(0);
    const [part] = (await readSnapshot(bench, delivery)).parts;
    const { metadata } = must(
      await bench.store.head({ bucket: bench.pipeline.areas.curated, key: part?.key ?? '' }),
    );
    await bench.put('curated', part?.key ?? '', 'x'.repeat(part?.bytes ?? 0), metadata);
    const failure = await failureOf(run.deleteFromProcessed(delivery));
    expect(failure.name).toBe('IntegrityError');
    expect(failure.message).toContain('is missing or is not what was written');
    expect(await processed()).toHaveLength(1);
  });

  test('stays where another object has taken its place', async () => {
    await open();
    const { delivery, run } = await publishOnly(0);
    const [key = ''] = await processed();
    await bench.put('processed', key, 'other');
    expect(await run.deleteFromProcessed(delivery)).toEqual({ deleted: 0, kept: 1 });
    expect(String(await bench.pipeline.read('processed', key))).toBe('other');
  });
});

test('a delivery that is processed again takes its own place, among rows of others that are in curated alone', async () => {
  await open();
  for (let place = 0; place < 8; place += 1) await publish(place);
  await bench.release(DELTA, 'v2');
  await toPublished(runOf(), { pipeline: bench.pipeline.name, fileLandTimestamp: FIRST + 3 });
  expect(await processed()).toEqual([]);
  const delivery = { pipeline: bench.pipeline.name, fileLandTimestamp: FIRST + 3 };
  const rows = (await readRows(bench, delivery))
    .slice(1)
    .map((row) => JSON.parse(row) as Record<string, unknown>);
  expect(rows.map((row) => row['file_land_timestamp'])).toEqual(
    Array.from({ length: 24 }, (_, at) => FIRST + Math.floor(at / 3)),
  );
  expect(rows.filter((row) => row['etl_version'] === 'v2')).toHaveLength(3);
});

describe('the mode may change', () => {
  test('from rebuild to delta: what was kept stays, and from then on is deleted', async () => {
    await open(tableOf('rebuild'));
    for (let place = 0; place < 4; place += 1) await publish(place);
    await bench.release(DELTA);
    let last = await publish(4);
    expect(await processed()).toHaveLength(4);
    for (let place = 5; place < 8; place += 1) last = await publish(place);
    expect(await processed()).toHaveLength(4);
    expect(idsOf(await readRows(bench, last)).filter((id) => id > 0 && id < 9)).toEqual([
      1, 2, 3, 4, 5, 6, 7,
    ]);
  });

  test('from delta to rebuild: rows that are in curated alone are taken from there', async () => {
    await open();
    for (let place = 0; place < 4; place += 1) await publish(place);
    await bench.release(tableOf('rebuild'));
    let last = await publish(4);
    for (let place = 5; place < 8; place += 1) last = await publish(place);
    expect(await processed()).toHaveLength(4);
    const fromCurated = made.at(-1)?.inputs.map((input) => 'first' in input);
    expect(fromCurated).toEqual([true, true, true, true, false, false, false, false]);
    expect(idsOf(await readRows(bench, last)).filter((id) => id > 0 && id < 9)).toEqual([
      1, 2, 3, 4, 5, 6, 7,
    ]);
  });
});

describe('another declaration', () => {
  test('may have another column, which is null in rows that were published', async () => {
    await open();
    await publish(0);
    await bench.release(tableOf('delta', `extra: column.string().nullable(), ${COLUMNS}`));
    await bench.land('a-data/x.jsonl', '{"id":1,"extra":"x"}\n');
    const delivery = await bench.take({ requested: FIRST + 1 });
    await toPublished(runOf(), delivery);
    const rows = (await readRows(bench, delivery)).filter((row) => !row.startsWith('--'));
    expect(rows.map((row) => (JSON.parse(row) as { extra: unknown }).extra)).toEqual([null, null, null, 'x']);
  });

  test.each(['delta', 'rebuild'])('may not change what is in curated alone, in mode %s', async (mode) => {
    await open();
    const before = await publish(0);
    await bench.release(tableOf(mode, COLUMNS.replace('38, 4', '38, 5')));
    const delivery = await land(1);
    const run = runOf();
    await toProcessed(run, delivery, await toArchived(run, delivery));
    const failure = await failureOf(toCurated(run, delivery));
    expect(failure.name).toBe('DefinitionError');
    expect(failure.message).toMatch(
      /rows of delivery 1534968800 .* column "price" is of the type decimal\(38,4\), and is declared as decimal\(38,5\) now.* Nothing was published.* Declare the table as it was/,
    );
    await bench.release(tableOf(mode));
    await toPublished(runOf(), delivery);
    expect(idsOf(await readRows(bench, delivery))).toHaveLength(6);
    expect(before.fileLandTimestamp).toBe(FIRST);
  });
});

test('a Glue database that somebody deletes takes no rows with it', async () => {
  await open();
  await publish(0);
  await new GlueClient(awsSettings()).send(new DeleteDatabaseCommand({ Name: bench.pipeline.database }));
  expect(idsOf(await readRows(bench, await publish(1)))).toHaveLength(6);
});

test('rows that are nowhere are told, and readers see what they saw', async () => {
  await open();
  await publish(0);
  for (const key of await bench.keys('curated')) await bench.erase('curated', key);
  const delivery = await land(1);
  const run = runOf();
  await toProcessed(run, delivery, await toArchived(run, delivery));
  const failure = await failureOf(toCurated(run, delivery));
  expect(failure.name).toBe('IntegrityError');
  expect(failure.message).toContain('no Parquet file that holds them is as it was recorded');
});
