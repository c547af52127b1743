import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import type { ValidationReport } from '../../src/report/validation-report';
import { runLandfall, type CommandResult } from '../support/run-landfall';
import { createTestPipeline, PREFIX, REPOSITORY, type TestPipeline } from '../support/test-pipeline';
import { expectNoStackTrace, readJson, startLandfall, startOnTerminal } from './start-landfall';

const TABLES = `orders: table({
    files: { name: /data.*\\.csv(\\.gz)?/ },
    columns: { id: column.int64(), day: column.date() },
    primaryKey: ['id'],
  }),
  notes: table({ format: jsonLines(), files: { max: 1 }, columns: { id: column.int64() } }),`;
const GOOD = 'id,day\n1,2024-02-29\n2,2024-03-01\n';
const BAD = 'id,day\nbanana,2024-02-29\n2,2023-02-29\n';

/** Neither Temporal nor AWS, nor anything that points to them. */
const NOWHERE: NodeJS.ProcessEnv = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(TEMPORAL|AWS)_/.test(name)),
);

let pipeline: TestPipeline;
const folder = join(tmpdir(), `landfall-validate-${process.pid}`);
const at = (path: string): string => join(folder, path);
const validate = (...args: string[]): Promise<CommandResult> =>
  runLandfall(['validate', pipeline.module, ...args], NOWHERE);

function write(path: string, body: string | Buffer): string {
  mkdirSync(dirname(at(path)), { recursive: true });
  writeFileSync(at(path), body);
  return at(path);
}

beforeAll(async () => {
  pipeline = await createTestPipeline({ tables: TABLES });
  write('good/orders-data/data.csv', GOOD);
  write('good/notes-data/n.jsonl', '{"id":1}\n');
  write('bad/orders-data/data-1.csv', BAD);
  write('bad/orders-data/data-2.csv', 'id,day\n3,2024-02-29\n4,2024-03-01\n');
  write('bad/orders-data/other.csv', GOOD);
  write('bad/stray.txt', 'x');
});
afterAll(() => {
  pipeline.remove();
  rmSync(folder, { recursive: true, force: true });
});

const reportOf = (result: CommandResult): ValidationReport => readJson(result) as ValidationReport;
const codesOf = (report: ValidationReport): string[] => report.failed.map(({ code }) => code).sort();

test('a whole delivery that passes: exit code 0, without Temporal and AWS, and nothing left unchecked', async () => {
  const result = await validate(at('good'));
  expect(result).toMatchObject({ code: 0, stderr: '' });
  expect(result.stdout).toMatch(/^✓ Passed: 2 files passed all checks \(3 rows\)\.\n/);
  expect(result.stdout).toMatch(/^✓ +\S+\/good\/orders-data\/data\.csv +orders +2 +(\d+) of \1$/m);
  expect(result.stdout).not.toContain('Not checked');
});

test('a whole delivery that fails: exit code 3, and all that is wrong with all of it', async () => {
  const result = await validate(at('bad'));
  expect(result).toMatchObject({ code: 3, stderr: '' });
  expect(result.stdout).toMatch(/^✗ Refused: 3 of 4 files failed 4 checks\.\n/);
  expect(result.stdout).toMatch(/^orders +id +type +1 +1 +25 % .* data-1\.csv, line 2: "banana"$/m);
  expect(result.stdout).toMatch(/^orders +day +type +1 +1 +25 % .* data-1\.csv, line 3: "2023-02-29"$/m);
  const report = reportOf(await validate(at('bad'), '--json'));
  expect(codesOf(report)).toEqual(['missing-table', 'type', 'type', 'unknown-file']);
  const unknown = report.findings.filter(({ code }) => code === 'unknown-file').map(({ file }) => file);
  expect(unknown).toEqual([at('bad/orders-data/other.csv'), at('bad/stray.txt')]);
});

test('the land area’s own folders around a delivery are known', async () => {
  write(`mirror/${PREFIX}orders-data/data.csv`, GOOD);
  write(`mirror/${PREFIX}notes-data/n.jsonl`, '{"id":1}\n');
  expect(await validate(at('mirror'))).toMatchObject({ code: 0 });
});

