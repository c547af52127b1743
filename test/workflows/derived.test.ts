import { createAthenaQueryEngine } from '../../src/adapters/athena-query';
import { runLandfall, startTestWorker, type TestWorker } from '../support/run-landfall';
import { createTestPipeline, type TestPipeline } from '../support/test-pipeline';

const totalsOf = (sql: string): string =>
  `derived: { days: derivedTable({ from: ['orders'], columns: { day: column.date(), orders: column.int64() }, sql: '${sql}' }) },`;
const SQL = 'SELECT day, COUNT(*) AS orders FROM orders GROUP BY day';

let pipeline: TestPipeline;
let worker: TestWorker;

beforeAll(async () => {
  pipeline = await createTestPipeline({ options: totalsOf(SQL) });
  worker = await startTestWorker([pipeline.module]);
});
afterAll(async () => {
  await worker.stop();
  pipeline.remove();
});

const land = (id: number) =>
  pipeline.land('orders-data/data.csv', `id,name,price,day\n${id},x,,2024-01-01\n`);
const ask = async () => {
  const { rows } = await createAthenaQueryEngine().query('SELECT * FROM days', {
    database: pipeline.database,
    outputLocation: `s3://${pipeline.areas.log}/athena/`,
  });
  return rows;
};

test('a run derives after it has curated, and tells of it beside the rows that landed', async () => {
  await land(1);
  const { code, stdout, stderr } = await runLandfall(['run', pipeline.name]);
  expect([code, stderr]).toEqual([0, expect.stringContaining('derived by SQL: 1 table, 1 row')]);
  expect(stderr).toMatch(/curated: 2 of 2 tables, 1 rows,/);
  expect(stdout).toContain('Derived by SQL: days, 1 row in the table now');
  expect(await ask()).toEqual([['2024-01-01', '1']]);
});

test('SQL that fails fails the run with Polars’ words, and readers see what they saw', async () => {
  await worker.stop();
  pipeline.release({ options: totalsOf('SELECT day, COUNT(*) AS orders FROM order GROUP BY day') });
  worker = await startTestWorker([pipeline.module]);
  await land(2);
  const { code, stdout, stderr } = await runLandfall(['run', pipeline.name]);
  expect(code).toBe(1);
  expect(stdout + stderr).toMatch(
    /The SQL of derived table "days" \(from orders\) is not understood: relation 'order' was not found\.\nNothing was published/,
  );
  expect(await ask()).toEqual([['2024-01-01', '1']]);
});
