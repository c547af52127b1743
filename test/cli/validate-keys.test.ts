import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ValidationReport } from '../../src/report/validation-report';
import { runLandfall, startTestWorker, type CommandResult } from '../support/run-landfall';
import { createTestPipeline, PREFIX, type TestPipeline } from '../support/test-pipeline';
import { readJson } from './start-landfall';

const tables = (scope: string, rest = ''): string => `courts: table({
    columns: { court_id: column.string(), name: column.string({ unique: true }) },
    primaryKey: ['court_id'], ${rest}
  }),
  cases: table({
    files: { required: false },
    columns: { id: column.int64(), court: column.string({ sensitive: true }).nullable() },
    primaryKey: ['id'],
    foreignKeys: [{ columns: ['court'], references: { table: 'courts', columns: ['court_id'] }, in: '${scope}' }],
  }),`;
const FILES = {
  'courts-data/north.csv': 'court_id,name\nA1,Leeds\nA2,York\n',
  'courts-data/south.csv': 'court_id,name\nA2,Dover\nA3,Leeds\n',
  'cases-data/cases.csv': 'id,court\n1,A1\n2,SECRET\n3,\n',
};

const folder = join(tmpdir(), `landfall-validate-keys-${process.pid}`);
const at = (path: string): string => join(folder, path);
let pipeline: TestPipeline;
beforeEach(async () => {
  pipeline = await createTestPipeline({ tables: tables('delivery') });
  for (const [path, body] of Object.entries(FILES)) {
    mkdirSync(dirname(at(path)), { recursive: true });
    writeFileSync(at(path), body);
  }
});
afterEach(() => {
  pipeline.remove();
  rmSync(folder, { recursive: true, force: true });
});

const validate = (...args: string[]): Promise<CommandResult> =>
  runLandfall(['validate', pipeline.module, ...args, '--json']);
const landAll = (): Promise<unknown> =>
  Promise.all(Object.entries(FILES).map(([path, body]) => pipeline.land(path, body)));

/** What a run's own F1 says of what waits in land. */
async function reportOfRun(): Promise<ValidationReport> {
  const worker = await startTestWorker([pipeline.module]);
  try {
    await runLandfall(['run', pipeline.name]);
    const key = (await pipeline.list('log')).find((each) => each.endsWith('/validation.json')) ?? '';
    return JSON.parse(String(await pipeline.read('log', key))) as ValidationReport;
  } finally {
    await worker.stop();
  }
}

/** As if its files had been given where they landed. */
const asLanded = (result: CommandResult, root: string): ValidationReport =>
  JSON.parse(result.stdout.replaceAll(root, PREFIX)) as ValidationReport;

test.each([
  ['keys of two files and references to nothing', () => tables('delivery')],
  ['what follows from them where not all must pass', () => tables('delivery', 'rows: { max: 1 },')],
  ['how much there is of each table', () => tables('delivery', 'delivery: { rows: { max: 3 } },')],
])('the verdict is that of a run for the same files: %s', async (what, source) => {
  const options = what.includes('not all') ? 'allMustPass: false,' : '';
  pipeline.release({ tables: source(), options });
  await landAll();
  const result = await validate(folder);
  expect(result).toMatchObject({ code: 3, stderr: '' });
  expect(result.stdout).not.toContain('SECRET');
  const own = asLanded(result, `${folder}/`);
  const { fileLandTimestamp, version, ...ofRun } = await reportOfRun();
  expect([typeof fileLandTimestamp, version]).toEqual(['number', 'v1.2.3']);
  expect(own).toEqual(ofRun);
  const found = own.findings.map(({ code, table, column }) => [code, table, column]);
  expect(found).toEqual(
    expect.arrayContaining([
      ['duplicate-key', 'courts', 'court_id'],
      ['unique', 'courts', 'name'],
      ['missing-reference', 'cases', 'court'],
    ]),
  );
  const [duplicate] = own.findings.filter(({ code }) => code === 'duplicate-key');
  expect(duplicate).toMatchObject({
    file: `${PREFIX}courts-data/south.csv`,
    samples: [{ row: 1, value: 'A2', first: { file: `${PREFIX}courts-data/north.csv`, row: 2, line: 3 } }],
  });
});

test('single files are compared with each other, and said to be unchecked against what was not given', async () => {
  const [alone, both, casesAlone] = await Promise.all([
    validate(at('courts-data/south.csv')),
    validate(at('courts-data/south.csv'), at('courts-data/north.csv'), at('cases-data/cases.csv')),
    validate(at('cases-data/cases.csv')),
  ]);
  const [ofAlone, ofBoth, ofCases] = [alone, both, casesAlone].map(
    (each) => readJson(each) as ValidationReport,
  );
  expect([alone.code, both.code, casesAlone.code]).toEqual([0, 3, 0]);
  const named = [expect.stringContaining('of files that were not given') as string];
  expect([ofAlone?.notChecked, ofBoth?.notChecked]).toEqual([named, named]);
  expect(ofBoth?.failed.map(({ code }) => code).sort()).toEqual([
    'duplicate-key',
    'missing-reference',
    'unique',
  ]);
  expect(ofCases?.notChecked.slice(1)).toEqual([
    'whether every court of table cases is a court_id of table courts, of which no file was given',
  ]);
});

test.each(['published', 'either'])('references to what is %s are left to a run, in words', async (scope) => {
  pipeline.release({ tables: tables(scope, 'history: { rows: { minShare: 0.5 } },') });
  writeFileSync(at('courts-data/south.csv'), 'court_id,name\nA3,Dover\n');
  const result = await validate(folder);
  expect([result.code, (readJson(result) as ValidationReport).notChecked]).toEqual([
    0,
    [
      'how much there is of courts, compared with earlier deliveries',
      'whether every court of table cases is a court_id of table courts as it is published, which only a run looks at',
    ],
  ]);
});

test('files in S3 and on this machine are compared with each other', async () => {
  await landAll();
  const north = `s3://${pipeline.areas.land}/${PREFIX}courts-data/north.csv`;
  const report = readJson(await validate(north, at('courts-data/south.csv'))) as ValidationReport;
  expect(report.findings).toMatchObject([
    { code: 'duplicate-key', file: at('courts-data/south.csv'), samples: [{ first: { file: north } }] },
    { code: 'unique', file: at('courts-data/south.csv') },
  ]);
});
