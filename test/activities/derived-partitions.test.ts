import { planPipeline } from '../../src/plan/plan-pipeline';
import { failureOf, must } from '../adapters/test-buckets';
import {
  ask,
  bench,
  catalogue,
  COLUMNS,
  counting,
  derivedKeys,
  derivedOf,
  findTable,
  FIRST,
  landCases,
  landCourts,
  publish,
  publishFirst,
  release,
  SQL,
} from './derived-bench';
import { toArchived, toCurated, toProcessed } from './take-through';

const PARTED = derivedOf({ rest: `partitionBy: ['region', 'latest'], primaryKey: ['region'],` });
const SELECT = 'SELECT region, cases, fees, minutes, largest, latest FROM totals ORDER BY region';
const NORTH = 'region=north/latest=2024-02-29/';
const SOUTH = 'region=south/latest=2024-01-01/';

const foldersOf = async (): Promise<string[]> =>
  (await derivedKeys()).map((key) => must(/snapshot=[0-9a-f]+\/(.*)data-part-0\.parquet$/.exec(key)?.[1]));

/** Values, and where below the table. */
async function readRegistered(): Promise<[string, string][]> {
  const table = must(await findTable());
  const listed = await catalogue.readPartitions(bench.pipeline.database, table);
  return listed
    .map(({ values, location }): [string, string] => [
      values.join('/'),
      location.slice(table.location.length),
    ])
    .sort();
}

beforeEach(() => release(PARTED));

test('each value has a folder, as a projection that moves with the table, and registered', async () => {
  await publishFirst();
  expect(await foldersOf()).toEqual([NORTH, SOUTH]);
  expect(await ask(SELECT)).toEqual(FIRST);
  expect(await ask(`SELECT cases FROM totals WHERE region = 'south'`)).toEqual([['1']]);
  const table = must(await findTable());
  expect(table.partitionKeys).toEqual([
    { name: 'region', type: 'string' },
    { name: 'latest', type: 'date' },
  ]);
  expect(table.columns.map(({ name }) => name)).toEqual(['cases', 'fees', 'minutes', 'largest']);
  expect(table.parameters).toMatchObject({
    'projection.enabled': 'true',
    'storage.location.template': `${table.location}region=\${region}/latest=\${latest}/`,
    'projection.region.values': 'north,south',
    'projection.latest.range': '2024-01-01,2024-02-29',
    'landfall.rows': '2',
  });
  expect(await readRegistered()).toEqual([
    ['north/2024-02-29', NORTH],
    ['south/2024-01-01', SOUTH],
  ]);
});

test('they go back, are made again, and are swept together with their table', async () => {
  await publishFirst();
  const first = await readRegistered();
  await landCourts('a,east\nb,south\n');
  await landCases('4,a,0.01,7,2024-03-01\n');
  await publish(2000);
  expect((await readRegistered()).map(([values]) => values)).toEqual([
    'east/2024-03-01',
    'north/2024-03-01',
    'south/2024-01-01',
  ]);
  const { name: pipeline } = bench.pipeline;
  const request = { kind: 'rollback', pipeline, dryRun: false, to: 1000, by: 'Ann', why: 'a test' } as const;
  const run = bench.run();
  await run.planRollback(request);
  await run.rollBackTables(request);
  expect(await readRegistered()).toEqual(first);
  expect(await ask(SELECT)).toEqual(FIRST);
  const table = must(await findTable());
  const registered = await catalogue.readPartitions(bench.pipeline.database, table);
  const drop = { added: [], updated: [], removed: registered.slice(1) };
  await catalogue.changePartitions(bench.pipeline.database, table, drop);
  expect(await readRegistered()).toHaveLength(1);
  await bench.run().recreateDatabase({ pipeline, dryRun: false });
  expect(await readRegistered()).toEqual(first);
  await release('');
  await landCourts('c,west\n');
  await publish(3000);
  await bench.run().sweepSnapshots({ pipeline, graceSeconds: 0, dryRun: false });
  expect(await derivedKeys()).toEqual([]);
});

test('the same rows are the same bytes; a table without rows has no folder', async () => {
  await publishFirst();
  const keys = await derivedKeys();
  const read = () => Promise.all(keys.map((key) => bench.pipeline.read('curated', key)));
  const before = await read();
  for (const key of keys) await bench.erase('curated', key);
  await toCurated(bench.run(), { pipeline: bench.pipeline.name, fileLandTimestamp: 1000 });
  expect(await read()).toEqual(before);
  await release(PARTED.replace(SQL, `${SQL} HAVING COUNT(*) > 9`));
  await landCourts('c,west\n');
  await publish(2000);
  expect(await ask(SELECT)).toEqual([]);
  expect(await readRegistered()).toEqual([]);
});

test('what another attempt made in other folders is told of, since readers would see both', async () => {
  await publishFirst();
  await landCourts('c,west\n');
  const delivery = await bench.take({ requested: 2000 });
  const run = counting();
  await toProcessed(run, delivery, await toArchived(run, delivery));
  const known = await bench.keys('log');
  await toCurated(run, delivery);
  const made = (await bench.keys('log')).filter(
    (key) => !known.includes(key) && key.includes('/snapshots/totals/'),
  );
  await bench.erase('log', must(made[0]));
  const snapshot = must(/([0-9a-f]{16})\.json$/.exec(must(made[0]))?.[1]);
  const key = must((await derivedKeys()).find((each) => each.includes(snapshot)));
  await run.writeDerived({ ...delivery, table: 'totals' });
  await bench.erase('log', must(made[0]));
  await bench.put('curated', key.replace(/region=[^/]+/, 'region=elsewhere'), 'other');
  const failure = await failureOf(run.writeDerived({ ...delivery, table: 'totals' }));
  expect(failure.name).toBe('IntegrityError');
  expect(failure.message).toMatch(/region=elsewhere.* is in the folder of the snapshot that is being made/);
});

test('a value that cannot be a folder fails the run; one that may be sensitive is not told', async () => {
  await publishFirst();
  await landCourts('a,no/rth\nb,south\n');
  const failure = await failureOf(publish(2000));
  expect(failure.message).toMatch(
    /Table "totals": column "region", by which it is partitioned, has the value "no\/rth".*readers see what they saw.*in its sql/,
  );
  await release(
    PARTED.replace(`fees: column.decimal(10, 2)`, `fees: column.decimal(10, 2, { sensitive: true })`),
  );
  const hidden = await failureOf(publish(2000, bench.run()));
  expect(hidden.message).toMatch(/has a value, which cannot be the name of a folder/);
  expect(await ask(SELECT)).toEqual(FIRST);
});

test('landfall plan tells that folders are declared otherwise, and the next publish makes them', async () => {
  await publishFirst();
  const plan = () => planPipeline({ store: bench.store, catalogue }, must(bench.pipelines[0]));
  expect(await plan()).toMatchObject({ isSame: true });
  await release(derivedOf({ rest: `partitionBy: ['region'], primaryKey: ['region'],` }));
  expect((await plan()).curated).toMatchObject([{ table: 'totals', differences: [{ name: 'partitionBy' }] }]);
  await landCourts('c,west\n');
  await publish(2000);
  expect((await readRegistered()).map(([values]) => values)).toEqual(['north', 'south']);
  await release(derivedOf({ columns: COLUMNS }));
  await landCourts('c,west\n');
  await publish(3000);
  expect(must(await findTable()).partitionKeys).toEqual([]);
  expect(await ask()).toEqual(FIRST);
});
