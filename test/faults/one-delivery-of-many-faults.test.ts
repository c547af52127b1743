import { gzipSync } from 'node:zlib';
import { createS3ObjectStore } from '../../src/adapters/s3-object-store';
import type { ListedObject } from '../../src/adapters/object-store';
import type { ValidationReport } from '../../src/report/validation-report';
import { runLandfall, startTestWorker, type CommandResult, type TestWorker } from '../support/run-landfall';
import { createTestPipeline, PREFIX, type TestPipeline } from '../support/test-pipeline';

const TABLES = `orders: table({
    columns: { id: column.int64(), kind: column.oneOf(['a', 'b']), code: column.string({ pattern: /[A-Z]{2}/ }), day: column.date() },
    primaryKey: ['id'],
  }),
  notes: table({ format: jsonLines(), columns: { id: column.int64(), note: column.string() } }),`;

const HEADER = 'id,kind,code,day\n';
const GOOD = `${HEADER}1,a,AB,2024-02-29\n2,b,CD,2024-03-01\n`;
const good = (index: number): [string, string] =>
  index % 2 === 0
    ? [`orders-data/good-${index}.csv`, `${HEADER}${index}1,a,AB,2024-02-29\n${index}2,b,CD,2024-03-01\n`]
    : [`notes-data/good-${index}.jsonl`, '{"id":1,"note":"x"}\n'];

/** Twelve faults, a file each; the word by which the summary must name it. */
const FAULTS: [file: string, body: string | Buffer, code: string][] = [
  ['unheard-of-data/x.csv', GOOD, 'unknown-file'],
  ['orders-data/type.csv', `${HEADER}banana,a,AB,2024-02-29\n`, 'type'],
  ['orders-data/null.csv', `${HEADER},a,AB,2024-02-29\n`, 'null'],
  ['orders-data/enum.csv', `${HEADER}9001,c,AB,2024-02-29\n`, 'enum'],
  ['orders-data/pattern.csv', `${HEADER}9002,a,ABjunk,2024-02-29\n`, 'pattern'],
  ['orders-data/twice.csv', `${HEADER}9003,a,AB,2024-02-29\n9003,b,CD,2024-02-29\n`, 'duplicate-key'],
  ['orders-data/lacks.csv', 'id,kind,code\n9004,a,AB\n', 'missing-column'],
  ['orders-data/extra.csv', 'id,kind,code,day,dya\n9005,a,AB,2024-02-29,\n', 'unknown-column'],
  ['orders-data/cut.csv.gz', gzipSync(GOOD.repeat(1)).subarray(0, -9), 'damaged-compression'],
  ['orders-data/header-only.csv', HEADER, 'too-few-rows'],
  ['orders-data/ragged.csv', `${HEADER}9006,a,AB\n`, 'field-count'],
  ['notes-data/malformed.jsonl', '{"id":1,"note":"x"\n', 'malformed-json'],
];

let pipeline: TestPipeline;
let worker: TestWorker;
let result: CommandResult;
let before: ListedObject[];
let report: ValidationReport;

async function listLand(): Promise<ListedObject[]> {
  const objects: ListedObject[] = [];
  for await (const object of createS3ObjectStore().list(pipeline.areas.land, '')) objects.push(object);
  return objects;
}

beforeAll(async () => {
  pipeline = await createTestPipeline({ tables: TABLES });
  worker = await startTestWorker([pipeline.module]);
  const files: [string, string | Buffer][] = FAULTS.map(([file, body]) => [file, body]);
  for (let index = files.length; index < 60; index += 1) files.push(good(index));
  await Promise.all(files.map(([file, body]) => pipeline.land(file, body)));
  before = await listLand();
  result = await runLandfall(['run', pipeline.name]);
  const [key = ''] = (await pipeline.list('log')).filter((each) => each.endsWith('/validation.json'));
  report = JSON.parse(String(await pipeline.read('log', key))) as ValidationReport;
});
afterAll(async () => {
  await worker.stop();
  pipeline.remove();
});

test('a delivery of 60 files with 12 different faults is refused by one run, with one report', async () => {
  expect(result.code).toBe(3);
  const status = await runLandfall(['status', pipeline.name, '--json']);
  expect(JSON.parse(status.stdout)).toMatchObject({ runs: [{ outcome: 'refused' }] });
  const log = await pipeline.list('log');
  expect(log.filter((key) => key.endsWith('/validation.json'))).toHaveLength(1);
  expect(log.filter((key) => key.endsWith('/validation.html'))).toHaveLength(1);
  expect(log.filter((key) => key.endsWith('/refused.json'))).toHaveLength(1);
});

test('the report names all twelve, each with its file', () => {
  expect(before).toHaveLength(60);
  expect(report.totals).toMatchObject({ files: 60, failedFiles: 12 });
  for (const [file, , code] of FAULTS) {
    const codes = report.findings
      .filter((finding) => finding.file === PREFIX + file)
      .map((finding) => finding.code);
    expect([file, codes]).toEqual([file, expect.arrayContaining([code])]);
  }
  const failed = new Set(report.failed.map(({ code }) => code));
  for (const [, , code] of FAULTS) expect(failed).toContain(code);
  const passed = report.files.filter(({ checks }) => checks.failed === 0);
  expect(passed).toHaveLength(48);
  for (const { checks } of passed) expect(checks).toMatchObject({ failed: 0, notRun: 0 });
});

test('so does the command, in one table, each with the file where it was found first', () => {
  expect(result.stderr).toContain('12 of 60 files failed');
  for (const [file, , code] of FAULTS) {
    const name = file.slice(file.lastIndexOf('/') + 1);
    const { title = '', column = '' } = report.failed.find((each) => each.code === code) ?? {};
    const line = result.stderr.split('\n').find((each) => each.includes(title) && each.includes(name));
    expect([code, line]).toEqual([code, expect.stringContaining(column)]);
  }
});

test('and nothing was moved or changed', async () => {
  expect(await listLand()).toEqual(before);
  for (const area of ['rawHist', 'raw', 'processed', 'curated'] as const)
    expect(await pipeline.list(area)).toEqual([]);
});
