import { fork } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createEngine } from '../../src/engine/engine';
import type { CheckFileResult, Engine, TaskProgress, TransformFileTask } from '../../src/engine/tasks';
import { createBucket, failureOf, land, reasonOf } from '../adapters/test-buckets';
import { store } from './task-context';

const MODULE = join(__dirname, 'fixtures', 'misbehaving.ts');

/** The living processes below one, without those that end by themselves at once. */
function processesOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => statusOf(pid)?.parent === parent && isEngineProcess(pid));
}

const isEngineProcess = (pid: number): boolean =>
  readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('engine-process.js');

function statusOf(pid: number): { parent: number; state: string } | undefined {
  try {
    const [state = '', parent = ''] =
      readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return { parent: Number(parent), state };
  } catch {
    return undefined;
  }
}

const isGone = (pid: number): boolean => (statusOf(pid)?.state ?? 'Z') === 'Z';
const foldersOf = (pid: number): string[] =>
  readdirSync(tmpdir()).filter((name) => name.startsWith(`landfall-engine-${pid}-`));

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await delay(50);
}

describe('the engine', () => {
  let engine: Engine;
  let bucket: string;
  let checked: CheckFileResult;
  const task = (table: string): TransformFileTask => ({
    pipeline: 'misbehaving',
    table,
    source: { ...source, bucket },
    sha256: checked.sha256,
    target: { bucket, key: `processed/${table}.jsonl.gz` },
    fileName: 'rows.csv',
    fileLandTimestamp: 1534968800,
    version: 'v1.2.3',
  });
  let source: Awaited<ReturnType<typeof land>>;

  beforeAll(async () => {
    bucket = await createBucket('engine');
    source = await land(store, { bucket, key: 'land/rows.csv' }, 'id\n1\n2\n');
    engine = createEngine({ pipelineModules: [MODULE], maxProcesses: 1 });
    checked = await engine.checkFile({ pipeline: 'misbehaving', table: 'good', source });
  });
  afterAll(() => engine.close());

  it('does tasks in a process of its own, which it keeps, and tells how far they are', async () => {
    const [pid] = processesOf(process.pid);
    const progress: TaskProgress[] = [];
    const result = await engine.transformFile(task('good'), { onProgress: (made) => progress.push(made) });
    expect(result).toMatchObject({ rowsIn: 2, rowsOut: 2 });
    expect(progress.at(-1)).toEqual({ bytes: source.size, rows: 2 });
    expect(processesOf(process.pid)).toEqual([pid]);
  });

  it('has a process ready before the first task, when it was asked to start', async () => {
    const before = processesOf(process.pid);
    const other = createEngine({ pipelineModules: [MODULE], maxProcesses: 2 });
    const own = (): number[] => processesOf(process.pid).filter((pid) => !before.includes(pid));
    try {
      expect(own()).toEqual([]);
      other.start();
      const ready = own();
      expect(ready).toHaveLength(1);
      await other.checkFile({ pipeline: 'misbehaving', table: 'good', source });
      expect(own()).toEqual(ready);
    } finally {
      await other.close();
    }
  });

  it('hands on what a transform logs and counts', async () => {
    const logged: unknown[] = [];
    const result = await engine.transformFile(task('telling'), { onLog: (line) => logged.push(line) });
    expect(result).toMatchObject({ rowsOut: 2, counters: { seen: 2 } });
    expect(logged).toEqual([
      { level: 'info', words: 'seen', data: { id: '1' } },
      { level: 'info', words: 'seen', data: { id: '2' } },
    ]);
  });

  it('hands on an error with its class and its words', async () => {
    const failure = await failureOf(engine.transformFile(task('failing')));
    expect(failure.name).toBe('TransformError');
    expect(failure.happened).toBe(
      'The transform of table "failing", on file "rows.csv", failed: no such court.',
    );
    expect(failure.unchanged).toBe('The archived file is as it was; nothing of it was processed.');
    expect(failure.retryable).toBe(false);
  });

  it('aborts a task by killing its process, however busy, and does the next in another', async () => {
    const [pid = 0] = processesOf(process.pid);
    const abort = new AbortController();
    const reason = new Error('cancelled by the user');
    const endless = reasonOf(
      engine.transformFile(task('endless'), { signal: abort.signal, onProgress: () => abort.abort(reason) }),
    );
    const next = engine.transformFile(task('good'));
    expect(await endless).toBe(reason);
    expect(isGone(pid)).toBe(true);
    expect(await next).toMatchObject({ rowsOut: 2 });
    expect(foldersOf(process.pid).flatMap((name) => readdirSync(join(tmpdir(), name)))).toEqual([]);
  });

  it('gives up the place of a task that is aborted before its turn', async () => {
    const abort = new AbortController();
    const first = engine.transformFile(task('good'));
    const second = reasonOf(engine.transformFile(task('good'), { signal: abort.signal }));
    const third = engine.transformFile(task('good'));
    abort.abort(new Error('not needed'));
    expect(await second).toMatchObject({ message: 'not needed' });
    expect(await Promise.all([first, third])).toHaveLength(2);
  });

  it('says so when a process dies, which may be tried again, and goes on', async () => {
    const dying = failureOf(engine.transformFile(task('dying')));
    const next = engine.transformFile(task('good'));
    const failure = await dying;
    expect(failure).toMatchObject({ name: 'EngineProcessLostError', retryable: true });
    expect(failure.happened).toBe('The process that processed land/rows.csv was ended by SIGKILL.');
    expect(await next).toMatchObject({ rowsOut: 2 });
    expect(foldersOf(process.pid).flatMap((name) => readdirSync(join(tmpdir(), name)))).toEqual([]);
  });

  it('ends its processes and removes its files when it is closed, also in the middle of a task', async () => {
    const other = createEngine({ pipelineModules: [MODULE], maxProcesses: 1 });
    const before = processesOf(process.pid);
    let started: () => void;
    const underWay = new Promise<void>((resolve) => (started = resolve));
    const endless = failureOf(other.transformFile(task('endless'), { onProgress: () => started() }));
    await underWay;
    const own = processesOf(process.pid).filter((pid) => !before.includes(pid));
    expect(own).toHaveLength(1);
    await other.close();
    expect((await endless).message).toBe('The engine is closed. Create another one.');
    expect(own.every(isGone)).toBe(true);
    expect(
      (await failureOf(other.checkFile({ pipeline: 'misbehaving', table: 'good', source }))).message,
    ).toMatch(/is closed/);
  });

  it.each([
    ['while a process reads', () => true],
    ['while a process is too busy to hear of it', existsSync],
  ])('leaves no process and no file when its owner is killed %s', async (_when, isThen) => {
    const marker = join(await mkdtemp(join(tmpdir(), 'landfall-test-')), 'busy');
    const owner = fork(
      join(__dirname, 'fixtures', 'run-endless-task.cjs'),
      [JSON.stringify(task('endless')), MODULE],
      {
        env: { ...process.env, ENDLESS_MARKER: marker },
      },
    );
    const { pid: ownerPid = 0 } = owner;
    await until(
      () =>
        isThen(marker) && foldersOf(ownerPid).some((name) => readdirSync(join(tmpdir(), name)).length > 0),
    );
    const [orphan = 0] = processesOf(ownerPid);
    expect(orphan).toBeGreaterThan(0);
    owner.kill('SIGKILL');
    await until(() => isGone(orphan) && foldersOf(ownerPid).length === 0);
    expect(isGone(orphan)).toBe(true);
    await rm(dirname(marker), { recursive: true });
  });

  it('tells of a module without a pipeline with the first task', async () => {
    const other = createEngine({ pipelineModules: [join(__dirname, 'chunks.ts')] });
    const failure = await failureOf(other.checkFile({ pipeline: 'misbehaving', table: 'good', source }));
    await other.close();
    expect(failure.name).toBe('DefinitionError');
    expect(failure.happened).toMatch(/chunks\.ts exports no pipeline/);
  });
});
