import { DeleteDatabaseCommand, GlueClient } from '@aws-sdk/client-glue';
import { LandfallClient } from '../../src/client';
import { createGlueCatalogue } from '../../src/adapters/glue-catalogue';
import type { CatalogueDatabase } from '../../src/adapters/catalogue';
import type { GcResult, RecreateResult, RollbackResult } from '../../src/layout/maintenance';
import { must } from '../adapters/test-buckets';
import { runLandfall, startTestWorker, type TestWorker } from '../support/run-landfall';
import { createGatedPipeline, type GatedPipeline } from './gated-pipeline';
import { expectNoStackTrace, readJson, startLandfall } from './start-landfall';

const catalogue = createGlueCatalogue();
let client: LandfallClient;
let pipeline: GatedPipeline;
let worker: TestWorker;
const delivered: number[] = [];

const readDatabase = async (): Promise<CatalogueDatabase> =>
  must(await catalogue.readDatabase(pipeline.database));

async function publish(row: number): Promise<void> {
  await pipeline.land('orders-data/data.csv', `id\n${row}\n`);
  delivered.push(must(await client.run(pipeline.name)).fileLandTimestamp);
}

beforeAll(async () => {
  client = await LandfallClient.connect();
  pipeline = await createGatedPipeline();
  pipeline.open();
  worker = await startTestWorker([pipeline.module]);
  await publish(1);
  await publish(2);
});
afterAll(async () => {
  pipeline.open();
  await worker.stop();
  await client.close();
  pipeline.remove();
});

test('help has an example and the exit codes; what is no grace, no time and no pipeline is refused', async () => {
  for (const command of [['rollback'], ['gc'], ['glue', 'recreate']]) {
    const { code, stdout } = await runLandfall([...command, '--help']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/Exit codes: 0 done[^]*Examples?:\n {2}\$ landfall/);
  }
  const [grace, to, option, nobody] = await Promise.all([
    runLandfall(['gc', pipeline.name, '--grace', 'a week']),
    runLandfall(['rollback', pipeline.name, '--to', 'yesterday']),
    runLandfall(['gc', pipeline.name, '--force']),
    runLandfall(['gc', 'nobody', '--json']),
  ]);
  expect([grace.code, to.code, option.code, nobody.code]).toEqual([2, 2, 2, 6]);
  expect(grace.stderr).toContain('7d, 36h, 90m, 0s');
  expect(option.stderr).toContain("unknown option '--force'");
  expect(readJson(nobody)).toMatchObject({
    error: { happened: 'No worker serves a pipeline named "nobody".' },
  });
  for (const result of [grace, to, option, nobody]) expectNoStackTrace(result);
});

test('is refused during a run, with exit code 11, and the intake stays as it was', async () => {
  pipeline.close();
  await pipeline.land('orders-data/data.csv', 'id\n3\n');
  const taken = await client.takeDelivery(pipeline.name);
  await pipeline.reached();
  const before = await readDatabase();
  const [words, json] = await Promise.all([
    runLandfall(['rollback', pipeline.name]),
    runLandfall(['gc', pipeline.name, '--grace', '0s', '--json']),
  ]);
  pipeline.open();
  expect([words.code, json.code]).toEqual([11, 11]);
  const { fileLandTimestamp } = taken as { fileLandTimestamp: number };
  expect(words.stderr).toContain(`The run of delivery ${fileLandTimestamp} of pipeline`);
  expect(readJson(json)).toMatchObject({ error: { type: 'BusyError' } });
  expect(await readDatabase()).toEqual(before);
  await client.result(pipeline.name, fileLandTimestamp);
  delivered.push(fileLandTimestamp);
  expect((await client.intakeStatus(pipeline.name))?.paused).toBeNull();
});

test('rollback: refused without a pause, dry without a pause, then done and paused, until resume', async () => {
  const [first = 0, second = 0, third = 0] = delivered;
  const never = await runLandfall(['rollback', pipeline.name, '--to', '1234']);
  expect(never).toMatchObject({ code: 2, stdout: '' });
  expect(never.stderr).toContain(`Its latest: ${third}, ${second}, ${first}.`);
  const before = await readDatabase();
  const dry = await runLandfall(['rollback', pipeline.name, '--dry-run']);
  expect(dry.stdout).toContain(`would go back from delivery ${third} to the publish of delivery ${second}`);
  expect(await readDatabase()).toEqual(before);
  expect((await client.intakeStatus(pipeline.name))?.paused).toBeNull();

  const done = await runLandfall(['rollback', pipeline.name, '--why', 'test data']);
  expect(done).toMatchObject({ code: 0, stderr: '' });
  expect(done.stdout).toContain('Tables moved: orders\n');
  expect(done.stdout).toContain(`When it may: landfall resume ${pipeline.name}`);
  expect((await readDatabase()).tables[0]?.parameters['landfall.rows']).toBe('2');
  const again = await runLandfall(['rollback', pipeline.name, '--to', String(first), '--json']);
  expect(readJson(again)).toMatchObject({
    from: second,
    fileLandTimestamp: first,
  } satisfies Partial<RollbackResult>);
  const paused = await runLandfall(['run', pipeline.name]);
  expect(paused).toMatchObject({ code: 8 });
  expect(paused.stderr).toContain(': rolled back\n');

  await runLandfall(['resume', pipeline.name]);
  await publish(4);
  expect((await readDatabase()).tables[0]?.parameters['landfall.rows']).toBe('4');
});

test('glue recreate after the database was deleted by hand, then gc, in words and as JSON', async () => {
  const before = await readDatabase();
  const curated = await pipeline.list('curated');
  await new GlueClient({}).send(new DeleteDatabaseCommand({ Name: pipeline.database }));
  const recreated = await runLandfall(['glue', 'recreate', pipeline.name, '--json']);
  expect(readJson(recreated)).toMatchObject({ tables: { created: ['orders'] } } satisfies
    Partial<RecreateResult> | object);
  expect(await readDatabase()).toEqual(before);
  expect(await pipeline.list('curated')).toEqual(curated);
  const dry = await runLandfall(['gc', pipeline.name, '--grace', '0s', '--dry-run']);
  expect(dry.stdout).toMatch(/^3 snapshots with \d+ files \(.*\) would be deleted; 1 snapshot kept/);
  expect(dry.stdout).toMatch(/\n {2}orders, snapshot [0-9a-f]{16}: \d+ files, \d+ bytes, superseded\n/);
  const swept = readJson(await runLandfall(['gc', pipeline.name, '--grace', '0s', '--json'])) as GcResult;
  expect(swept).toMatchObject({ snapshots: 3, kept: 1, strangers: 0 });
  const refused = await runLandfall(['rollback', pipeline.name]);
  expect(refused).toMatchObject({ code: 2, stdout: '' });
  expect(refused.stderr).toContain('was swept by landfall gc');
});

test('a worker killed in the middle: its successor ends the rollback, and asking again attaches to it', async () => {
  await publish(5);
  await publish(6);
  const target = must(delivered.at(-2));
  await worker.kill();
  const rollback = startLandfall(['rollback', pipeline.name, '--json']);
  // The server has what was asked for; nobody is there to do it.
  worker = await startTestWorker([pipeline.module]);
  const { code, ...rest } = await rollback.ended;
  expect(code).toBe(0);
  expect(readJson({ code, ...rest })).toMatchObject({ fileLandTimestamp: target });
  expect((await readDatabase()).tables[0]?.parameters['landfall.rows']).toBe('5');
});
