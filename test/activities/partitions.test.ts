import { planPipeline } from '../../src/plan/plan-pipeline';
import { failureOf, must } from '../adapters/test-buckets';
import { catalogue, PartitionedTable, ROWS, tableOf } from './partitioned-table';
import { readSnapshot } from './read-published';

const BY_COURT = tableOf(`partitionBy: ['court', 'received'], sortBy: ['id']`);
let a: PartitionedTable;
const open = async (tables: string): Promise<void> => {
  a = await PartitionedTable.open(tables);
};
afterEach(() => a.bench.close());

test('each value has a folder, which its files say nothing of, and readers see all rows', async () => {
  await open(BY_COURT);
  const delivery = await a.publish(...ROWS);
  const { parts } = await readSnapshot(a.bench, delivery);
  expect(
    parts.map(({ key, rows, partition }) => [key.split('/').slice(4).join('/'), rows, partition]),
  ).toEqual([
    [
      'court=Bow Street/received=2024-01-02/data-part-0.parquet',
      2,
      { court: 'Bow Street', received: '2024-01-02' },
    ],
    ['court=York/received=2023-12-31/data-part-0.parquet', 1, { court: 'York', received: '2023-12-31' }],
  ]);
  expect(await a.readAll()).toEqual([
    ['1', 'Bow Street', '2024-01-02', '2.50'],
    ['2', 'Bow Street', '2024-01-02', '1.50'],
    ['3', 'York', '2023-12-31', '0.10'],
  ]);
  expect(await a.query(`SELECT count(*) FROM a WHERE court = 'York'`)).toEqual([['1']]);
});

test('Glue has them as keys, as a projection that moves with the table, and registered', async () => {
  await open(BY_COURT);
  await a.publish(...ROWS);
  const table = await a.read();
  expect(table.partitionKeys).toEqual([
    { name: 'court', type: 'string' },
    { name: 'received', type: 'date' },
  ]);
  expect(table.columns.map(({ name }) => name)).not.toContain('court');
  expect(table.parameters).toMatchObject({
    'projection.enabled': 'true',
    'storage.location.template': `${table.location}court=\${court}/received=\${received}/`,
    'projection.court.type': 'enum',
    'projection.court.values': 'Bow Street,York',
    'projection.received.type': 'date',
    'projection.received.range': '2023-12-31,2024-01-02',
    'landfall.rows': '3',
  });
  expect(await a.readRegistered()).toEqual([
    ['Bow Street/2024-01-02', 'court=Bow Street/received=2024-01-02/'],
    ['York/2023-12-31', 'court=York/received=2023-12-31/'],
  ]);
});

test('integers are a range, in the type that the column has', async () => {
  await open(
    tableOf(`partitionBy: ['year'], transform: { columns: { id: column.int64(), year: column.int32() },
      apply: ({ frame, columns, added }) =>
        frame.select(columns.id, columns.received.dt.year().alias('year'), ...added) }`),
  );
  await a.publish(...ROWS);
  expect((await a.read()).parameters).toMatchObject({
    'projection.year.type': 'integer',
    'projection.year.range': '2023,2024',
  });
  expect(await a.query('SELECT id, year, typeof(year) FROM a ORDER BY id')).toEqual([
    ['1', '2024', 'INTEGER'],
    ['2', '2024', 'INTEGER'],
    ['3', '2023', 'INTEGER'],
  ]);
});

test('what a delivery does not change is copied, folder by folder, until eight become one', async () => {
  await open(BY_COURT);
  for (let place = 0; place < 9; place += 1)
    await a.publish(
      `${place},York,2024-01-0${1 + (place % 2)},1.00`,
      `${-place - 1},Bow Street,2024-01-01,1.00`,
    );
  expect(a.made.map(({ inputs }) => inputs.length)).toEqual([1, 1, 1, 1, 1, 1, 1, 8, 1]);
  expect(await a.query('SELECT count(*), count(DISTINCT id) FROM a')).toEqual([['18', '18']]);
  expect((await a.readRegistered()).map(([values]) => values)).toEqual([
    'Bow Street/2024-01-01',
    'York/2024-01-01',
    'York/2024-01-02',
  ]);
});

