import { runLandfall, startTestWorker, type TestWorker } from '../support/run-landfall';
import { createTestPipeline, type TestPipeline } from '../support/test-pipeline';

const tables = (transform: string): string => `cases: table({
  columns: { id: column.int64(), courts: column.string() },
  rows: { min: 1 },
  transform: { columns: { id: column.int64(), court: column.string() }, rows: 'changed', row: ${transform} },
}),`;

let pipeline: TestPipeline;
let worker: TestWorker | undefined;

afterEach(async () => {
  await worker?.stop();
  pipeline.remove();
});

test('a row function goes the whole line: its counters are told, its lines are in the log, its failure names the row', async () => {
  pipeline = await createTestPipeline({
    tables: tables(`({ id, courts }, { count, log, file }) => {
      if (courts === '') {
        count('without_court');
        log.warn({ id, file }, 'a case without a court');
        return undefined;
      }
      if (courts === 'moon') throw new Error('no such court');
      return courts.split(';').map((court) => ({ id, court }));
    }`),
  });
  worker = await startTestWorker([pipeline.module]);
  let log = '';
  worker.process.stderr?.on('data', (chunk) => (log += String(chunk)));

  await pipeline.land('cases-data/cases.csv', 'id,courts\n1,crown;county\n2,""\n3,crown\n');
  const { code, stdout } = await runLandfall(['run', pipeline.name]);
  expect(stdout).toContain('Counted by the transform of cases: without_court 1');
  expect(code).toBe(0);
  const line = log.split('\n').find((each) => each.includes('a case without a court')) ?? '{}';
  expect(JSON.parse(line)).toMatchObject({
    ...{ level: 40, pipeline: pipeline.name, table: 'cases' },
    ...{ data: { id: '2', file: 'cases.csv' }, msg: 'a case without a court' },
  });

  await pipeline.land('cases-data/more.csv', 'id,courts\n4,crown\n5,moon\n');
  const failed = await runLandfall(['run', pipeline.name]);
  expect(failed.code).toBe(1);
  expect(failed.stderr).toContain(
    'The transform of table "cases", on file "more.csv", failed on row 2 (line 3): no such court.',
  );
  expect(failed.stderr).not.toContain('    at ');
});
