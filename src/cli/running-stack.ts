import { readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const FILE = '.landfall/running.json';

/** The stack that `landfall dev` runs for this folder. */
export interface RunningStack {
  pid: number;
  environment: Record<string, string>;
}

export async function rememberRunningStack(environment: Record<string, string>): Promise<void> {
  const file = resolve(FILE);
  await mkdir(dirname(file), { recursive: true });
  const running: RunningStack = { pid: process.pid, environment };
  await writeFile(file, JSON.stringify(running), { mode: 0o600 });
}

export async function forgetRunningStack(): Promise<void> {
  if (findRunningStack()?.pid === process.pid) await rm(resolve(FILE), { force: true });
}

export function findRunningStack(): RunningStack | undefined {
  try {
    const running = JSON.parse(readFileSync(resolve(FILE), 'utf8')) as RunningStack;
    return isAlive(running.pid) ? running : undefined;
  } catch {
    return undefined;
  }
}

/** Points this process at the folder's stack, unless the environment or a profile points elsewhere. */
export function useRunningStack(): void {
  if (process.env.TEMPORAL_ADDRESS || process.env.TEMPORAL_PROFILE || process.env.TEMPORAL_CONFIG_FILE)
    return;
  for (const [name, value] of Object.entries(findRunningStack()?.environment ?? {}))
    process.env[name] ??= value;
}

/** @returns false when none runs here */
export async function stopRunningStack(): Promise<boolean> {
  const running = findRunningStack();
  if (!running) return false;
  process.kill(running.pid, 'SIGTERM');
  while (isAlive(running.pid)) await delay(100);
  return true;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
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
