import {
  DeleteDatabaseCommand,
  GetPartitionsCommand,
  GetTableCommand,
  GlueClient,
} from '@aws-sdk/client-glue';
import { must } from '../adapters/test-buckets';
import { createGlueCatalogue } from '../../src/adapters/glue-catalogue';
import { createS3ObjectStore } from '../../src/adapters/s3-object-store';
import { planPipeline } from '../../src/plan/plan-pipeline';
import { Bench } from './bench';
import { toArchived, toCopied, toProcessed, toPublished } from './take-through';

const tablesOf = (columns = 'id: column.int64(), name: column.string()', more = '') =>
  `a: table({ header: { order: 'declared' }, columns: { ${columns} } ${more} }),
   b: table({ files: { required: false }, format: jsonLines(), columns: { id: column.int64({ header: 'Id' }) } }),`;

const glue = new GlueClient({});
const catalogue = createGlueCatalogue();
let bench: Bench;
let database: string;

beforeEach(async () => {
  database = `areas_${Date.now()}_${Math.floor(Math.random() * 1e6)}`;
  bench = await Bench.create({
    tables: tablesOf(),
    options: `areaDatabases: { rawHist: '${database}_raw_hist', processed: '${database}_processed' },`,
  });
});
afterEach(() => bench.close());

type Area = 'raw_hist' | 'processed';

async function partitionsOf(area: Area, table = 'a') {
  const { Partitions = [] } = await glue.send(
    new GetPartitionsCommand({ DatabaseName: `${database}_${area}`, TableName: table }),
  );
  return Partitions.map(({ Values, StorageDescriptor }) => ({
    timestamp: Values?.join(),
    location: StorageDescriptor?.Location,
    columns: StorageDescriptor?.Columns?.map(({ Name, Type }) => `${Name ?? ''} ${Type ?? ''}`).join(),
  }));
}
const timestampsOf = async (area: Area, table = 'a') =>
  (await partitionsOf(area, table)).map(({ timestamp }) => timestamp).sort();
const tableOf = async (area: Area, table = 'a') =>
  must((await glue.send(new GetTableCommand({ DatabaseName: `${database}_${area}`, Name: table }))).Table);
const land = (requested: number) => bench.land('a-data/x.csv', `id,name\n${requested},x\n`);
const plan = () => planPipeline({ store: createS3ObjectStore(), catalogue }, must(bench.pipelines[0]));

async function publish(requested: number): Promise<void> {
  await land(requested);
  await toPublished(bench.run(), await bench.take({ requested }));
}

test('a partition appears only once all of its delivery is archived, or processed', async () => {
  await land(1000);
  const run = bench.run();
  const delivery = await bench.take({ requested: 1000 });
  const planned = await toCopied(run, delivery);
  await expect(tableOf('raw_hist')).rejects.toThrow();
  const pinnedOnly = { ...delivery, fileLandTimestamp: 999 };
  await bench.writeRecord(pinnedOnly, 'manifest', { ...pinnedOnly, contentDigest: '', objects: [] });
  await run.recordArchive(delivery);
  await run.recordArchive(delivery);
  const prefix = 'production-environment/my-database-data/a-data/';
  const location = `s3://${bench.pipeline.areas.rawHist}/${prefix}file_land_timestamp=1000/`;
  expect(await partitionsOf('raw_hist')).toEqual([
    { timestamp: '1000', location, columns: 'id string,name string' },
  ]);
  expect(await partitionsOf('raw_hist', 'b')).toEqual([]);
  await expect(tableOf('processed')).rejects.toThrow();
  await toProcessed(run, delivery, planned);
  expect(await timestampsOf('processed')).toEqual(['1000']);
  // The published database is nobody's business here.
  expect(await catalogue.readDatabase(bench.pipeline.database)).toBeUndefined();
});

test('tables are declared by area and format, and say so', async () => {
  await publish(1000);
  expect(await tableOf('raw_hist')).toMatchObject({
    PartitionKeys: [{ Name: 'file_land_timestamp', Type: 'bigint' }],
    Parameters: { 'landfall.area': 'raw-hist', 'skip.header.line.count': '1', classification: 'csv' },
    StorageDescriptor: {
      SerdeInfo: { SerializationLibrary: 'org.apache.hadoop.hive.serde2.OpenCSVSerde' },
      Location: `s3://${bench.pipeline.areas.rawHist}/production-environment/my-database-data/a-data/`,
    },
  });
  expect((await tableOf('raw_hist', 'b')).StorageDescriptor?.SerdeInfo).toMatchObject({
    SerializationLibrary: 'org.openx.data.jsonserde.JsonSerDe',
    Parameters: { 'case.insensitive': 'false', 'mapping.id': 'Id' },
  });
  const { StorageDescriptor } = await tableOf('processed');
  expect(StorageDescriptor?.Columns?.map(({ Name, Type }) => [Name, Type])).toEqual([
    ['id', 'bigint'],
    ['name', 'string'],
    ['etl_version', 'string'],
    ['source_file', 'string'],
  ]);
});

