import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isAlive, type ProcessIdentity } from '../../src/stack/process-identity';
import type { Stack } from '../../src/stack/stack-options';
import { startStack } from '../../src/stack/start-stack';

const NAMES_OF_OWN_SERVICES = ['TEMPORAL_ADDRESS', 'TEMPORAL_NAMESPACE', 'AWS_ENDPOINT_URL', 'AWS_REGION'];

const IGNORED_FOLDER = join(__dirname, '..', '..', '.landfall');

const folders: string[] = [];
const stacks: Stack[] = [];
const owners: ChildProcess[] = [];
const environmentOfRun = { ...process.env };

/** For each test: no stack of the run in the environment, so that stacks of its own are started; ended after it. */
export function useOwnStacks(): void {
  beforeEach(() => {
    const others = Object.entries(environmentOfRun).filter(([name]) => !NAMES_OF_OWN_SERVICES.includes(name));
    process.env = Object.fromEntries(others);
  });
  afterEach(async () => {
    for (const owner of owners.splice(0)) owner.kill('SIGKILL');
    await Promise.all(stacks.splice(0).map((stack) => stack.stop()));
    await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
    process.env = { ...environmentOfRun };
  });
}

export async function makeStateDir(): Promise<string> {
  // Named like the run's own stack, so that a killed run's folders are cleared away by the next one.
  await mkdir(IGNORED_FOLDER, { recursive: true });
  const folder = await mkdtemp(join(IGNORED_FOLDER, `test-${process.pid}-`));
  folders.push(folder);
  return folder;
}

export async function startOwnStack(
  stateDir: string,
  options: Partial<Parameters<typeof startStack>[0]> = {},
): Promise<Stack> {
  const stack = await startStack({ stateDir, searchAttributes: { LandfallPipeline: 'Keyword' }, ...options });
  stacks.push(stack);
  return stack;
}

/** A process that can be killed as the owner of a stack in the folder; ended after the test. */
export async function startInAnotherProcess(stateDir: string): Promise<ChildProcess> {
  const owner = spawn(process.execPath, [join(__dirname, 'start-and-wait.cjs'), stateDir], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: process.env,
  });
  owners.push(owner);
  await once(owner.stdout, 'data');
  return owner;
}

/** Guards and parts of whoever claims the folder, from the claims themselves. */
export function findProcesses(stateDir: string): ProcessIdentity[] {
  const claims = join(stateDir, 'claims');
  return readdirSync(claims)
    .filter((name) => name.endsWith('.json'))
    .flatMap(
      (name) =>
        (JSON.parse(readFileSync(join(claims, name), 'utf8')) as { processes: ProcessIdentity[] }).processes,
    );
}

/** Empty where it has ended: claims tell of processes for a moment longer. */
function commandOf({ pid }: ProcessIdentity): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

/** The part itself, not its guard. */
export function findPart(stateDir: string, commandContains: string): ProcessIdentity {
  const found = findProcesses(stateDir).find((each) => {
    const command = commandOf(each);
    return command.includes(commandContains) && !command.includes('guard.cjs');
  });
  if (found === undefined) throw new Error(`No process of ${stateDir} runs ${commandContains}.`);
  return found;
}

/** Throws after 40 s, so that a test whose guard is broken fails and does not hang. */
export async function untilGone(processes: ProcessIdentity[]): Promise<void> {
  const deadline = Date.now() + 40_000;
  while (processes.some(isAlive)) {
    if (Date.now() > deadline) throw new Error('Processes that should have ended still run.');
    await delay(50);
  }
}
