import { gunzipSync } from 'node:zlib';
import { LandfallClient } from '../../src/client';
import type { ValidationReport } from '../../src/report/validation-report';
import { startTestWorker, type TestWorker } from '../support/run-landfall';
import { createTestPipeline, PREFIX, type TestPipeline } from '../support/test-pipeline';

const tables = (rejects: string): string => `orders: table({
  columns: { id: column.int64(), price: column.decimal(6, 2), email: column.string({ sensitive: true, pattern: /[^@]+@[^@]+/ }) },
  primaryKey: ['id'],
  ${rejects}
}),
events: table({ format: jsonLines(), columns: { id: column.int64() }, files: { required: false }, ${rejects} }),`;

const CSV = `id,price,email
1,1.00,a@b
2,banana,not-an-address
3,3.50,c@d
3,3.505,c@d
4,"4.00",e@f,too many
5,5.00,g@h
`;

let client: LandfallClient;
let pipeline: TestPipeline;
let worker: TestWorker;

beforeEach(async () => {
  client = await LandfallClient.connect();
  pipeline = await createTestPipeline({ tables: tables('rejects: { maxShare: 0.5 },') });
  worker = await startTestWorker([pipeline.module]);
});
afterEach(async () => {
  await worker.stop();
  await client.close();
  pipeline.remove();
});

const readLog = async (ending: string): Promise<string> => {
  const key = (await pipeline.list('log')).find((each) => each.endsWith(ending)) ?? '';
  return String(await pipeline.read('log', key));
};

const readLines = async (key: string): Promise<unknown[]> =>
  gunzipSync(await pipeline.read('rejects', key))
    .toString()
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line));

test('bad rows of a good file are kept with their reasons, the others go on, and every row is accounted for', async () => {
  await pipeline.land('orders-data/data.csv', CSV);
  await pipeline.land('events-data/events.jsonl', '{"id":1}\n{"id":"x"}\nnot json\n{"id":4}\n');
  const result = await client.run(pipeline.name);
  expect(result?.tables).toMatchObject([
    { table: 'orders', landed: 6, processed: 3, rejected: 3, addedByTransform: 0, published: 3 },
    { table: 'events', landed: 4, processed: 2, rejected: 2, addedByTransform: 0, published: 2 },
  ]);
  const [events = '', orders = ''] = await pipeline.list('rejects');
  const timestamp = String(result?.fileLandTimestamp);
  expect(orders).toBe(`${PREFIX}orders-data/file_land_timestamp=${timestamp}/data_${timestamp}.jsonl.gz`);
  expect(await readLines(orders)).toMatchObject([
    {
      row: 2,
      line: 3,
      reasons: [
        { code: 'type', column: 'price' },
        { code: 'pattern', column: 'email' },
      ],
      raw: ['2', 'banana', 'not-an-address'],
      etl_version: 'v1.2.3',
    },
    { row: 4, line: 5, reasons: [{ code: 'type', column: 'price' }], raw: ['3', '3.505', 'c@d'] },
    { row: 5, line: 6, reasons: [{ code: 'field-count' }], raw: ['4', '4.00', 'e@f', 'too many'] },
  ]);
  expect(await readLines(events)).toMatchObject([
    { row: 2, line: 2, reasons: [{ code: 'type', column: 'id' }], raw: { id: 'x' } },
    { row: 3, line: 3, reasons: [{ code: 'malformed-json' }], raw: null },
  ]);
  expect(await pipeline.list('rawHist')).toHaveLength(2);

  const report = JSON.parse(await readLog('/validation.json')) as ValidationReport;
  expect(report).toMatchObject({ verdict: 'passed', totals: { findings: 0 }, failed: [], findings: [] });
  expect(report.rejects?.rows).toBe(5);
  expect(report.rejects?.checks).toMatchObject([
    { table: 'orders', code: 'type', column: 'price', files: 1, rows: 2, share: 2 / 6 },
    { table: 'orders', code: 'pattern', column: 'email', files: 1, rows: 1 },
    { table: 'orders', code: 'field-count', rows: 1 },
    { table: 'events', code: 'type', column: 'id', rows: 1, share: 0.25 },
    { table: 'events', code: 'malformed-json', rows: 1 },
  ]);
  expect(report.rejects?.findings.slice(0, 2)).toMatchObject([
    {
      samples: [
        { line: 3, value: 'banana' },
        { line: 5, value: '3.505' },
      ],
    },
    { samples: [{ row: 2, line: 3 }] },
  ]);
  const page = await readLog('/validation.html');
  expect(page).toContain('<h2>Rejected rows</h2>');
  expect(page).toContain(
    '5 rows left out of files that passed, as their tables allow: rejected, not failed.',
  );
  expect(page).toContain('line 3');
  expect(page).toContain('10 rows, 5 of them rejected');
  expect(page + JSON.stringify(report)).not.toContain('not-an-address');
});

test('one bad row more than allowed, or a fault that is not of a row alone, and the delivery is refused', async () => {
  await pipeline.land('orders-data/data.csv', `${CSV}6,x,i@j\n`);
  await expect(client.run(pipeline.name)).rejects.toMatchObject({
    outcome: 'refused',
    message: expect.stringMatching(/too many rows to reject: 4, allowed at most 3 of 7.*banana/s) as string,
  });
  await pipeline.land('orders-data/data.csv', 'id,price,email\n1,1.00,a@b\n1,1.00,a@b\n2,2.00,c@d\n');
  await expect(client.run(pipeline.name)).rejects.toMatchObject({
    outcome: 'refused',
    message: expect.stringContaining('with a key that an earlier row has') as string,
  });
  expect(await pipeline.list('rawHist')).toEqual([]);
  expect(await pipeline.list('rejects')).toEqual([]);
});