describe('mode delta', () => {
  const delta = (curated: string): string => tableOf(curated, 'delta');

  test('has the rows of a rebuild when they are taken back from their folders', async () => {
    const rows = (place: number): string[] => [
      `${place},York,2024-01-0${1 + (place % 3)},1.0${place}`,
      `${100 + place},Bow Street,2024-01-01,2.00`,
    ];
    await open(BY_COURT);
    for (let place = 0; place < 9; place += 1) await a.publish(...rows(place));
    const expected = await a.readAll();
    a.bench.close();
    await open(delta(`partitionBy: ['court', 'received'], sortBy: ['id']`));
    for (let place = 0; place < 9; place += 1) {
      await a.publish(...rows(place));
      expect(await a.bench.keys('processed')).toEqual([]);
    }
    expect(a.made.at(-2)?.inputs.filter((input) => 'first' in input).length).toBeGreaterThan(1);
    expect(await a.readAll()).toEqual(expected);
  });

  test('takes a delivery without rows, and what comes after it', async () => {
    await open(delta(`partitionBy: ['court']`));
    await a.publish(...ROWS);
    await a.publish();
    expect(await a.bench.keys('processed')).toEqual([]);
    for (let place = 0; place < 6; place += 1) await a.publish(`${place},York,2024-01-01,1.00`);
    expect(await a.query('SELECT count(*) FROM a')).toEqual([['9']]);
  });

  test('may get partitions, and may not change them', async () => {
    await open(delta(`sortBy: []`));
    await a.publish(...ROWS);
    await a.bench.release(delta(`partitionBy: ['court']`));
    await a.publish('4,York,2024-01-01,1.00');
    expect(await a.query(`SELECT court, count(*) FROM a GROUP BY court ORDER BY court`)).toEqual([
      ['Bow Street', '2'],
      ['York', '2'],
    ]);
    await a.bench.release(delta(`partitionBy: ['received']`));
    const failure = await failureOf(a.publish('5,York,2024-01-01,1.00'));
    expect(failure.message).toContain('they are partitioned by court, and otherwise now');
    expect(await a.query('SELECT count(*) FROM a')).toEqual([['4']]);
  });
});

describe('partitions that change', () => {
  test('follow the declaration: others, none, and back', async () => {
    await open(tableOf(''));
    await a.publish(...ROWS);
    for (const [curated, values] of [
      [`partitionBy: ['court']`, ['Bow Street', 'York']],
      [`partitionBy: ['received', 'court']`, ['2023-12-31/York', '2024-01-02/Bow Street']],
    ] as const) {
      await a.bench.release(tableOf(curated));
      const {
        partitions,
        glue,
        curated: options,
      } = await planPipeline({ store: a.bench.store, catalogue }, must(a.bench.pipelines[0]));
      expect([partitions, glue.changed.length, options.length]).toEqual([[], 1, 1]);
      await a.publish();
      expect((await a.readRegistered()).map(([each]) => each)).toEqual(values);
      expect(await a.query('SELECT count(*) FROM a')).toEqual([['3']]);
    }
    await a.bench.release(tableOf(''));
    await a.publish();
    expect(await a.read()).toMatchObject({ partitionKeys: [] });
    expect((await a.read()).parameters).not.toHaveProperty(['projection.enabled']);
    expect(await a.query('SELECT count(*) FROM a')).toEqual([['3']]);
  });

  test('go with their values, and a rollback and a recreate bring them back', async () => {
    await open(tableOf(`partitionBy: ['court']`));
    const first = await a.publish(...ROWS);
    await a.publish('4,Bath,2024-01-01,1.00');
    const both = await a.readRegistered();
    expect(both.map(([values]) => values)).toEqual(['Bath', 'Bow Street', 'York']);
    const request = {
      kind: 'rollback' as const,
      pipeline: a.bench.pipeline.name,
      dryRun: false,
      by: 'Ann',
      why: '',
    };
    const run = a.bench.run();
    await run.planRollback({ ...request, to: first.fileLandTimestamp });
    await run.rollBackTables({ ...request, to: first.fileLandTimestamp });
    expect((await a.readRegistered()).map(([values]) => values)).toEqual(['Bow Street', 'York']);
    const { database } = a.bench.pipeline;
    const table = await a.read();
    const [partition] = await catalogue.readPartitions(database, table);
    const removed = [must(partition)];
    await catalogue.changePartitions(database, table, { added: [], updated: [], removed });
    const plan = await planPipeline({ store: a.bench.store, catalogue }, must(a.bench.pipelines[0]));
    expect(plan).toMatchObject({
      isSame: false,
      partitions: [{ table: 'a', missing: 1, otherwise: 0, stale: 0 }],
    });
    await a.bench.run().recreateDatabase({ pipeline: a.bench.pipeline.name, dryRun: false });
    expect((await a.readRegistered()).map(([values]) => values)).toEqual(['Bow Street', 'York']);
  });
});
