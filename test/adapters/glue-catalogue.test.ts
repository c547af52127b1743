import { randomUUID } from 'node:crypto';
import {
  CreateTableCommand,
  GetTableCommand,
  GlueClient,
  UpdateTableCommand,
  type StorageDescriptor,
  type Table,
  type TableInput,
} from '@aws-sdk/client-glue';
import { awsSettings } from '../../src/adapters/aws-settings';
import type { CatalogueDatabase, CatalogueTable } from '../../src/adapters/catalogue';
import { createGlueCatalogue } from '../../src/adapters/glue-catalogue';
import { ConflictError } from '../../src/errors';
import { recordCalls } from './record-calls';
import { failureOf, must } from './test-buckets';

const glue = new GlueClient(awsSettings());
const catalogue = createGlueCatalogue({ glue });

const declareTable = (name: string, overrides: Partial<CatalogueTable> = {}): CatalogueTable => ({
  name,
  description: `The ${name} of the courts`,
  columns: [
    { name: 'case_id', type: 'string', comment: 'Leading zeros matter' },
    { name: 'fine', type: 'decimal(12,2)' },
  ],
  partitionKeys: [{ name: 'day', type: 'date' }],
  location: `s3://mojap-curated/production-environment/courts/${name}/1/`,
  parameters: { 'landfall.version': 'v1.2.3', 'landfall.rows': '12' },
  ...overrides,
});
const declareDatabase = (...tables: CatalogueTable[]): CatalogueDatabase => ({
  name: `courts_${randomUUID().slice(0, 8)}`,
  description: 'Court cases',
  tables,
});

test('what is published is read back as it was declared', async () => {
  const declared = declareDatabase(declareTable('cases'), {
    ...declareTable('plain', { partitionKeys: [], parameters: {} }),
    columns: [{ name: 'a', type: 'array<int>' }],
  });
  expect(await catalogue.readDatabase(declared.name)).toBeUndefined();

  const changes = await catalogue.publishDatabase(declared);

  expect(changes).toEqual({ created: ['cases', 'plain'], updated: [], unchanged: [], dropped: [] });
  expect(await catalogue.readDatabase(declared.name)).toEqual(declared);
  expect(await catalogue.publishDatabase(declared)).toEqual({
    created: [],
    updated: [],
    unchanged: ['cases', 'plain'],
    dropped: [],
  });
});

test('a published table is an external Parquet table, as Athena reads it', async () => {
  const declared = declareDatabase(declareTable('cases'));
  await catalogue.publishDatabase(declared);

  const { Table } = await glue.send(new GetTableCommand({ DatabaseName: declared.name, Name: 'cases' }));

  expect(Table).toMatchObject({
    TableType: 'EXTERNAL_TABLE',
    Parameters: { classification: 'parquet', 'landfall.version': 'v1.2.3' },
    StorageDescriptor: {
      InputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
      OutputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
      SerdeInfo: {
        SerializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe',
        Parameters: { 'serialization.format': '1' },
      },
    },
  });
});

test('new tables are created first, the differing one is updated in place, undeclared ones are dropped last', async () => {
  const stale = Array.from({ length: 27 }, (_, i) => declareTable(`stale_${i}`));
  const before = declareDatabase(declareTable('same'), declareTable('moved'), ...stale);
  await catalogue.publishDatabase(before);
  const { VersionId } = await readTable(before.name, 'moved');
  const sent = recordCalls();

  const after = {
    ...before,
    description: 'Court cases, since 1900',
    tables: [
      declareTable('same'),
      declareTable('moved', { location: 's3://mojap-curated/2/' }),
      declareTable('new'),
    ],
  };
  const changes = await createGlueCatalogue({ glue: sent.glue }).publishDatabase(after);

  // The catalogue lists tables in an order of its own.
  expect({ ...changes, dropped: changes.dropped.sort() }).toEqual({
    created: ['new'],
    updated: ['moved'],
    unchanged: ['same'],
    dropped: stale.map(({ name }) => name).sort(),
  });
  expect(sent.calls.map(({ name }) => name)).toEqual([
    'UpdateDatabaseCommand',
    'CreateTableCommand',
    'UpdateTableCommand',
    'BatchDeleteTableCommand',
    'BatchDeleteTableCommand',
  ]);
  expect(sent.calls[2]?.input).toMatchObject({ VersionId, SkipArchive: true });
  const read = await catalogue.readDatabase(before.name);
  expect(byTableName(read)).toEqual(byTableName(after));
});

