import { readFileSync, writeFileSync } from 'node:fs';
import type { RunResult } from '../../src/layout/delivery';
import { runLandfall, startTestWorker, type TestWorker } from '../support/run-landfall';
import { createTestPipeline, type TestPipeline } from '../support/test-pipeline';
import { expectNoStackTrace, readJson } from './start-landfall';

const HEADER = 'id,name,price,day\n';
const rows = (from: number, count: number): string =>
  HEADER + Array.from({ length: count }, (_, index) => `${from + index},n,1.50,2024-01-01\n`).join('');

let pipeline: TestPipeline;
let other: TestPipeline;
let homeless: TestPipeline;
let waiting: TestPipeline;
let worker: TestWorker;

beforeAll(async () => {
  [pipeline, other, homeless, waiting] = await Promise.all([
    createTestPipeline(),
    createTestPipeline(),
    createTestPipeline(),
    createTestPipeline({ options: 'complete: { tables: true, quietSeconds: 3600 },' }),
  ]);
  const source = readFileSync(homeless.module, 'utf8');
  writeFileSync(homeless.module, source.replace(homeless.areas.land, 'there-is-no-such-bucket'));
  worker = await startTestWorker([pipeline.module, other.module, homeless.module, waiting.module]);
});
afterAll(async () => {
  await worker.stop();
  pipeline.remove();
  other.remove();
  homeless.remove();
  waiting.remove();
});

