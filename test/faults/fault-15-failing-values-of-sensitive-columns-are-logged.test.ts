import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Client, Connection } from '@temporalio/client';
import { startLandfall, type RunningLandfall } from '../cli/start-landfall';
import { allTextOf, PlantedValues } from '../support/planted-values';
import { runLandfall } from '../support/run-landfall';
import { createTestPipeline, PREFIX, type TestPipeline } from '../support/test-pipeline';

const TABLES = `people: table({
    columns: {
      name: column.string({ pattern: /[a-z]+/, sensitive: true }),
      short: column.string({ sensitive: true }).max(3),
      long: column.string({ sensitive: true }).min(20),
      kind: column.oneOf(['allowed-one', 'allowed-two'], { sensitive: true }),
      said: column.string({ sensitive: true }).refine((value) => value === 'ok', {
        error: (issue) => 'I do not like ' + String(issue.input) + ' in capitals ' + String(issue.input).toUpperCase(),
      }),
      whole: column.int32({ sensitive: true }),
      least: column.int64({ sensitive: true }).max(5n),
      fee: column.decimal(8, 2, { sensitive: true, min: '0' }),
      born: column.date({ sensitive: true, max: '2000-01-01' }),
      seen: column.timestamp({ sensitive: true }),
      fair: column.boolean({ sensitive: true }),
      real: column.float64({ sensitive: true }),
      must: column.string({ sensitive: true }),
      plain: column.string({ pattern: /[a-z]+/ }),
    },
    primaryKey: ['must'],
    foreignKeys: [{ columns: ['must'], references: { table: 'notes', columns: ['note'] }, in: 'delivery' }],
  }),
  notes: table({
    format: jsonLines(),
    columns: { id: column.int64(), note: column.string({ sensitive: true, pattern: /[a-z]+/ }), level: column.int32({ sensitive: true }) },
    primaryKey: ['id', 'note'],
  }),
  lists: table({ format: json(), columns: { note: column.string({ sensitive: true }) }, files: { required: false } }),
  broken: table({
    files: { required: false },
    columns: {
      said: column.string({ sensitive: true }).refine((value) => {
        throw new Error('cannot judge ' + value);
      }),
    },
  }),`;

const values = new PlantedValues();
const PEOPLE = 'name,short,long,kind,said,whole,least,fee,born,seen,fair,real,must,plain';
const GOOD = 'a,b,cccccccccccccccccccccc,allowed-one,ok,1,2,3.00,1990-01-01,2020-01-01T00:00:00,true,1.5';

/** Every way in which a value, a row or a file can be at fault, with values that are nobody's business. */
const FILES: Record<string, string | Buffer> = {
  'people-data/0-values.csv': [
    PEOPLE,
    [
      ...[values.text(), values.text(), values.text(), values.text(), values.text()],
      ...[values.digits(), values.digits(15), `${values.digits(12)}.123`, values.plant('2917-04-31')],
      ...[values.text(), values.text(), values.text(), 'm1', 'NOT SECRET'],
    ].join(','),
    // Of the type, and against the rules.
    `a,b,cccccccccccccccccccccc,allowed-one,ok,1,${values.digits(15)},-${values.digits(6)}.25,${values.plant('2931-05-06')},2020-01-01T00:00:00,true,1.5,,plain`,
    ...['plain', 'plain'].map((plain) => `${GOOD},twiceSecretKey,${plain}`),
  ].join('\n'),
  'people-data/1-same-key.csv': `${PEOPLE}\n${GOOD},twiceSecretKey,plain\n`,
  'people-data/rows.csv': `${PEOPLE}\n${values.text()},"${values.text()}" x\n${values.text()},${values.text()}\n"${values.text()}`,
  'people-data/no-header.csv': `${[1, 2, 3, 4, 5].map(() => values.text()).join(',')},same,same\n1,2,3,4,5,6,7\n`,
  'people-data/twice.csv': `${PEOPLE},${values.plant('ZqTwiceTwice')},ZqTwiceTwice\n`,
  'people-data/cut.csv.gz': gzipSync(`${PEOPLE}\n${values.text()}\n`.repeat(50)).subarray(0, 90),
  'people-data/bad-bytes.csv': Buffer.concat([
    Buffer.from(`${PEOPLE}\n${values.text()},`),
    Buffer.from([0xff, 0xfe]),
    Buffer.from(values.text()),
  ]),
  'notes-data/notes.jsonl': [
    `{"id":1,"note":"${values.text()}","level":"${values.text()}"}`,
    `{"id":2,"note":"${values.text()}`,
    `{"id":3,"note":{"${values.text()}":"${values.text()}"},"level":${values.digits()}}`,
    `{"id":4,"${values.text()}":"${values.text()}"}`,
    `{"id":5,"note":"twicesecretkey","level":1}`,
    `{"id":5,"note":"twicesecretkey","level":1}`,
    `{"id":6,"note":"${values.text()}","note":"${values.text()}","level":1}`,
    values.text(),
  ].join('\n'),
  'lists-data/list.json': `[{"note":"${values.text()}"} {"note":"${values.text()}"}]`,
};
values.plant('twiceSecretKey');

