import { DeleteDatabaseCommand, GlueClient } from '@aws-sdk/client-glue';
import { awsSettings } from '../../src/adapters/aws-settings';
import { failureOf, must } from '../adapters/test-buckets';
import type { ProcessedRecord } from '../../src/activities/records';
import type { PublicationReport } from '../../src/activities/report/report';
import { createGlueCatalogue } from '../../src/adapters/glue-catalogue';
import type { CatalogueDatabase } from '../../src/adapters/catalogue';
import type { DeliveryRef } from '../../src/layout/delivery';
import { Bench, type Attempts } from './bench';
import { toArchived, toCurated, toProcessed, toPublished } from './take-through';

const A = `a: table({ description: 'Things', columns: { id: column.int64(), price: column.decimal(12, 2).nullable() }, primaryKey: ['id'] }),`;
const B = `b: table({ files: { required: false }, columns: { id: column.int64() } }),`;
const GIVEN = 1_534_968_800;

const catalogue = createGlueCatalogue();
let bench: Bench;
let run: Attempts;
let delivery: DeliveryRef;

beforeEach(async () => {
  bench = await Bench.create({ tables: A + B });
  await bench.land('a-data/x.csv', 'id,price\n1,0.50\n2,\n');
  delivery = await bench.take({ requested: GIVEN });
  run = bench.run();
});
afterEach(() => bench.close());

const readDatabase = async (): Promise<CatalogueDatabase> =>
  must(await catalogue.readDatabase(bench.pipeline.database));
const tableNames = async (): Promise<string[]> => (await readDatabase()).tables.map(({ name }) => name);

describe('the Glue database', () => {
  test('equals its declaration, and publishing again changes nothing', async () => {
    await toPublished(run, delivery);
    const first = await readDatabase();
    expect(first.tables).toMatchObject([
      {
        name: 'a',
        description: 'Things',
        columns: [
          { name: 'id', type: 'bigint' },
          { name: 'price', type: 'decimal(12,2)' },
          { name: 'etl_version', type: 'string' },
          { name: 'source_file', type: 'string' },
          { name: 'file_land_timestamp', type: 'bigint' },
        ],
        partitionKeys: [],
        parameters: {
          'landfall.version': 'v1.2.3',
          'landfall.rows': '2',
          'landfall.file_land_timestamp': String(GIVEN),
          primary_key: 'id',
        },
      },
      { name: 'b', parameters: { 'landfall.rows': '0' } },
    ]);
    const [part = ''] = await bench.keys('curated');
    expect(first.tables[0]?.location).toBe(
      `s3://${bench.pipeline.areas.curated}/${part.replace('data-part-0.parquet', '')}`,
    );
    await run.publishDatabase(delivery);
    expect(await readDatabase()).toEqual(first);
  });

  test('loses what is not declared: a stranger’s table, and one that the code no longer has', async () => {
    await toPublished(run, delivery);
    const { tables } = await readDatabase();
    const stranger = { ...must(tables[0]), name: 'stranger' };
    await catalogue.publishDatabase({ name: bench.pipeline.database, tables: [...tables, stranger] });
    expect(await tableNames()).toContain('stranger');
    await bench.release(A);
    await bench.land('a-data/y.csv', 'id,price\n3,1.00\n');
    const next = await bench.take();
    const result = await toPublished(bench.run(), next);
    expect(await tableNames()).toEqual(['a']);
    const report = await bench.readRecord<PublicationReport>(next, 'published');
    expect(report?.glue.dropped.sort()).toEqual(['b', 'stranger']);
    expect(result.tables).toMatchObject([{ table: 'a', landed: 1, published: 3 }]);
  });

  test('is not touched where another pipeline has published it', async () => {
    const other = await Bench.create({ tables: A, options: `database: '${bench.pipeline.database}',` });
    await toPublished(run, delivery);
    const before = await readDatabase();
    await other.land('a-data/x.csv', 'id,price\n9,9.00\n');
    const failure = await failureOf(toPublished(other.run(), await other.take()));
    expect(failure.message).toContain(`is published by pipeline "${bench.pipeline.name}"`);
    expect(await readDatabase()).toEqual(before);
    other.close();
  });

  test('is dropped and made again, where the pipeline wants it so', async () => {
    const again = await Bench.create({ tables: A + B, options: `publishing: 'drop-and-recreate',` });
    for (const rows of ['1,0.50', '2,1.00']) {
      await again.land('a-data/x.csv', `id,price\n${rows}\n`);
      const next = await again.take();
      await toPublished(again.run(), next);
      const report = await again.readRecord<PublicationReport>(next, 'published');
      expect(report?.glue).toEqual({ created: ['a', 'b'], updated: [], unchanged: [], dropped: [] });
    }
    const { tables } = must(await catalogue.readDatabase(again.pipeline.database));
    expect(tables.map(({ name, parameters }) => [name, parameters['landfall.rows']])).toEqual([
      ['a', '2'],
      ['b', '0'],
    ]);
    again.close();
  });

  test('is made again by the attempt after one that was killed when it was gone', async () => {
    const again = await Bench.create({ tables: A + B, options: `publishing: 'drop-and-recreate',` });
    await again.land('a-data/x.csv', 'id,price\n1,0.50\n');
    const first = await again.take();
    const attempts = again.run();
    await toPublished(attempts, first);
    await new GlueClient(awsSettings()).send(new DeleteDatabaseCommand({ Name: again.pipeline.database }));
    await attempts.publishDatabase(first);
    expect((await catalogue.readDatabase(again.pipeline.database))?.tables).toHaveLength(2);
    again.close();
  });

  test('is not moved back by an attempt that wakes up after a later delivery was processed, or published', async () => {
    await toPublished(run, delivery);
    await bench.land('a-data/y.csv', 'id,price\n3,1.00\n');
    const next = { run: bench.run(), delivery: await bench.take() };
    const plan = await toArchived(next.run, next.delivery);
    await toProcessed(next.run, next.delivery, plan);
    const before = await readDatabase();
    expect((await failureOf(run.publishDatabase(delivery))).message).toContain(
      'something else was processed',
    );
    expect(await readDatabase()).toEqual(before);
    await toCurated(next.run, next.delivery);
    await next.run.publishDatabase(next.delivery);
    const after = await readDatabase();
    expect(after.tables[0]?.parameters).toMatchObject({ 'landfall.rows': '3' });
    expect((await failureOf(run.publishDatabase(delivery))).name).toBe('IntegrityError');
    expect(await readDatabase()).toEqual(after);
  });

  test('is not moved back by one that had looked at the tables just before the later one moved them', async () => {
    await toPublished(run, delivery);
    await bench.land('a-data/y.csv', 'id,price\n3,1.00\n');
    const next = await bench.take();
    // The late attempt stands still between its look at the later delivery's records and its update.
    const late = bench.run(
      {
        catalogue: {
          ...catalogue,
          publishDatabase: (database, options) =>
            catalogue.publishDatabase(
              // An attempt of its own snapshot: that it differs is what makes it dangerous.
              { ...database, tables: database.tables.map((each) => ({ ...each, description: 'late' })) },
              {
                ...options,
                confirm: async (existing) => {
                  await options?.confirm?.(existing);
                  await toPublished(bench.run(), next);
                },
              },
            ),
        },
      },
      run.runId,
    );
    expect((await failureOf(late.publishDatabase(delivery))).name).toBe('ConflictError');
    expect((await readDatabase()).tables[0]).toMatchObject({
      description: 'Things',
      parameters: { 'landfall.rows': '3' },
    });
  });

  test('is not touched for a snapshot that was not recorded as complete', async () => {
    const plan = await toArchived(run, delivery);
    await toProcessed(run, delivery, plan);
    await run.planCuration(delivery);
    await run.writeCurated({ ...delivery, table: 'a' });
    expect((await failureOf(run.publishDatabase(delivery))).message).toMatch(/snapshots\/b\/.* is missing/);
    expect(await catalogue.readDatabase(bench.pipeline.database)).toBeUndefined();
  });
});

