import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAthenaQueryEngine } from '../../src/adapters/athena-query';
import type { RunResult } from '../../src/layout/delivery';
import { ensureSearchAttributes } from '../../src/search-attributes';
import type { CommandResult } from '../support/run-landfall';
import { createTestPipeline, PREFIX, type TestPipeline } from '../support/test-pipeline';
import { findInTree, findSurvivors, listProcessTree } from './process-tree';
import { LANDFALL, readJson, startLandfall, watch, type RunningLandfall } from './start-landfall';

interface Where {
  temporalAddress: string;
  webUiUrl?: string;
  awsEndpoint: string;
  environment: Record<string, string>;
  pipelines: string[];
}

const ENDS_WITHIN_MS = 20_000;

/** The run's own stack is the user's own Temporal and AWS here; without it all is embedded. */
const own = { ...process.env };
const { TEMPORAL_ADDRESS: _, TEMPORAL_NAMESPACE: __, AWS_ENDPOINT_URL: ___, ...embedded } = own;
const embeddedAws = { ...embedded, TEMPORAL_ADDRESS: own.TEMPORAL_ADDRESS };

let pipeline: TestPipeline;
let folder: string;
const started: RunningLandfall[] = [];

beforeAll(async () => {
  pipeline = await createTestPipeline();
  await ensureSearchAttributes();
});
afterAll(() => pipeline.remove());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'landfall-dev-'));
});
afterEach(async () => {
  for (const dev of started.splice(0)) {
    dev.process.kill('SIGTERM');
    await dev.ended;
  }
  await landfall('dev', '--stop');
  rmSync(folder, { recursive: true, force: true });
});

function startDev(args: readonly string[] = [], environment: NodeJS.ProcessEnv = own): RunningLandfall {
  const dev = startLandfall(['dev', pipeline.module, ...args], { cwd: folder, environment });
  started.push(dev);
  return dev;
}

/** Resolves when it has said where everything is. */
async function whereIs(dev: RunningLandfall): Promise<Where> {
  const said = await dev.said('"pipelines"');
  return JSON.parse(said.split('\n').find((line) => line.startsWith('{')) ?? '') as Where;
}

const processesOf = (dev: RunningLandfall) => listProcessTree(dev.process.pid ?? 0);

/** In the folder, with nothing in the environment that says where the stack is. */
const landfall = (...args: string[]): Promise<CommandResult> =>
  startLandfall(args, { cwd: folder, environment: embedded }).ended;

test('with Temporal and AWS of one’s own it starts only a worker, and commands in the folder find them', async () => {
  const dev = startDev(['--json']);
  const where = await whereIs(dev);
  expect(where).toMatchObject({
    temporalAddress: own.TEMPORAL_ADDRESS,
    awsEndpoint: own.AWS_ENDPOINT_URL,
    pipelines: [pipeline.name],
  });
  expect(where).not.toHaveProperty('webUiUrl');
  const processes = processesOf(dev);
  expect(processes.filter(({ command }) => /start-dev|aws-emulator/.test(command))).toEqual([]);

  await pipeline.land('orders-data/data.csv', 'id,name,price,day\n1,n,,2024-01-01\n');
  const [run, second] = [await landfall('run', pipeline.name, '--json'), await startDev().ended];
  expect(run.code).toBe(0);
  expect((readJson(run) as RunResult).tables[0]).toMatchObject({ landed: 1 });
  expect(second).toMatchObject({ code: 6, stdout: '' });
  expect(second.stderr).toContain(`A stack runs for this folder already, as process ${dev.process.pid}.`);

  dev.process.kill('SIGINT');
  const { code, stdout } = await dev.ended;
  expect({ code, lines: stdout.trimEnd().split('\n').length }).toEqual({ code: 0, lines: 1 });
  expect(await findSurvivors(processes, 1_000)).toEqual([]);
  expect(existsSync(join(folder, '.landfall', 'running.json'))).toBe(false);
});