test.each<[string, (table: TableInput) => TableInput]>([
  ['a parameter', (table) => ({ ...table, Parameters: { ...table.Parameters, crawler: 'was here' } })],
  [
    'the classification',
    (table) => ({ ...table, Parameters: { ...table.Parameters, classification: 'csv' } }),
  ],
  ['a description', (table) => ({ ...table, Description: 'by hand' })],
  ['a column', (table) => withStorage(table, { Columns: [{ Name: 'extra', Type: 'int' }] })],
  [
    'a comment',
    (table) => ({ ...table, PartitionKeys: [{ Name: 'day', Type: 'date', Comment: 'by hand' }] }),
  ],
  ['the location', (table) => withStorage(table, { Location: 's3://elsewhere/' })],
  [
    'the SerDe',
    (table) =>
      withStorage(table, { SerdeInfo: { SerializationLibrary: 'org.openx.data.jsonserde.JsonSerDe' } }),
  ],
  ['the table type', (table) => ({ ...table, TableType: 'MANAGED_TABLE' })],
])('%s that was changed by hand is put back', async (_, changeByHand) => {
  const declared = declareDatabase(declareTable('cases'));
  await catalogue.publishDatabase(declared);
  const published = await readTable(declared.name, 'cases');
  await changeTable(declared.name, changeByHand);

  expect((await catalogue.publishDatabase(declared)).updated).toEqual(['cases']);

  expect(await catalogue.readDatabase(declared.name)).toEqual(declared);
  const { TableType, StorageDescriptor, Parameters } = await readTable(declared.name, 'cases');
  expect({ TableType, StorageDescriptor, Parameters }).toEqual({
    TableType: published.TableType,
    StorageDescriptor: published.StorageDescriptor,
    Parameters: published.Parameters,
  });
});

test('descriptions and comments that are not declared any more go away', async () => {
  const declared = declareDatabase(declareTable('cases'));
  await catalogue.publishDatabase(declared);
  const { description: _table, ...bare } = declareTable('cases', {
    columns: [{ name: 'case_id', type: 'string' }],
  });
  const without: CatalogueDatabase = { name: declared.name, tables: [bare] };

  await catalogue.publishDatabase(without);

  expect(await catalogue.readDatabase(declared.name)).toEqual(without);
});

test.each([
  ['changed', (name: string) => changeTable(name, (table) => ({ ...table, Description: 'by another' }))],
  ['created', (name: string) => createByHand(name, 'new')],
])(
  'a table that somebody else %s in between is not overwritten, and nothing is dropped',
  async (_, interfere) => {
    const before = declareDatabase(declareTable('cases'), declareTable('stale'));
    await catalogue.publishDatabase(before);
    const after = {
      ...before,
      tables: [declareTable('cases', { location: 's3://mojap-curated/2/' }), declareTable('new')],
    };
    let interfered = false;
    const raced = recordCalls(async (name) => {
      if (interfered || !/^(Create|Update)Table/.test(name)) return;
      interfered = true;
      await interfere(before.name);
    });

    const failure = await failureOf(createGlueCatalogue({ glue: raced.glue }).publishDatabase(after));

    expect(failure).toBeInstanceOf(ConflictError);
    expect(failure.message).toContain('by somebody else');
    expect((await catalogue.readDatabase(before.name))?.tables.map(({ name }) => name)).toContain('stale');
    await catalogue.publishDatabase(after);
    expect(byTableName(await catalogue.readDatabase(before.name))).toEqual(byTableName(after));
  },
);

/** Glue lists tables in an order of its own. */
function byTableName(database: CatalogueDatabase | undefined): CatalogueDatabase {
  const tables = must(database).tables.toSorted((a, b) => a.name.localeCompare(b.name));
  return { ...must(database), tables };
}

async function readTable(DatabaseName: string, Name: string): Promise<Table> {
  return must((await glue.send(new GetTableCommand({ DatabaseName, Name }))).Table);
}

async function changeTable(DatabaseName: string, change: (table: TableInput) => TableInput): Promise<void> {
  const { Name, Description, TableType, Parameters, PartitionKeys, StorageDescriptor } = await readTable(
    DatabaseName,
    'cases',
  );
  const before = { Name, Description, TableType, Parameters, PartitionKeys, StorageDescriptor };
  await glue.send(new UpdateTableCommand({ DatabaseName, TableInput: change(before) }));
}

const withStorage = (table: TableInput, storage: StorageDescriptor): TableInput => ({
  ...table,
  StorageDescriptor: { ...table.StorageDescriptor, ...storage },
});

async function createByHand(DatabaseName: string, Name: string): Promise<void> {
  await glue.send(new CreateTableCommand({ DatabaseName, TableInput: { Name } }));
}
