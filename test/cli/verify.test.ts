import type { Verification } from '../../src/verify/verification';
import { Bench } from '../activities/bench';
import { toPublished } from '../activities/take-through';
import { runLandfall, type CommandResult } from '../support/run-landfall';
import { expectNoStackTrace, readJson, startOnTerminal } from './start-landfall';

let bench: Bench;
/** Temporal is nowhere. */
const WITHOUT_TEMPORAL: NodeJS.ProcessEnv = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('TEMPORAL_'))),
  TEMPORAL_ADDRESS: '127.0.0.1:1',
};
const verify = (...args: string[]): Promise<CommandResult> =>
  runLandfall(['verify', bench.pipeline.module, ...args], WITHOUT_TEMPORAL);

beforeAll(async () => {
  bench = await Bench.create({ tables: 'a: table({ columns: { id: column.int64() } }),' });
  for (const requested of [1000, 2000]) {
    await bench.land('a-data/x.csv', `id\n${requested}\n`);
    await toPublished(bench.run(), await bench.take({ requested }));
  }
});
afterAll(() => bench.close());

test('a sound archive: exit code 0, without Temporal, in words and as JSON', async () => {
  const [words, json, quick, range] = await Promise.all([
    verify(),
    verify('--json'),
    verify('--quick'),
    verify('--from', '1001', '--to', '1970-01-01T00:33:20Z', '--json'),
  ]);
  expect(words).toMatchObject({ code: 0, stderr: '' });
  expect(words.stdout).toBe(
    `✓ Sound: 2 archived deliveries with 2 files in s3://${bench.pipeline.areas.rawHist}, 16 bytes read and compared.\n`,
  );
  expect(readJson(json)).toMatchObject({ format: 1, verdict: 'sound', objects: 2, counts: {} });
  expect(quick.stdout).toContain('existence, size and metadata compared');
  expect(readJson(range)).toMatchObject({ objects: 1, from: 1001, to: 2000 });
});

test('on a terminal it shows how far it is, and leaves the line clean', async () => {
  const { code, stdout } = await startOnTerminal(`verify ${bench.pipeline.module}`).ended;
  expect(code).toBe(0);
  expect(stdout).toMatch(/\[K[012] of 2 deliveries, [012] files?, /);
  expect(stdout).toContain('\r\u001b[K✓ Sound');
});

test('a damaged archive: exit code 9, and each problem in words', async () => {
  const [first = '', second = ''] = await bench.keys('rawHist');
  await bench.erase('rawHist', first);
  await bench.put('rawHist', second, 'id\n9999\n');
  const stranger = second.replace('x_2000', 'y_2000');
  await bench.put('rawHist', stranger, 'id\n1\n');
  const [words, json, range] = await Promise.all([verify(), verify('--json'), verify('--to', '999')]);
  expect(words).toMatchObject({ code: 9, stderr: '' });
  expect(words.stdout).toMatch(/^✗ Damaged: 3 problems; 2 archived deliveries with 2 files in /);
  expect(words.stdout).toContain(`missing: s3://${bench.pipeline.areas.rawHist}/${first} (delivery 1000)\n`);
  expect(words.stdout).toContain(
    `stranger: s3://${bench.pipeline.areas.rawHist}/${stranger} (delivery 2000)\n`,
  );
  const found = readJson(json) as Verification;
  expect(json.code).toBe(9);
  expect(found.counts).toEqual({ missing: 1, altered: 1, stranger: 1 });
  expect(range.code).toBe(0);
});

test('a range that is none, a pipeline that is not there and a store that does not answer', async () => {
  const [range, when, module, store] = await Promise.all([
    verify('--from', '2000', '--to', '1000'),
    verify('--from', 'yesterday'),
    runLandfall(['verify', 'orders'], WITHOUT_TEMPORAL),
    runLandfall(['verify', bench.pipeline.module], {
      ...WITHOUT_TEMPORAL,
      AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
    }),
  ]);
  expect([range.code, when.code, module.code, store.code]).toEqual([2, 2, 2, 6]);
  expect(range.stderr).toContain('--from 2000 is later than --to 1000');
  expect(module.stderr).toContain('Give its module: landfall verify orders --module <path>\n');
  expect(store.stderr).toMatch(/^Reading the versioning of s3:\S+ failed: .*ECONNREFUSED/);
  for (const result of [range, when, module, store]) expectNoStackTrace(result);
});
