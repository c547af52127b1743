import { DeleteDatabaseCommand, GlueClient } from '@aws-sdk/client-glue';
import { failureOf, must } from '../adapters/test-buckets';
import { createGlueCatalogue } from '../../src/adapters/glue-catalogue';
import type { CatalogueDatabase } from '../../src/adapters/catalogue';
import type { RecreateResult } from '../../src/layout/maintenance';
import { Bench } from './bench';
import { toPublished } from './take-through';

const TABLES = `a: table({ description: 'Things', columns: { id: column.int64(), price: column.decimal(12, 2).nullable() }, primaryKey: ['id'] }),
  b: table({ files: { required: false }, columns: { id: column.int64() } }),`;

const catalogue = createGlueCatalogue();
const glue = new GlueClient({});
let bench: Bench;
let before: CatalogueDatabase;

beforeEach(async () => {
  bench = await Bench.create({ tables: TABLES, options: "description: 'All of it'," });
  for (const requested of [1000, 2000]) {
    await bench.land('a-data/x.csv', `id,price\n${requested},0.50\n`);
    await toPublished(bench.run(), await bench.take({ requested }));
  }
  before = await readDatabase();
});
afterEach(() => bench.close());

async function readDatabase(): Promise<CatalogueDatabase> {
  const database = must(await catalogue.readDatabase(bench.pipeline.database));
  return { ...database, tables: [...database.tables].sort((a, b) => (a.name < b.name ? -1 : 1)) };
}
const recreate = (dryRun = false): Promise<RecreateResult> =>
  bench.run().recreateDatabase({ pipeline: bench.pipeline.name, dryRun });
const deleteDatabase = () => glue.send(new DeleteDatabaseCommand({ Name: bench.pipeline.database }));

test('a database that was deleted by hand is as before, and nothing else is touched', async () => {
  const objects = await bench.objects();
  await deleteDatabase();
  expect(await recreate(true)).toMatchObject({ dryRun: true, tables: { created: ['a', 'b'] } });
  expect(await catalogue.readDatabase(bench.pipeline.database)).toBeUndefined();
  expect(await recreate()).toMatchObject({
    ...{ kind: 'recreate', dryRun: false, fileLandTimestamp: 2000 },
    tables: { created: ['a', 'b'], updated: [], unchanged: [], dropped: [] },
  });
  expect(await readDatabase()).toEqual(before);
  expect(before).toMatchObject({ description: 'All of it' });
  expect(await bench.objects()).toEqual(objects);
  expect(await recreate()).toMatchObject({ tables: { unchanged: ['a', 'b'] } });
});

test('tables that are partly there: one missing, one altered, one of nobody', async () => {
  const [, b] = before.tables;
  const altered = { ...must(b), description: 'by hand', columns: [] };
  await catalogue.publishDatabase({ ...before, tables: [altered, { ...must(b), name: 'mine' }] });
  expect(await recreate()).toMatchObject({
    tables: { created: ['a'], updated: ['b'], unchanged: [], dropped: ['mine'] },
  });
  expect(await readDatabase()).toEqual(before);
});

test('after a rollback it is what was rolled back to', async () => {
  const run = bench.run();
  const request = {
    ...{ kind: 'rollback' as const, pipeline: bench.pipeline.name, dryRun: false, by: 'Ann', why: 'a test' },
  };
  await run.planRollback(request);
  await run.rollBackTables(request);
  const rolledBack = await readDatabase();
  expect(rolledBack).not.toEqual(before);
  await deleteDatabase();
  expect(await recreate()).toMatchObject({ fileLandTimestamp: 1000 });
  expect(await readDatabase()).toEqual(rolledBack);
});

test('is refused with words where a file is gone, or nothing was published', async () => {
  await deleteDatabase();
  for (const key of await bench.keys('curated')) await bench.erase('curated', key);
  expect((await failureOf(recreate())).message).toContain('is not there');
  expect(await catalogue.readDatabase(bench.pipeline.database)).toBeUndefined();
  const empty = await Bench.create({ tables: TABLES });
  const failure = await failureOf(
    empty.run().recreateDatabase({ pipeline: empty.pipeline.name, dryRun: false }),
  );
  expect(failure.message).toContain('No publish of pipeline');
  empty.close();
});