test('single files are of the table whose folder they are in; what is of the whole delivery is said to be unchecked', async () => {
  const [good, bad, folderOfOne] = await Promise.all([
    validate(at('good/orders-data/data.csv')),
    validate(at('good/orders-data/data.csv'), at('bad/orders-data/data-1.csv'), '--json'),
    validate(at('good/orders-data')),
  ]);
  expect(good.code).toBe(0);
  expect(good.stdout).toMatch(/\nNot checked:\n {2}whether every required table has its files/);
  expect(bad.code).toBe(3);
  expect(reportOf(bad)).toMatchObject({
    totals: { files: 2, failedFiles: 1 },
    notChecked: [expect.stringContaining('required table') as string],
  });
  expect(folderOfOne.code).toBe(0);
  expect(folderOfOne.stdout).toContain('Not checked');
});

test('--table says it of files that are anywhere; a name that no table claims is refused', async () => {
  const anywhere = write('anywhere.csv', GOOD);
  const [table, misplaced, misnamed, noTable] = await Promise.all([
    validate(anywhere, '--table', 'orders'),
    validate(anywhere),
    validate(at('bad/orders-data/other.csv')),
    validate(anywhere, '--table', 'order'),
  ]);
  expect(table.code).toBe(0);
  expect(table.stdout).toContain('whether land would take the files, by folder and name, for table "orders"');
  expect(misplaced).toMatchObject({ code: 2, stdout: '' });
  expect(misplaced.stderr).toMatch(
    /anywhere\.csv is in no table's folder.*\nSay which with --table \(orders, notes\)/,
  );
  expect(misnamed.code).toBe(3);
  expect(misnamed.stdout).toContain('belongs to a table');
  expect(noTable).toMatchObject({ code: 2, stdout: '' });
  expect(noTable.stderr).toContain('Did you mean "orders"?');
});

test('rows that the table allows to reject are listed as rejected, not failed', async () => {
  pipeline.release({
    tables: `orders: table({
      columns: { id: column.int64(), email: column.string({ sensitive: true, pattern: /[a-z]+/ }) },
      rejects: { maxRows: 2 },
    }),`,
  });
  const file = write('rejects/orders-data/data.csv', 'id,email\n1,good\nbanana,GEHEIM\n3,GEHEIM\n');
  const [words, asJson] = await Promise.all([validate(file), validate(file, '--json')]);
  pipeline.release({ tables: TABLES });
  expect([words.code, asJson.code]).toEqual([0, 0]);
  expect(words.stdout).toMatch(/^✓ Passed: 1 file passed all checks \(3 rows, 2 of them rejected\)\.\n/);
  expect(words.stdout).toMatch(/✓ .*data\.csv +orders +3 +(\d+) of \1, 2 rows rejected$/m);
  expect(words.stdout).toContain('\nRejected, not failed: 2 rows, left out as the tables allow.\n');
  expect(words.stdout).toMatch(/^orders +id +type +1 +1 +33.3 % .* data\.csv, line 3: "banana"$/m);
  expect(words.stdout).toMatch(/^orders +email +pattern +1 +2 +66.7 % .* data\.csv, line 3$/m);
  expect(words.stdout + asJson.stdout).not.toContain('GEHEIM');
  const report = reportOf(asJson);
  const isReport = new Ajv2020({ strict: false }).compile(
    JSON.parse(readFileSync(join(REPOSITORY, 'docs', 'validation-report.schema.json'), 'utf8')) as object,
  );
  expect(isReport(report) || isReport.errors).toBe(true);
  expect(report.tables[0]?.checks.filter(({ rejectedRows }) => rejectedRows)).toMatchObject([
    { code: 'type', column: 'id', rejectedRows: 1, failedFiles: 0 },
    { code: 'pattern', column: 'email', rejectedRows: 2 },
  ]);
});

test('--json has the documented shape', async () => {
  const schema = JSON.parse(
    readFileSync(join(REPOSITORY, 'docs', 'validation-report.schema.json'), 'utf8'),
  ) as object;
  const isReport = new Ajv2020({ strict: false }).compile(schema);
  for (const path of ['good', 'bad', 'good/orders-data/data.csv']) {
    const report = reportOf(await validate(at(path), '--json'));
    expect(isReport(report) || isReport.errors).toBe(true);
  }
});