let pipeline: TestPipeline;
let worker: RunningLandfall;
let client: Client;
const folder = join(tmpdir(), `landfall-fault-15-${process.pid}`);

beforeAll(async () => {
  pipeline = await createTestPipeline({ tables: TABLES });
  const environment = { ...process.env, IMAGE_TAG: 'v1.2.3', LOG_LEVEL: 'debug' };
  worker = startLandfall(['worker', pipeline.module], { environment });
  await worker.said('Working for');
  client = new Client({
    connection: await Connection.connect({ address: process.env['TEMPORAL_ADDRESS'] ?? '' }),
  });
});
afterAll(async () => {
  worker.process.kill('SIGTERM');
  await worker.ended;
  await client.connection.close();
  rmSync(folder, { recursive: true, force: true });
  pipeline.remove();
});

async function readHistories(): Promise<string> {
  const texts: string[] = [];
  for await (const { workflowId, runId } of client.workflow.list({
    query: `LandfallPipeline = '${pipeline.name}'`,
  })) {
    const handle = client.workflow.getHandle(workflowId, runId);
    const [history, details] = await Promise.all([
      handle.fetchHistory(),
      handle.query('__temporal_workflow_metadata'),
    ]);
    texts.push(allTextOf(history), allTextOf(details));
  }
  return texts.join('\n');
}

async function readLogArea(): Promise<string> {
  const keys = await pipeline.list('log');
  return (
    await Promise.all(keys.map(async (key) => `${key}\n${String(await pipeline.read('log', key))}`))
  ).join('\n');
}

// prettier-ignore
const ALL_CODES = [
  'bad-quote', 'damaged-compression', 'duplicate-column', 'duplicate-key', 'enum', 'field-count', 'malformed-json', 'max', 'max-length', 'min',
  'min-length', 'missing-column', 'missing-reference', 'not-utf-8', 'null', 'pattern', 'refinement', 'repeated-json-key', 'too-few-rows', 'type',
  'unknown-column',
];

test('failing values of sensitive columns come out nowhere: not in reports, logs, failures or histories', async () => {
  for (const [file, body] of Object.entries(FILES)) await pipeline.land(file, body);
  const [run, again] = [
    await runLandfall(['run', pipeline.name]),
    await runLandfall(['run', pipeline.name, '--json']),
  ];
  const status = await runLandfall(['status', pipeline.name, '--json']);
  expect([run.code, again.code, status.code]).toEqual([3, 3, 0]);

  const log = await readLogArea();
  const history = await readHistories();
  const told = [run, again, status].map(({ stdout, stderr }) => stdout + stderr).join('\n');
  const workerSaid = await worker.said('');

  // What is looked through is there, and says that all of it failed.
  const { refusal } = JSON.parse(again.stdout) as { refusal: { report: string; page: string } };
  const key = refusal.report.slice(`s3://${pipeline.areas.log}/`.length);
  const report = JSON.parse(String(await pipeline.read('log', key))) as { failed: { code: string }[] };
  expect([...new Set(report.failed.map(({ code }) => code))].sort()).toEqual(ALL_CODES);
  expect(log).toContain('<!doctype html>');
  expect(log).toContain('NOT SECRET');
  expect(history).toContain('DeliveryRefusedError');
  expect(history).toContain('allowed values');
  expect(values.count).toBeGreaterThan(40);

  expect({
    log: values.foundIn(log),
    history: values.foundIn(history),
    told: values.foundIn(told),
    worker: values.foundIn(workerSaid),
  }).toEqual({ log: [], history: [], told: [], worker: [] });
});

test('nor does landfall validate tell them, in words, as JSON or as a page', async () => {
  for (const [file, body] of Object.entries(FILES)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), body);
  }
  const page = join(folder, '..', `fault-15-${process.pid}.html`);
  const [words, asJson] = await Promise.all([
    runLandfall(['validate', pipeline.module, folder, '--report', page]),
    runLandfall(['validate', pipeline.module, folder, '--json']),
  ]);
  expect([words.code, asJson.code]).toEqual([3, 3]);
  const told = [words.stdout, words.stderr, asJson.stdout, asJson.stderr, readFileSync(page, 'utf8')].join(
    '\n',
  );
  rmSync(page);
  expect(told).toContain('NOT SECRET');
  expect(told).toContain('allowed-one');
  expect(values.foundIn(told)).toEqual([]);
});

test('a refinement that fails with the value in its words fails the run without them', async () => {
  const secret = values.text();
  for (const key of await pipeline.list('land')) await pipeline.land(key.slice(PREFIX.length), 'said\n');
  await pipeline.land('broken-data/data.csv', `said\n${secret}\n`);
  const result = await runLandfall(['run', pipeline.name]);
  expect(result.code).toBe(1);
  expect(result.stderr).toContain('The refinement of column "said" failed');
  const everything = [
    result.stdout,
    result.stderr,
    await readHistories(),
    await readLogArea(),
    await worker.said(''),
  ];
  expect(values.foundIn(everything.join('\n'))).toEqual([]);
});
