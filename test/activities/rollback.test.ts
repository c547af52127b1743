import { randomUUID } from 'node:crypto';
import { failureOf, must } from '../adapters/test-buckets';
import { createGlueCatalogue } from '../../src/adapters/glue-catalogue';
import type { CatalogueDatabase } from '../../src/adapters/catalogue';
import type { PublicationReport } from '../../src/activities/report/report';
import { UnavailableError } from '../../src/errors';
import { publishRecordKey } from '../../src/layout/log-keys';
import type { DeliveryRef } from '../../src/layout/delivery';
import type { RollbackResult } from '../../src/layout/maintenance';
import { Bench, FOLDERS, type Attempts } from './bench';
import { toArchived, toCurated, toProcessed, toPublished } from './take-through';

const A = `a: table({ description: 'Things', columns: { id: column.int32() }, primaryKey: ['id'] }),`;
const B = `b: table({ files: { required: false }, columns: { id: column.int64() } }),`;
const A_CHANGED = `a: table({ files: { required: false }, columns: { id: column.int64({ description: 'Wide' }) } }),`;
const C = `c: table({ files: { required: false }, columns: { id: column.int64() } }),`;

const catalogue = createGlueCatalogue();
let bench: Bench;
let last: Attempts;

beforeEach(async () => {
  bench = await Bench.create({ tables: A + B });
});
afterEach(() => bench.close());

async function publish(requested: number): Promise<DeliveryRef> {
  await bench.land('a-data/x.csv', `id\n${requested}\n`);
  last = bench.run();
  const delivery = await bench.take({ requested });
  await toPublished(last, delivery);
  return delivery;
}

const request = (to?: number) => ({
  ...{ kind: 'rollback' as const, pipeline: bench.pipeline.name, dryRun: false, by: 'Ann', why: 'test data' },
  ...(to === undefined ? {} : { to }),
});

async function rollBack(to?: number, run = bench.run()): Promise<RollbackResult> {
  await run.planRollback(request(to));
  return run.rollBackTables(request(to));
}

const readDatabase = async (): Promise<CatalogueDatabase> => {
  const database = must(await catalogue.readDatabase(bench.pipeline.database));
  return { ...database, tables: [...database.tables].sort((a, b) => (a.name < b.name ? -1 : 1)) };
};