test('--report writes a page or JSON, and is refused before anything is read where it cannot', async () => {
  const [page, json, neither, nowhere] = await Promise.all([
    validate(at('bad'), '--report', at('r.html')),
    validate(at('bad'), '--report', at('r.json')),
    validate(at('bad'), '--report', at('r.pdf')),
    validate(at('bad'), '--report', at('no/such/r.html')),
  ]);
  expect([page.code, json.code, neither.code, nowhere.code]).toEqual([3, 3, 2, 2]);
  expect(page.stdout).toContain(`Report: ${at('r.html')}`);
  expect(readFileSync(at('r.html'), 'utf8')).toContain('banana');
  expect(JSON.parse(readFileSync(at('r.json'), 'utf8'))).toMatchObject({ format: 1, verdict: 'refused' });
  expect(neither.stderr).toContain('ends with .html or .json');
  expect(nowhere.stderr).toContain('there is no such folder');
});

test('objects in S3 are checked where they are, one key or a whole prefix', async () => {
  await pipeline.land('orders-data/data.csv', BAD);
  await pipeline.land('notes-data/n.jsonl', '{"id":1}\n');
  const uri = `s3://${pipeline.areas.land}/${PREFIX}`;
  const run = (...args: string[]): Promise<CommandResult> =>
    runLandfall(['validate', pipeline.module, ...args]);
  const [key, prefix, missing] = await Promise.all([
    run(`${uri}notes-data/n.jsonl`, '--json'),
    run(uri, '--json'),
    run(`${uri}notes-data/gone.jsonl`),
  ]);
  expect([key.code, prefix.code, missing.code]).toEqual([0, 3, 2]);
  expect(codesOf(reportOf(prefix))).toEqual(['type', 'type']);
  expect(reportOf(prefix).notChecked).toEqual([]);
  expect(missing.stderr).toContain('gone.jsonl cannot be read');
  expect(await pipeline.list('land')).toHaveLength(2);
  expect(await pipeline.list('log')).toEqual([]);
});

test.each([
  [['no-such-file.csv'], /no-such-file\.csv cannot be read: ENOENT: no such file or directory\./],
  [['-'], /Standard input has no name/],
  [['/dev/null'], /\/dev\/null cannot be read: it is no file/],
  [['--jsno', 'x'], /unknown option '--jsno'\n\(Did you mean --json\?\)/],
  [[], /missing required argument 'files'/],
])('%j is refused with exit code 2 and words', async (args, words) => {
  const result = await validate(...args);
  expect(result).toMatchObject({ code: 2, stdout: '' });
  expect(result.stderr).toMatch(words);
  expectNoStackTrace(result);
});

test('a pipeline is a module, or a name among modules', async () => {
  const run = (...args: string[]): Promise<CommandResult> => runLandfall(['validate', ...args], NOWHERE);
  const [byName, nameless, wrongName, noModule] = await Promise.all([
    run(pipeline.name, at('good'), '--module', pipeline.module),
    run(pipeline.name, at('good')),
    run('other', at('good'), '--module', pipeline.module),
    run('no/such.ts', at('good')),
  ]);
  expect([byName.code, nameless.code, wrongName.code, noModule.code]).toEqual([0, 2, 2, 2]);
  expect(nameless.stderr).toContain(`landfall validate ${pipeline.name} --module <path> <files…>`);
  expect(wrongName.stderr).toContain('There is no pipeline "other".');
});

test('on a terminal it shows how far it is, and leaves the line clean', async () => {
  const rows = Array.from({ length: 300_000 }, (_, index) => `${index},2024-02-29\n`).join('');
  const large = write('large/orders-data/data.csv', `id,day\n${rows}`);
  const { ended } = startOnTerminal(`validate ${pipeline.module} ${large}`);
  const { code, stdout } = await ended;
  expect(code).toBe(0);
  expect(stdout).toMatch(/\[K0 of 1 file, [\d,]+ rows, .* of 5,289 kB/);
  expect(stdout).toContain('\r\u001b[K✓ Passed');
});

test('two signs of the same file are one, and a closed pipe ends it quietly', async () => {
  const file = at('good/orders-data/data.csv');
  expect(reportOf(await validate(file, file, '--json')).totals.files).toBe(1);
  const { process: command, ended } = startLandfall(['validate', pipeline.module, at('bad')], {
    environment: NOWHERE,
  });
  command.stdout?.destroy();
  expectNoStackTrace(await ended);
});
