import { must } from '../adapters/test-buckets';
import { createGlueCatalogue } from '../../src/adapters/glue-catalogue';
import type { PublishPlan } from '../../src/plan/plan-pipeline';
import { Bench } from '../activities/bench';
import { toPublished } from '../activities/take-through';
import { runLandfall, type CommandResult } from '../support/run-landfall';
import { expectNoStackTrace, readJson } from './start-landfall';

const A = `a: table({ columns: { id: column.int64(), price: column.decimal(12, 2).nullable(), gone: column.string().nullable() }, primaryKey: ['id'] }),`;
const A_LATER = `a: table({ description: 'Things', columns: { id: column.int64({ description: 'Its number' }), price: column.decimal(14, 2).nullable(), added: column.date().nullable() }, primaryKey: ['id'] }),`;
const B = `b: table({ files: { required: false }, columns: { id: column.int64() } }),`;
const C = `c: table({ files: { required: false }, columns: { id: column.int64() } }),`;

let bench: Bench;
/** Temporal is nowhere. */
const WITHOUT_TEMPORAL: NodeJS.ProcessEnv = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('TEMPORAL_'))),
  TEMPORAL_ADDRESS: '127.0.0.1:1',
};
const plan = (...args: string[]): Promise<CommandResult> =>
  runLandfall(['plan', bench.pipeline.module, ...args], WITHOUT_TEMPORAL);

beforeAll(async () => {
  bench = await Bench.create({ tables: A + B });
});
afterAll(() => bench.close());

test('before the first delivery: all is to be made, and what waits is told; nothing is written', async () => {
  await bench.land('a-data/x.csv', 'id,price,gone\n1,0.50,x\n');
  await bench.land('nobody/x.csv', 'id\n');
  const before = await bench.objects();
  const { code, stdout, stderr } = await plan();
  expect({ code, stderr }).toEqual({ code: 10, stderr: '' });
  expect(stdout).toContain(`+ database ${bench.pipeline.database}\n+ table a\n+ table b\n`);
  expect(stdout).toContain('In land: 1 file of table a, 23 bytes\nIn land: 1 file of no table');
  expect(await bench.objects()).toEqual(before);
  await bench.erase('land', bench.landKey('nobody/x.csv'));
});

test('after a publish: nothing to do, exit code 0', async () => {
  await toPublished(bench.run(), await bench.take({ requested: 1000 }));
  expect(await plan()).toEqual({
    code: 0,
    stdout: `✓ Database ${bench.pipeline.database} is as the code declares it, and nothing waits in land.\n`,
    stderr: '',
  });
  const found = readJson(await plan('--json')) as PublishPlan;
  expect(found).toMatchObject({ isSame: true, glue: { unchanged: ['a', 'b'] }, snapshots: [], land: [] });
});

test('a release that changes tables: column by column', async () => {
  await bench.release(A_LATER + C);
  const { code, stdout } = await plan();
  expect(code).toBe(10);
  expect(stdout.split('\n').slice(0, 9)).toEqual([
    '+ table c',
    '~ table a',
    '    ~ description: (none) → Things',
    '    ~ column id: bigint → bigint "Its number"',
    '    ~ column price: decimal(12,2) → decimal(14,2)',
    '    + column added: date',
    '    - column gone: string',
    '- table b',
    '',
  ]);
  await bench.release(A + B);
});

test('a release that has files made otherwise: option by option', async () => {
  const curated = `curated: { compression: 'snappy', sortBy: ['price'] }`;
  await bench.release(A.replace("primaryKey: ['id']", `primaryKey: ['id'], ${curated}`) + B);
  const { code, stdout } = await plan();
  expect(code).toBe(10);
  expect(stdout.split('\n').slice(0, 4)).toEqual([
    `Database ${bench.pipeline.database} is as the code declares it.`,
    '~ table a: all its files are made anew by the next delivery',
    '    ~ curated compression: zstd → snappy',
    '    + curated sortBy: price',
  ]);
  expect(readJson(await plan('--json'))).toMatchObject({ isSame: false, glue: { changed: [] } });
  await bench.release(A + B);
});

test('a release that has one row a key', async () => {
  await bench.release(A.replace("primaryKey: ['id']", `primaryKey: ['id'], curated: { upsert: true }`) + B);
  const { code, stdout } = await plan();
  expect(code).toBe(10);
  expect(stdout).toContain('    + curated upsert: by id\n');
  await bench.release(A + B);
});

test('that Athena is asked before readers are pointed at what changed', async () => {
  const readerCheck = { database: 'plan_checking', workgroup: 'primary' };
  bench.pipeline.release({ options: "readerCheck: { database: 'plan_checking' }," });
  await bench.release(A);
  const { stdout } = await plan();
  expect(stdout).toContain('Athena is asked about it (workgroup primary, in the database plan_checking)');
  expect(readJson(await plan('--json'))).toMatchObject({ readerCheck });
  bench.pipeline.release({ options: '' });
  await bench.release(A + B);
  expect(readJson(await plan('--json'))).toMatchObject({ readerCheck: null });
});

test('a curated file that is gone, and a parameter and a table of somebody else', async () => {
  const catalogue = createGlueCatalogue();
  const database = must(await catalogue.readDatabase(bench.pipeline.database));
  const [a, b] = database.tables;
  const parameters = { ...must(a).parameters, primary_key: 'price', mine: 'yes' };
  const tables = [{ ...must(a), parameters }, must(b), { ...must(b), name: 'stranger' }];
  await catalogue.publishDatabase({ ...database, tables });
  const [part = ''] = await bench.keys('curated');
  await bench.erase('curated', part);
  const { code, stdout } = await plan();
  expect(code).toBe(10);
  expect(stdout).toContain(
    '    ~ parameter primary_key: price → id\n    - parameter mine: yes\n- table stranger\n',
  );
  expect(stdout).toContain(`! table a: s3://${bench.pipeline.areas.curated}/${part}: missing\n`);
});

test('bad input, and AWS that does not answer', async () => {
  const [name, option, aws] = await Promise.all([
    runLandfall(['plan', 'orders'], WITHOUT_TEMPORAL),
    plan('--apply'),
    runLandfall(['plan', bench.pipeline.module], {
      ...WITHOUT_TEMPORAL,
      AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
    }),
  ]);
  expect([name.code, option.code, aws.code]).toEqual([2, 2, 6]);
  expect(name.stderr).toContain('landfall plan orders --module <path>');
  for (const result of [name, option, aws]) expectNoStackTrace(result);
});
