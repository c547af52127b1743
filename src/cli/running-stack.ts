import { readFileSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { identifyProcess, isAlive, type ProcessIdentity } from '../stack/process-identity';

const FILE = '.landfall/running.json';

/** The stack that `landfall dev` runs for this folder. */
export interface RunningStack {
  owner: ProcessIdentity;
  environment: Record<string, string>;
}

export async function rememberRunningStack(environment: Record<string, string>): Promise<void> {
  const owner = identifyProcess(process.pid);
  if (!owner) throw new Error('This process cannot find itself in the list of processes.');
  const file = resolve(FILE);
  const draft = `${file}.${process.pid}.draft`;
  await mkdir(dirname(file), { recursive: true });
  const running: RunningStack = { owner, environment };
  await writeFile(draft, JSON.stringify(running), { mode: 0o600 });
  await rename(draft, file);
}

export async function forgetRunningStack(): Promise<void> {
  if (findRunningStack()?.owner.pid === process.pid) await rm(resolve(FILE), { force: true });
}

export function findRunningStack(): RunningStack | undefined {
  try {
    const running = JSON.parse(readFileSync(resolve(FILE), 'utf8')) as RunningStack;
    return isAlive(running.owner) ? running : undefined;
  } catch {
    return undefined;
  }
}

/** Points this process at the folder's stack, unless the environment or a profile points elsewhere. */
export function useRunningStack(): void {
  const { TEMPORAL_ADDRESS, TEMPORAL_PROFILE, TEMPORAL_CONFIG_FILE, AWS_ENDPOINT_URL } = process.env;
  if (TEMPORAL_ADDRESS || TEMPORAL_PROFILE || TEMPORAL_CONFIG_FILE) return;
  for (const [name, value] of Object.entries(findRunningStack()?.environment ?? {})) {
    if (!(AWS_ENDPOINT_URL && name.startsWith('AWS_'))) process.env[name] = value;
  }
}

/** @returns false when none runs here */
export async function stopRunningStack(): Promise<boolean> {
  const running = findRunningStack();
  if (!running) return false;
  process.kill(running.owner.pid, 'SIGTERM');
  while (isAlive(running.owner)) await delay(100);
  return true;
}

const PARENT_CHECK_MS = 500;

/** Calls back when the process that started this one is gone, by whatever death: then nobody is left to press Ctrl-C. */
export function onParentGone(callback: () => void): () => void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid !== parent) callback();
  }, PARENT_CHECK_MS);
  return () => clearInterval(timer);
}
