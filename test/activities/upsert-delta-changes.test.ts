import { DeleteDatabaseCommand, GlueClient } from '@aws-sdk/client-glue';
import { awsSettings } from '../../src/adapters/aws-settings';
import { failureOf } from '../adapters/test-buckets';
import { toCurated, toPublished } from './take-through';
import {
  COLUMNS,
  FIRST,
  lineOf,
  rowOf,
  tableOf,
  twice,
  UPSERT,
  UpsertedTable,
  type Row,
} from './upserted-table';

let table: UpsertedTable;
const open = async (tables = tableOf('delta')): Promise<UpsertedTable> =>
  (table = await UpsertedTable.open(tables));
afterEach(() => table.close());

describe('a delivery that is processed again', () => {
  test('to the same rows is the same snapshot', async () => {
    await open();
    await table.publish([rowOf(1, 'a')], 0);
    const second = await table.publish([rowOf(1, 'b'), rowOf(2, '-', true)], 1);
    const curated = await table.bench.keys('curated');
    table.made = [];
    await toPublished(table.run(), second);
    expect(table.made).toEqual([]);
    expect(await table.bench.keys('curated')).toEqual(curated);
    expect(await table.processed()).toEqual([]);
  });

  test('to other rows is refused, and changes nothing for those that come later', async () => {
    await open();
    const first = await table.publish([rowOf(1, 'a')], 0);
    await table.publish([rowOf(1, 'b')], 1);
    const record = await table.bench.readRecord(first, 'processed');
    await table.bench.release(tableOf('delta'), 'v2');
    const run = table.run();
    const failure = await failureOf(toPublished(run, first));
    expect(failure.name).toBe('DefinitionError');
    expect(failure.message).toMatch(
      /Table "a" .* delivery 1534968800 .* other rows.* Nothing was published.* Run the delivery with the release that processed it/,
    );
    expect(await table.bench.readRecord(first, 'processed')).toEqual(record);
    expect(await table.processed()).toEqual([]);
    expect(await table.notes(await table.publish([rowOf(2, 'c')], 2))).toEqual(['b', 'c']);
  });

  test('to other rows is taken where its run ended between publish and report', async () => {
    await open();
    await table.publish([rowOf(1, 'a'), rowOf(2, 'a')], 0);
    const { delivery, run } = await table.process([rowOf(1, 'b'), rowOf(2, '-', true)], 1);
    await toCurated(run, delivery);
    await run.publishDatabase(delivery);
    await table.bench.release(tableOf('delta'), 'v2');
    await table.sweep();
    await toPublished(table.run(), delivery);
    const [line] = await table.read(delivery);
    expect(JSON.parse(line ?? '')).toMatchObject({ note: 'b', etl_version: 'v2' });
    expect(await table.processed()).toEqual([]);
    expect(await table.notes(await table.publish([rowOf(3, 'c')], 2))).toEqual(['b', 'c']);
  });

  test('to other rows is taken as long as it is not published', async () => {
    await open();
    await table.publish([rowOf(1, 'a')], 0);
    const { delivery, run } = await table.process([rowOf(1, 'b')], 1);
    await toCurated(run, delivery);
    await table.bench.release(tableOf('delta'), 'v2');
    await toPublished(table.run(), delivery);
    const [line] = await table.read(delivery);
    expect(JSON.parse(line ?? '')).toMatchObject({ note: 'b', etl_version: 'v2' });
    expect(await table.processed()).toEqual([]);
  });
});

test('what was processed is deleted by the next run, where a run ended before it could', async () => {
  await open();
  await table.publish([rowOf(1, 'a')], 0);
  const { run, delivery } = await table.publishOnly([rowOf(1, 'b')], 1);
  expect(await table.processed()).toHaveLength(1);
  table.made = [];
  expect(await table.notes(await table.publish([rowOf(2, 'c')], 2))).toEqual(['b', 'c']);
  expect(table.counts()).toEqual([{ read: 1, base: true, of: 1 }]);
  expect(await table.processed()).toEqual([]);
  // And the first run’s attempts, which wake up now.
  await run.writeCurated({ ...delivery, table: 'a' });
  await run.deleteFromProcessed(delivery);
  expect(await table.notes(await table.publish([rowOf(3, 'd')], 3))).toEqual(['b', 'c', 'd']);
});

test('after a rollback the next delivery has what was rolled back', async () => {
  await open();
  await table.publish([rowOf(1, 'a'), rowOf(2, 'a')], 0);
  await table.publish([rowOf(1, '-', true)], 1);
  const run = table.bench.run();
  const request = {
    kind: 'rollback',
    pipeline: table.bench.pipeline.name,
    dryRun: false,
    by: 'Ann',
    why: 'a test',
  } as const;
  await run.planRollback({ ...request, to: FIRST });
  await run.rollBackTables({ ...request, to: FIRST });
  const last = await table.publish([rowOf(3, 'c')], 2);
  expect(await table.notes(last)).toEqual(['a', 'c']);
});