test('a published delivery: exit code 0, a table for people, a line a stage meanwhile', async () => {
  await pipeline.land('orders-data/data.csv', rows(1, 1234));
  const result = await runLandfall(['run', pipeline.name]);
  expect(result.code).toBe(0);
  expect(result.stdout).toMatch(
    new RegExp(
      `^Delivery \\d+ is published to database ${pipeline.database} \\(version v1\\.2\\.3\\)\\.
table +files +rows landed +processed +rejected +added by transform +in the table now
orders +1 +1,234 +1,234 +0 +0 +1,234
Report: s3://${pipeline.areas.log}/\\S+/published\\.json
Validation: s3://${pipeline.areas.log}/\\S+/runs/[0-9a-f-]{36}/validation\\.html\n$`,
    ),
  );
  const stages = result.stderr.trimEnd().split('\n');
  expect(stages[0]).toMatch(/^Run of delivery \d+ \(landfall-test-/);
  expect(stages.slice(1).map((line) => line.replace(/ \(.*|,.*/, ''))).toEqual([
    '  ✓ land: 1 of 1 files',
    '  ✓ raw-hist: 1 of 1 files',
    '  ✓ raw: 1 of 1 files',
    '  ✓ processed: 1 of 1 files',
    '  ✓ curated: 1 of 1 tables',
    '  ✓ glue: 1 of 1 tables',
  ]);
  expect(result.stderr).toMatch(/land: 1 of 1 files, 1,234 rows, 27 kB/);
});

test('--json is one line with the whole result, twice at once the same, and again by its timestamp', async () => {
  await pipeline.land('orders-data/data.csv', rows(5000, 10));
  const both = await Promise.all([
    runLandfall(['run', pipeline.name, '--json']),
    runLandfall(['run', pipeline.name, '--json']),
  ]);
  const result = readJson(both[0]) as RunResult;
  expect(Object.keys(result).sort()).toEqual([
    'bytes',
    'database',
    'fileLandTimestamp',
    'files',
    'outcome',
    'pipeline',
    'report',
    'tables',
    'validation',
    'version',
  ]);
  expect(result).toMatchObject({ outcome: 'published', pipeline: pipeline.name, files: 1 });
  expect(result.tables).toEqual([
    {
      table: 'orders',
      files: 1,
      landed: 10,
      processed: 10,
      rejected: 0,
      addedByTransform: 0,
      published: 1244,
    },
  ]);
  expect(both[1].stdout).toBe(both[0].stdout);
  expect(both.map(({ code }) => code)).toEqual([0, 0]);

  const asIso = new Date(result.fileLandTimestamp * 1000).toISOString();
  const [again, status] = await Promise.all([
    runLandfall(['run', pipeline.name, '--json', '--timestamp', asIso]),
    runLandfall(['status', pipeline.name, '--json']),
  ]);
  expect(again).toMatchObject({ code: 0, stdout: both[0].stdout });
  expect(again.stderr).toContain('was published before; nothing was changed');
  const { runs } = readJson(status) as { runs: { fileLandTimestamp: number }[] };
  expect(runs.filter((run) => run.fileLandTimestamp === result.fileLandTimestamp)).toHaveLength(1);
});

test('a refused delivery (of another pipeline of the worker): exit code 3, what is wrong in words, and as JSON', async () => {
  await other.land('orders-data/bad.csv', `${HEADER}1,a,1.234,2024-01-01\n`);
  const forPeople = await runLandfall(['run', other.name]);
  const forScripts = await runLandfall(['run', other.name, '--json']);

  expect(forPeople).toMatchObject({ code: 3, stdout: '' });
  expect(forPeople.stderr).toMatch(/is refused: 1 of 1 file failed 1 check:\n/);
  expect(forPeople.stderr).toMatch(/^table +column +check +files +rows +share +expected +first$/m);
  expect(forPeople.stderr).toMatch(
    /^orders +price +type +1 +1 +100 % +a number with .* +bad\.csv, line 2: "1\.234"$/m,
  );
  expect(forPeople.stderr).toMatch(/The whole report: s3:\S+\/validation\.html/);
  expect(forPeople.stderr).toContain('Nothing was moved');
  expect(forPeople.stderr.match(/✗/g)).toEqual(['✗']);
  expect(forPeople.stderr).not.toMatch(/[✓–] raw-hist/);
  expectNoStackTrace(forPeople);
  expect(forScripts.code).toBe(3);
  expect(readJson(forScripts)).toEqual({
    outcome: 'refused',
    pipeline: other.name,
    fileLandTimestamp: expect.any(Number) as number,
    error: {
      type: 'RunFailedError',
      happened: expect.stringContaining('column price: 1 row') as string,
      unchanged: expect.stringContaining('Nothing was moved') as string,
      next: expect.any(String) as string,
    },
    refusal: {
      ...{ files: 1, failedFiles: 1, findings: 1, moreChecks: 0 },
      checks: [
        {
          ...{ table: 'orders', column: 'price', check: 'type', files: 1, rows: 1, share: 1 },
          expected: 'a number with at most 10 digits before the point and 2 after it',
          first: 'bad.csv, line 2: "1.234"',
        },
      ],
      report: expect.stringMatching(/^s3:.*\/validation\.json$/) as string,
      page: expect.stringMatching(/^s3:.*\/validation\.html$/) as string,
    },
  });
});

test('nothing landed: exit code 7', async () => {
  const [forPeople, forScripts] = await Promise.all([
    runLandfall(['run', pipeline.name]),
    runLandfall(['run', pipeline.name, '--json']),
  ]);
  const words = `Nothing waits in land for pipeline "${pipeline.name}".\n`;
  expect(forPeople).toEqual({ code: 7, stdout: '', stderr: words });
  expect(forScripts).toMatchObject({ code: 7, stderr: words });
  expect(readJson(forScripts)).toEqual({ outcome: 'nothing-landed', pipeline: pipeline.name });
});

test('landed, but not complete: exit code 7, what is still to come, and land as it was', async () => {
  await waiting.land('orders-data/data.txt', rows(1, 1));
  const [forPeople, forScripts] = await Promise.all([
    runLandfall(['run', waiting.name]),
    runLandfall(['run', waiting.name, '--json']),
  ]);
  expect(forPeople).toMatchObject({ code: 7, stdout: '' });
  expect(forPeople.stderr).toMatch(
    /^What waits in land .* is not complete, and stays there\. Still to come:\n- files of table orders in \S+: 0 of at least 1\n/,
  );
  expect(forScripts.code).toBe(7);
  expect(readJson(forScripts)).toEqual({
    outcome: 'not-complete',
    pipeline: waiting.name,
    missing: [
      expect.stringContaining('files of table orders') as string,
      expect.stringContaining('data.txt') as string,
      expect.stringMatching(
        /^3600 seconds without an upload: quiet in 3[56]\d\d s, or taken as it is in \d+ s$/,
      ) as string,
    ],
  });
  expect(await waiting.list('land')).toHaveLength(1);
});

test('a timestamp that no delivery has, with land empty: exit code 2', async () => {
  const result = await runLandfall(['run', pipeline.name, '--json', '--timestamp', '1534968800']);
  expect(result.code).toBe(2);
  expect(readJson(result)).toMatchObject({
    outcome: 'failed',
    error: {
      type: 'UsageError',
      happened: expect.stringMatching(/no delivery with the file_land_timestamp 1534968800/) as string,
    },
  });
});

test('a bucket that AWS does not have: exit code 6, and named', async () => {
  const result = await runLandfall(['run', homeless.name, '--json']);
  expect(result.code).toBe(6);
  expect(readJson(result)).toMatchObject({
    outcome: 'failed',
    error: {
      type: 'SetupError',
      happened: expect.stringContaining('there-is-no-such-bucket') as string,
    },
  });
  expectNoStackTrace(result);
});

test('no worker for the pipeline: exit code 6, with what to start', async () => {
  const nobody = await runLandfall(['run', 'nobody-serves-this', '--json']);
  expect(nobody.code).toBe(6);
  expect(readJson(nobody)).toMatchObject({
    outcome: 'failed',
    error: { type: 'SetupError', happened: 'No worker serves a pipeline named "nobody-serves-this".' },
  });
  expect(nobody.stderr).toContain('npx landfall worker');
});

test('Temporal unreachable: exit code 6 soon, with the address', async () => {
  const startedAt = Date.now();
  const nowhere = { ...process.env, TEMPORAL_ADDRESS: '127.0.0.1:1' };
  const results = await Promise.all([
    runLandfall(['run', 'x', '--json'], nowhere),
    runLandfall(['status', 'x', '--json'], nowhere),
  ]);
  expect(Date.now() - startedAt).toBeLessThan(9_000);
  for (const result of results) {
    expect(result.code).toBe(6);
    expect(readJson(result)).toMatchObject({
      error: { type: 'SetupError', happened: 'There is no Temporal server at 127.0.0.1:1.' },
    });
    expect(result.stderr).toContain('npx landfall dev');
    expectNoStackTrace(result);
  }
});

test.each([['run'], ['status']])(
  '%s in a namespace that there is not: exit code 6, and named',
  async (command) => {
    const result = await runLandfall([command, 'x'], { ...process.env, TEMPORAL_NAMESPACE: 'nowhere' });
    expect(result).toMatchObject({ code: 6, stdout: '' });
    expect(result.stderr).toMatch(
      /^Temporal at \S+, namespace nowhere, cannot be used: it has no such namespace\.\n/,
    );
    expectNoStackTrace(result);
  },
);