test('embedded: state survives a restart, a killed part ends all, --fresh forgets, --detach and --stop', async () => {
  const first = startDev(['--json'], embedded);
  const where = await whereIs(first);
  expect(where.webUiUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect((await fetch(where.webUiUrl ?? '')).status).toBe(200);
  const key = `${PREFIX}orders-data/data.csv`;
  const body = 'id,name,price,day\n7,Ann,1.50,2024-01-01\n';
  await fetch(`${where.awsEndpoint}/${pipeline.areas.land}/${key}`, { method: 'PUT', body });
  const run = readJson(await landfall('run', pipeline.name, '--json')) as RunResult;
  expect(run).toMatchObject({ outcome: 'published', version: 'development', bytes: body.length });
  const firstProcesses = processesOf(first);
  expect(firstProcesses.filter(({ command }) => command.includes('guard.cjs'))).toHaveLength(3);
  first.process.kill('SIGINT');
  expect(await first.ended).toMatchObject({ code: 0 });
  expect(await findSurvivors(firstProcesses, 1_000)).toEqual([]);

  const second = startDev(['--json'], embedded);
  expect(await whereIs(second)).toEqual(where);
  expect(readJson(await landfall('status', pipeline.name, '--json'))).toMatchObject({
    runs: [{ fileLandTimestamp: run.fileLandTimestamp, outcome: 'published' }],
  });
  expect(await queryOrders(where)).toEqual([['7', 'Ann']]);
  const secondProcesses = processesOf(second);
  process.kill(findInTree(secondProcesses, 'start-dev').pid, 'SIGKILL');
  const died = await second.ended;
  expect(died.code).toBe(6);
  expect(died.stderr).toContain('The part "temporal" of the embedded stack ended by itself.');
  expect(died.stderr).toContain(join(folder, '.landfall', 'dev', 'logs', 'temporal.log'));
  expect(await findSurvivors(secondProcesses, 1_000)).toEqual([]);

  const parent = startUnderParent(['--fresh', '--detach', '--json'], embedded);
  await parent.said('"pipelines"');
  const detached = listProcessTree(parent.process.pid ?? 0).slice(1);
  parent.process.kill('SIGKILL');
  const [status, list] = [await landfall('status', pipeline.name), await landfall('run', pipeline.name)];
  expect(status.stderr).toBe(`Pipeline "${pipeline.name}" has no runs.\n`);
  expect(list.code).toBe(7);
  expect(await landfall('dev', '--stop')).toMatchObject({ code: 0, stderr: 'Stopped.\n' });
  expect(await findSurvivors(detached, 1_000)).toEqual([]);
  expect(await landfall('dev', '--stop')).toMatchObject({
    code: 0,
    stderr: 'Nothing runs for this folder.\n',
  });
}, 150_000);

test('when the program that started it is killed, everything ends within seconds', async () => {
  const parent = startUnderParent(['--json'], embeddedAws);
  await parent.said('"pipelines"');
  const processes = listProcessTree(parent.process.pid ?? 0);
  expect(processes.some(({ command }) => command.includes('aws-emulator'))).toBe(true);
  parent.process.kill('SIGKILL');
  expect(await findSurvivors(processes, ENDS_WITHIN_MS)).toEqual([]);
});

test.each([
  ['worker', 'cli/index.js worker', own],
  ['aws', 'aws-emulator.py', embeddedAws],
])('a killed %s ends the rest, and is named', async (part, command, environment) => {
  const dev = startDev(['--json'], environment);
  await whereIs(dev);
  const processes = processesOf(dev);
  process.kill(findInTree(processes, command).pid, 'SIGKILL');
  const result = await dev.ended;
  expect(result.code).toBe(6);
  expect(result.stderr).toContain(`The part "${part}" of the embedded stack ended by itself.`);
  expect(JSON.parse(result.stdout.trimEnd().split('\n')[1] ?? '')).toMatchObject({
    outcome: 'failed',
    error: { type: 'SetupError' },
  });
  expect(await findSurvivors(processes, 1_000)).toEqual([]);
});

test('a configured port that is taken is named, before anything runs', async () => {
  const squatter = createServer().listen(0, '127.0.0.1');
  await once(squatter, 'listening');
  const { port } = squatter.address() as AddressInfo;
  const result = await startDev(['--aws-port', String(port)], embeddedAws).ended;
  squatter.close();
  expect(result).toMatchObject({ code: 6, stdout: '' });
  expect(result.stderr).toContain(`Port ${port}, configured for aws, cannot be opened on 127.0.0.1`);
});

/** `landfall dev` as another program's child, which prints what it prints. */
function startUnderParent(args: readonly string[], environment: NodeJS.ProcessEnv): RunningLandfall {
  const command = JSON.stringify([LANDFALL, 'dev', pipeline.module, ...args]);
  const source = `require('node:child_process').spawn(process.execPath, ${command}, { stdio: 'inherit' })`;
  return watch(spawn(process.execPath, ['-e', source], { cwd: folder, env: environment }));
}

async function queryOrders({ environment }: Where): Promise<unknown> {
  const before = { ...process.env };
  Object.assign(process.env, environment);
  try {
    const query = createAthenaQueryEngine().query('SELECT id, name FROM orders', {
      database: pipeline.database,
      outputLocation: `s3://${pipeline.areas.log}/athena/`,
    });
    return (await query).rows;
  } finally {
    process.env = before;
  }
}