test('the published tables never move because of these', async () => {
  await publish(1000);
  const before = await catalogue.readDatabase(bench.pipeline.database);
  await land(2000);
  await toArchived(bench.run(), await bench.take({ requested: 2000 }));
  expect(await timestampsOf('raw_hist')).toEqual(['1000', '2000']);
  expect(await catalogue.readDatabase(bench.pipeline.database)).toEqual(before);
});

test('what was deleted or changed by hand is told by the plan, and made again', async () => {
  for (const requested of [1000, 2000]) await publish(requested);
  expect(await plan()).toMatchObject({ isSame: true, areas: [{ isSame: true }, { isSame: true }] });
  await glue.send(new DeleteDatabaseCommand({ Name: `${database}_raw_hist` }));
  const processed = must(
    (await catalogue.readDatabase(`${database}_processed`))?.tables.find((t) => t.name === 'a'),
  );
  const [first] = await catalogue.readPartitions(`${database}_processed`, processed);
  const stranger = { values: ['3000'], location: 's3://elsewhere/' };
  await catalogue.changePartitions(`${database}_processed`, processed, {
    ...{ added: [stranger], updated: [], removed: [must(first)] },
  });
  expect(await plan()).toMatchObject({
    isSame: false,
    areas: [
      { glue: { isMissing: true }, partitions: [{ table: 'a', missing: 2, otherwise: 0, stale: 0 }] },
      { partitions: [{ table: 'a', missing: 1, otherwise: 0, stale: 1 }] },
    ],
  });
  await bench.run().recreateDatabase({ pipeline: bench.pipeline.name, dryRun: false });
  expect(await plan()).toMatchObject({ isSame: true });
  expect(await timestampsOf('raw_hist')).toEqual(['1000', '2000']);
});

test('columns that are added are those of every partition; CSV under other columns is not shown', async () => {
  await publish(1000);
  await bench.release(
    tablesOf('id: column.int64(), name: column.string(), more: column.string().nullable()'),
  );
  await bench.land('a-data/x.csv', 'id,name,more\n2,x,y\n');
  await toPublished(bench.run(), await bench.take({ requested: 2000 }));
  const columns = 'id string,name string,more string';
  expect(await partitionsOf('raw_hist')).toMatchObject([{ columns }, { columns }]);
  await bench.release(
    tablesOf('name: column.string(), id: column.int64(), more: column.string().nullable()'),
  );
  await bench.land('a-data/x.csv', 'name,id,more\nx,3,y\n');
  await toPublished(bench.run(), await bench.take({ requested: 3000 }));
  expect(await timestampsOf('raw_hist')).toEqual(['3000']);
  expect(await timestampsOf('processed')).toEqual(['1000', '2000', '3000']);
  expect((await plan()).areas).toMatchObject([{ isSame: true }, { isSame: true }]);
});

test('what mode delta deletes is no partition of processed any more', async () => {
  await bench.release(tablesOf(undefined, ", mode: 'delta'"));
  await publish(1000);
  expect(await bench.keys('processed')).toEqual([]);
  expect(await timestampsOf('processed')).toEqual([]);
  await publish(2000);
  expect(await timestampsOf('processed')).toEqual([]);
  expect(await timestampsOf('raw_hist')).toEqual(['1000', '2000']);
});

test('deliveries of before the pipeline wanted it, and more than one batch of them', async () => {
  await publish(1000);
  const table = must(
    (await catalogue.readDatabase(`${database}_raw_hist`))?.tables.find((t) => t.name === 'a'),
  );
  const many = Array.from({ length: 250 }, (_, at) => ({
    ...{ values: [String(5000 + at)], location: `s3://elsewhere/${at}/` },
  }));
  const none = { added: [], updated: [], removed: [] };
  await catalogue.changePartitions(`${database}_raw_hist`, table, { ...none, added: many });
  await catalogue.changePartitions(`${database}_raw_hist`, table, { ...none, added: many.slice(0, 120) });
  await catalogue.changePartitions(`${database}_raw_hist`, table, { ...none, updated: many });
  expect(await timestampsOf('raw_hist')).toHaveLength(251);
  await catalogue.changePartitions(`${database}_raw_hist`, table, { ...none, removed: [...many, ...many] });
  await glue.send(new DeleteDatabaseCommand({ Name: `${database}_raw_hist` }));
  await publish(2000);
  expect(await timestampsOf('raw_hist')).toEqual(['1000', '2000']);
});
