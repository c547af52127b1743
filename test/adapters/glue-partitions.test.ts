import { randomUUID } from 'node:crypto';
import type { CatalogueDatabase, CatalogueTable } from '../../src/adapters/catalogue';
import { createGlueCatalogue } from '../../src/adapters/glue-catalogue';
import { recordCalls } from './record-calls';
import { failureOf } from './test-buckets';

const catalogue = createGlueCatalogue();

/** A snapshot with a partition for each value of one key. */
function snapshotOf(name: string, key: string, values: readonly string[]): CatalogueTable {
  const location = `s3://mojap-curated/production-environment/courts/cases/${name}/`;
  return {
    ...{ name: 'cases', location, parameters: {}, columns: [{ name: 'case_id', type: 'string' }] },
    partitionKeys: key.split('/').map((each) => ({ name: each, type: 'string' })),
    partitions: values.map((value) => ({
      values: value.split('/'),
      location: `${location}${key}=${value}/`,
    })),
  };
}

let database: string;
const declare = (table: CatalogueTable): CatalogueDatabase => ({ name: database, tables: [table] });
const registered = async (table: CatalogueTable): Promise<string[]> =>
  (await catalogue.readPartitions(database, table)).map(({ location }) => location).sort();

beforeEach(() => {
  database = `courts_${randomUUID().slice(0, 8)}`;
});

const FIRST = snapshotOf('1', 'court', ['York', 'Bath']);
const SECOND = snapshotOf('2', 'court', ['Bow', 'York']);

test('partitions follow their table: new ones, changed ones, and dropped ones last', async () => {
  await catalogue.publishDatabase(declare(FIRST));
  const { glue, calls } = recordCalls();
  await createGlueCatalogue({ glue }).publishDatabase(declare(SECOND));
  expect(calls.map(({ name }) => name)).toEqual([
    'UpdateTableCommand',
    'BatchCreatePartitionCommand',
    'BatchUpdatePartitionCommand',
    'DeletePartitionCommand',
  ]);
  expect(await registered(SECOND)).toEqual(SECOND.partitions?.map(({ location }) => location).sort());
});

test('those of other keys go before the table has the new ones: they have another number of values', async () => {
  await catalogue.publishDatabase(declare(FIRST));
  const { glue, calls } = recordCalls();
  const other = snapshotOf('2', 'court/year', ['York/2024']);
  await createGlueCatalogue({ glue }).publishDatabase(declare(other));
  const names = calls.map(({ name }) => name).filter((name) => /Table|Partition/.test(name));
  expect(names).toEqual([
    'DeletePartitionCommand',
    'DeletePartitionCommand',
    'UpdateTableCommand',
    'BatchCreatePartitionCommand',
  ]);
});

test('are left alone by whoever comes late, when another has moved the table on', async () => {
  await catalogue.publishDatabase(declare(FIRST));
  let overtaken = false;
  const late = recordCalls(async (name) => {
    // Just when its own table has moved.
    if (overtaken || name !== 'GetPartitionsCommand') return;
    overtaken = true;
    await catalogue.publishDatabase(declare(snapshotOf('3', 'court', ['Leeds'])));
  });
  const failure = await failureOf(createGlueCatalogue({ glue: late.glue }).publishDatabase(declare(SECOND)));
  expect(failure.name).toBe('ConflictError');
  expect(failure.message).toContain('was moved by somebody else before its partitions were registered');
  expect(await registered(SECOND)).toEqual([
    's3://mojap-curated/production-environment/courts/cases/3/court=Leeds/',
  ]);
});
