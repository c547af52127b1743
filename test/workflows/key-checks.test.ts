import { LandfallClient } from '../../src/client';
import { startTestWorker, type TestWorker } from '../support/run-landfall';
import { createTestPipeline, type TestPipeline } from '../support/test-pipeline';

const TABLES = `courts: table({
    columns: { court_id: column.string({ alias: ['Court'] }), name: column.string({ unique: true }) },
    primaryKey: ['court_id'],
  }),
  cases: table({
    header: { case: 'ignore' },
    columns: { case_id: column.int64(), court_id: column.string({ sensitive: true }).nullable() },
    primaryKey: ['case_id'],
    foreignKeys: [
      { columns: ['court_id'], references: { table: 'courts', columns: ['court_id'] }, in: 'delivery' },
    ],
  }),`;

let client: LandfallClient;
let pipeline: TestPipeline;
let worker: TestWorker;

beforeAll(async () => {
  client = await LandfallClient.connect();
  pipeline = await createTestPipeline({ tables: TABLES });
  worker = await startTestWorker([pipeline.module]);
});
afterAll(async () => {
  await worker.stop();
  await client.close();
  pipeline.remove();
});

test('a key that two files share and a reference to nothing stop the delivery; corrected, it is published', async () => {
  await pipeline.land('courts-data/north.csv', 'court_id,name\nA1,Leeds\nA2,York\n');
  await pipeline.land('courts-data/south.csv', 'Court,name\nA2,Dover\nA3,Leeds\n');
  await pipeline.land('cases-data/cases.csv', 'CASE_ID,COURT_ID\n1,A1\n2,SECRET\n3,\n');
  const before = await pipeline.list('land');
  const failure = await client.run(pipeline.name).catch((error: unknown) => error);
  expect(failure).toMatchObject({ name: 'RunFailedError', outcome: 'refused' });
  const { message } = failure as Error;
  expect(message).toMatch(
    /south\.csv, column court_id: 1 row .* row 1 \(line 2\) "A2" as in row 2 \(line 3\) of .*north\.csv/,
  );
  expect(message).toMatch(
    /south\.csv, column name: 1 row .* row 2 \(line 3\) "Leeds" as in row 1 \(line 2\) of/,
  );
  expect(message).toMatch(/cases\.csv, column court_id: 1 row .* in this delivery: row 2 \(line 3\)\./);
  expect(message).not.toContain('SECRET');
  expect(await pipeline.list('land')).toEqual(before);
  expect(await pipeline.list('rawHist')).toEqual([]);

  await pipeline.land('courts-data/south.csv', 'Court,name\nA4,Dover\nSECRET,Hull\n');
  const result = await client.run(pipeline.name);
  expect(result?.tables).toMatchObject([
    { table: 'courts', published: 4 },
    { table: 'cases', published: 3 },
  ]);
});