describe('a rollback', () => {
  test('gives every table as it was: definitions, tables made since and tables dropped since', async () => {
    await publish(1000);
    const first = await readDatabase();
    await bench.release(A_CHANGED + C, 'v2.0.0');
    await publish(2000);
    const second = await readDatabase();
    expect(second.tables.map(({ name }) => name)).toEqual(['a', 'c']);
    const curated = await bench.keys('curated');
    expect(await rollBack()).toMatchObject({
      ...{ kind: 'rollback', from: 2000, fileLandTimestamp: 1000, files: 2 },
      tables: { created: ['b'], updated: ['a'], unchanged: [], dropped: ['c'] },
    });
    expect(await readDatabase()).toEqual(first);
    expect(await bench.keys('curated')).toEqual(curated);
    // And forward again, by its timestamp.
    expect(await rollBack(2000)).toMatchObject({ from: 1000, fileLandTimestamp: 2000 });
    expect(await readDatabase()).toEqual(second);
  });

  test('twice goes back twice, counted from what it went back to; then there is nothing', async () => {
    for (const requested of [1000, 2000, 3000]) await publish(requested);
    expect(await rollBack()).toMatchObject({ from: 3000, fileLandTimestamp: 2000 });
    expect(await rollBack()).toMatchObject({ from: 2000, fileLandTimestamp: 1000 });
    const before = await readDatabase();
    const failure = await failureOf(rollBack());
    expect(failure.name).toBe('UsageError');
    expect(failure.message).toContain('Nothing else was published before delivery 1000');
    expect(await rollBack(1000)).toMatchObject({ tables: { unchanged: ['a', 'b'], updated: [] } });
    expect(await readDatabase()).toEqual(before);
  });

  test('goes over a publish that never completed', async () => {
    await publish(1000);
    await bench.land('a-data/x.csv', `id\n2\n`);
    const delivery = await bench.take({ requested: 2000 });
    const run = bench.run();
    await toProcessed(run, delivery, await toArchived(run, delivery));
    await toCurated(run, delivery);
    await run.publishDatabase(delivery);
    expect(await rollBack()).toMatchObject({ from: 2000, fileLandTimestamp: 1000 });
    expect((await failureOf(rollBack(2000))).message).toContain('has published no delivery 2000');
  });

  test('is refused with words: a timestamp that never was, Glue as nobody left it, no record of definitions', async () => {
    const first = await publish(1000);
    await publish(2000);
    const before = await readDatabase();
    const never = await failureOf(rollBack(1234));
    expect(never.name).toBe('UsageError');
    expect(never.message).toMatch(/has published no delivery 1234\. Its latest: 2000, 1000\./);
    const report = must(await bench.readRecord<PublicationReport>(first, 'published'));
    const { publish: _number, ...old } = report;
    await bench.writeRecord(first, 'published', old);
    expect((await failureOf(rollBack(1000))).message).toContain('did not record what Glue declared');
    expect(await readDatabase()).toEqual(before);
    await catalogue.publishDatabase({ ...before, tables: before.tables.slice(0, 1) });
    expect((await failureOf(rollBack())).message).toContain('as no recorded publish');
    expect((await readDatabase()).tables).toHaveLength(1);
  });

  test('is refused, and nothing moves, when a file of the target is gone or another', async () => {
    await publish(1000);
    const [part = ''] = await bench.keys('curated');
    await publish(2000);
    const before = await readDatabase();
    const content = await bench.pipeline.read('curated', part);
    // As long as what was recorded, and not it.
    await bench.put('curated', part, content.toString('latin1').slice(0, content.length));
    const altered = await failureOf(rollBack());
    expect(altered.name).toBe('IntegrityError');
    expect(altered.message).toContain(`${part} is another object`);
    await bench.erase('curated', part);
    expect((await failureOf(rollBack())).message).toContain(`${part} is not there`);
    expect(await readDatabase()).toEqual(before);
  });

  test('that was ended in the middle goes on when it is called again, to the same publish', async () => {
    await publish(1000);
    const first = await readDatabase();
    await bench.release(A + B.replace('column.int64()', 'column.string()'));
    await publish(2000);
    const runId = randomUUID();
    const isHalf = { ...first, tables: first.tables.slice(0, 1) };
    const half = bench.run(
      {
        catalogue: {
          ...catalogue,
          // One of the tables is moved, and the worker is gone.
          publishDatabase: async (declared, options) => {
            const { tables } = await readDatabase();
            await catalogue.publishDatabase(
              { ...declared, tables: [...isHalf.tables, ...tables.slice(1)] },
              options,
            );
            throw new UnavailableError({ happened: 'It was killed.', next: 'Go on.' });
          },
        },
      },
      runId,
    );
    await failureOf(rollBack(undefined, half));
    expect(await readDatabase()).not.toEqual(first);
    const again = bench.run({}, runId);
    expect(await rollBack(undefined, again)).toMatchObject({ from: 2000, fileLandTimestamp: 1000 });
    expect(await readDatabase()).toEqual(first);
  });
});

describe('who comes late', () => {
  test('a run’s publish that wakes up after a rollback does not move its readers forward', async () => {
    await publish(1000);
    const delivery = await publish(2000);
    await rollBack();
    const before = await readDatabase();
    const failure = await failureOf(last.publishDatabase(delivery));
    expect(failure.name).toBe('IntegrityError');
    expect(failure.message).toContain('rolled back');
    expect(await readDatabase()).toEqual(before);
  });

  test('a rollback that wakes up after the next publish does not move its readers back', async () => {
    await publish(1000);
    await publish(2000);
    const late = bench.run();
    await rollBack(undefined, late);
    await publish(3000);
    const before = await readDatabase();
    expect((await failureOf(late.rollBackTables(request()))).message).toContain(
      'something else was published',
    );
    const neverBegun = bench.run();
    await neverBegun.planRollback(request(1000));
    await publish(4000);
    expect((await failureOf(neverBegun.rollBackTables(request(1000)))).name).toBe('IntegrityError');
    expect(before.tables[0]?.parameters['landfall.rows']).toBe('3');
    expect((await readDatabase()).tables[0]?.parameters['landfall.rows']).toBe('4');
  });
});

test('what a rollback did, by whom and why, is recorded', async () => {
  await publish(1000);
  await publish(2000);
  await rollBack();
  const key = publishRecordKey(FOLDERS, 3);
  const record: unknown = JSON.parse((await bench.pipeline.read('log', key)).toString());
  expect(record).toMatchObject({ kind: 'rollback', fileLandTimestamp: 1000, by: 'Ann', why: 'test data' });
});
