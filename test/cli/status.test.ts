import { Client, Connection } from '@temporalio/client';
import { LandfallClient, type RunSummary } from '../../src';
import { runWorkflowId } from '../../src/layout/workflow-names';
import { readTemporalTarget } from '../../src/temporal-connection';
import { runLandfall, startTestWorker, type TestWorker } from '../support/run-landfall';
import { createGatedPipeline, type GatedPipeline } from './gated-pipeline';
import { readJson } from './start-landfall';

let pipeline: GatedPipeline;
let worker: TestWorker;
let client: LandfallClient;

beforeAll(async () => {
  pipeline = await createGatedPipeline();
  worker = await startTestWorker([pipeline.module]);
  client = await LandfallClient.connect();
});
afterAll(async () => {
  await client.close();
  await worker.stop();
  pipeline.remove();
});

async function begin(file: string, body: string): Promise<number> {
  await pipeline.land(`orders-data/${file}`, body);
  const taken = await client.takeDelivery(pipeline.name);
  if (taken.kind !== 'run') throw new Error('a run was expected');
  return taken.fileLandTimestamp;
}

async function terminate(timestamp: number): Promise<void> {
  const { connectionOptions, namespace } = readTemporalTarget();
  const connection = await Connection.connect(connectionOptions);
  const temporal = new Client({ connection, namespace });
  await temporal.workflow.getHandle(runWorkflowId(pipeline.name, timestamp)).terminate('by a test');
  await connection.close();
}

async function listRuns(): Promise<RunSummary[]> {
  const result = await runLandfall(['status', pipeline.name, '--json']);
  expect(result).toMatchObject({ code: 0, stderr: '' });
  return (readJson(result) as { runs: RunSummary[] }).runs;
}

const ended = (timestamp: number): Promise<unknown> =>
  client.result(pipeline.name, timestamp).catch((error: unknown) => error);

test('a pipeline without runs has none', async () => {
  const result = await runLandfall(['status', pipeline.name]);
  expect(result).toEqual({ code: 0, stdout: '', stderr: `Pipeline "${pipeline.name}" has no runs.\n` });
  expect(await listRuns()).toEqual([]);
});

test('every run is listed with how it really ended, newest first', async () => {
  const refused = await begin('bad.csv', 'id\nx\n');
  await ended(refused);

  const terminated = await begin('bad.csv', 'id\n1\n');
  await pipeline.reached();
  expect(await listRuns()).toMatchObject([
    { fileLandTimestamp: terminated, outcome: 'running' },
    { fileLandTimestamp: refused, outcome: 'refused' },
  ]);
  await terminate(terminated);
  await ended(terminated);
  pipeline.close();

  // The archived delivery goes on, in a run of its own.
  expect(await begin('next.csv', 'id\n2\n')).toBe(terminated);
  await pipeline.reached();
  await client.cancel(pipeline.name, terminated);
  await ended(terminated);
  pipeline.open();
  const published = await client.run(pipeline.name);
  const next = await client.run(pipeline.name);

  const runs = await listRuns();
  expect(runs.map(({ fileLandTimestamp, outcome }) => [fileLandTimestamp, outcome])).toEqual([
    [next?.fileLandTimestamp, 'published'],
    [published?.fileLandTimestamp, 'published'],
    [terminated, 'cancelled'],
    [terminated, 'cancelled'],
    [refused, 'refused'],
  ]);
  expect(Object.keys(runs[0] ?? {}).sort()).toEqual([
    'endedAt',
    'fileLandTimestamp',
    'outcome',
    'runId',
    'startedAt',
    'version',
    'workflowId',
  ]);

  const table = await runLandfall(['status', pipeline.name]);
  const lines = table.stdout.trimEnd().split('\n');
  expect(lines[0]).toMatch(/^file_land_timestamp +outcome +version +started +took$/);
  expect(lines).toHaveLength(6);
  expect(lines[1]).toMatch(/^\d+ +published +v1\.2\.3 +\d{4}-\d\d-\d\dT[\d:.]+Z +\d+\.\d s$/);
  expect(lines[5]).toMatch(new RegExp(`^${refused} +refused +v1\\.2\\.3 `));
});

test('a reader that goes away (| head) is no failure of ours', async () => {
  const { execFile } = await import('node:child_process');
  const { promisify } = await import('node:util');
  const { stderr } = await promisify(execFile)('sh', [
    '-c',
    `"${process.execPath}" bin/landfall.js status ${pipeline.name} | true`,
  ]);
  expect(stderr).toBe('');
});
