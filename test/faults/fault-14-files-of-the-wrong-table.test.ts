import { failureOf } from '../adapters/test-buckets';
import { describeFinding } from '../../src/checks/describe-finding';
import { Bench } from '../activities/bench';
import { toDecided } from '../activities/take-through';

const TABLES = `t1: table({ folder: 'shared', files: { name: /t1(\\.csv)?/, required: false }, columns: { id: column.int64() } }),
  t10: table({ folder: 'shared', files: { name: /t10\\.csv/, required: false }, columns: { id: column.int64() } }),
  t2: table({ files: { required: false }, columns: { id: column.int64() } }),`;

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.create({ tables: TABLES });
});
afterEach(() => bench.close());

/** All that is wrong with these files, in words. */
async function findingsOf(files: Record<string, string>): Promise<string[]> {
  for (const [file, body] of Object.entries(files)) await bench.land(file, body);
  const delivery = await bench.take();
  const run = bench.run();
  await failureOf(toDecided(run, delivery));
  const report = await bench.readValidationReport(run.runId);
  return report.findings.map((finding) => describeFinding(finding).slice(bench.landKey('').length));
}

test('table t1 does not claim t10.csv', async () => {
  await bench.land('shared/t1.csv', 'id\n1\n');
  await bench.land('shared/t10.csv', 'id\n2\n');
  const plan = await toDecided(bench.run(), await bench.take());
  expect(plan.batches).toMatchObject([
    { table: 't1', files: 1 },
    { table: 't10', files: 1 },
  ]);
});

test('a file without an extension is named as one of no table, and nothing crashes', async () => {
  expect(
    await findingsOf({ 't2-data/t2': 'id\n1\n', 'shared/t10': 'id\n1\n', 'shared/t2': 'id\n1\n' }),
  ).toEqual([
    'shared/t10 belongs to no table of the pipeline.',
    'shared/t2 belongs to no table of the pipeline.',
    't2-data/t2 belongs to no table of the pipeline.',
  ]);
});

test('a file without an extension that a table asks for by name is taken', async () => {
  await bench.land('shared/t1', 'id\n1\n');
  expect(await toDecided(bench.run(), await bench.take())).toMatchObject({ files: 1 });
});

test('a header-only file fails with its reason', async () => {
  expect(await findingsOf({ 't2-data/t2.csv': 'id\n' })).toEqual([
    't2-data/t2.csv has too few rows: 0 behind its header, expected at least 1.',
  ]);
});