describe('the report', () => {
  test('accounts for every row of every file, and is the same when it is written again', async () => {
    const result = await toPublished(run, delivery);
    const report = await bench.readRecord<PublicationReport>(delivery, 'published');
    expect(report).toMatchObject({
      result,
      files: [{ table: 'a', bytes: 19, rows: { landed: 2, processed: 2, rejected: 0, addedByTransform: 0 } }],
      glue: { created: ['a', 'b'] },
    });
    await run.publishDatabase(delivery);
    expect(await run.writeReport(delivery)).toEqual(result);
    expect(await bench.readRecord(delivery, 'published')).toEqual(report);
  });

  test('is not written when a row is not accounted for', async () => {
    await toPublished(run, delivery);
    await bench.erase('log', bench.recordKey(delivery, 'published'));
    const processed = must(await bench.readRecord<ProcessedRecord>(delivery, 'processed'));
    const files = processed.files.map((file) => ({
      ...file,
      objects: file.objects.map((object) => ({ ...object, rows: object.rows - 1 })),
    }));
    await bench.writeRecord(delivery, 'processed', { ...processed, files });
    const failure = await failureOf(run.writeReport(delivery));
    expect(failure.name).toBe('IntegrityError');
    expect(failure.message).toContain('2 rows landed, 1 are processed');
    expect(await bench.readRecord(delivery, 'published')).toBeUndefined();
  });

  test('is not written before the database is published', async () => {
    const plan = await toArchived(run, delivery);
    await toProcessed(run, delivery, plan);
    await toCurated(run, delivery);
    expect((await failureOf(run.writeReport(delivery))).message).toContain('glue/0.json is missing');
  });
});