test('when the Glue database is deleted, what the last run published is gone on from', async () => {
  await open();
  await table.publish([rowOf(1, 'a'), rowOf(2, '-', true)], 0);
  await new GlueClient(awsSettings()).send(
    new DeleteDatabaseCommand({ Name: table.bench.pipeline.database }),
  );
  expect(await table.notes(await table.publish([rowOf(3, 'c')], 1))).toEqual(['a', 'c']);
});

describe('the mode may change', () => {
  test('from rebuild to delta: it is table.made of what is processed once more, and from then on of what is published', async () => {
    await open(tableOf('rebuild'));
    await table.publish([rowOf(1, 'a'), rowOf(2, 'a')], 0);
    const late = await table.refuse(twice([rowOf(2, 'late'), rowOf(3, 'late')]), 1);
    await table.bench.release(tableOf('delta'));
    table.made = [];
    await table.publish([rowOf(2, '-', true)], 2);
    expect(table.counts()).toEqual([{ read: 2, base: false, of: 1 }]);
    expect(await table.processed()).toHaveLength(1);
    table.made = [];
    await toPublished(table.run(), await table.accept(late));
    expect(table.counts()).toEqual([{ read: 1, base: true, of: 1 }]);
    expect(await table.processed()).toHaveLength(1);
    expect(await table.notes(late)).toEqual(['a', 'late']);
  });

  test('from delta to rebuild: rows that are in curated alone are taken from there', async () => {
    await open();
    await table.publish([rowOf(1, 'a'), rowOf(2, 'a')], 0);
    await table.publish([rowOf(2, '-', true)], 1);
    await table.bench.release(tableOf('rebuild'));
    for (const place of [2, 3]) {
      const last = await table.publish([rowOf(place + 1, 'new')], place);
      expect(await table.notes(last)).toEqual(['a', ...Array<string>(place - 1).fill('new')]);
      expect(await table.processed()).toHaveLength(place - 1);
    }
  });
});

describe('another declaration', () => {
  test.each<[string, string, RegExp, string?]>([
    ['another key', tableOf('delta').replace(`['code', 'id']`, `['id']`), /the key is id now/],
    [
      'a wider key',
      tableOf('delta'),
      /the type of their key's column "id" is int, and is another now/,
      tableOf('delta', UPSERT, COLUMNS.replace('int64', 'int32')),
    ],
    ['nothing that deletes', tableOf('delta', 'upsert: true'), /what "gone" deletes is not in them/],
    [
      'all rows',
      tableOf('delta', ''),
      /they have one row of each key \(code, id\), and all rows are wanted now/,
    ],
  ])('may not want %s: what it takes is nowhere', async (_name, tables, words, before = tableOf('delta')) => {
    await open(before);
    const first = await table.publish([rowOf(1, 'a')], 0);
    await table.bench.release(tables);
    const { delivery, run } = await table.process([rowOf(2, 'b')], 1);
    const failure = await failureOf(toCurated(run, delivery));
    expect(failure.name).toBe('DefinitionError');
    expect(failure.message).toMatch(words);
    expect(failure.message).toMatch(/Nothing was published/);
    expect(await table.notes(first)).toEqual(['a']);
    await table.bench.release(before);
    await toPublished(table.run(), delivery);
    expect(await table.notes(delivery)).toEqual(['a', 'b']);
  });

  test('may have another column, another order and more files, and begin to delete', async () => {
    const before = COLUMNS.replace(', gone: column.boolean()', '');
    await open(tableOf('delta', 'upsert: true, maxSourceBytes: 50', before));
    const lines = (rows: Row[]) =>
      rows.map((each) => lineOf(each).replace(/,"gone":(true|false)/, '')).join('');
    const ids = [2, 4, 5, 6, 7, 8];
    await table.bench.land('a-data/x.jsonl', lines([rowOf(1, 'a'), ...ids.map((id) => rowOf(id, 'b'))]));
    await toPublished(table.run(), await table.bench.take({ requested: FIRST }));
    await table.bench.release(tableOf('delta', `${UPSERT}, sortBy: ['note'], maxSourceBytes: 90`));
    const last = await table.publish([rowOf(1, '-', true), rowOf(3, 'c')], 1);
    expect(await table.notes(last)).toEqual([...ids.map(() => 'b'), 'c']);
    const flags = (await table.read(last)).map((line) => (JSON.parse(line) as Row).gone);
    expect(flags.map(String).sort()).toEqual(['false', ...ids.map(() => 'null')]);
  });

  test('may not begin to have one row a key where rows were appended', async () => {
    await open(tableOf('delta', ''));
    await table.publish([rowOf(1, 'a')], 0);
    await table.bench.release(tableOf('delta'));
    const { delivery, run } = await table.process([rowOf(1, 'b')], 1);
    expect((await failureOf(toCurated(run, delivery))).message).toMatch(
      /were not written to be merged with the rows of later runs/,
    );
  });
});
