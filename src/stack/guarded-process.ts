import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync } from 'node:fs';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';

export interface GuardedCommand {
  command: string;
  arguments: string[];
  environment: NodeJS.ProcessEnv;
  logFile: string;
}

/** A process that ends with this one, however this one ends. */
export interface GuardedProcess {
  /** The guard and, once known, what it guards. */
  pids: number[];
  /** The process group of what is guarded; `undefined` when it could not be started. */
  group: number | undefined;
  logFile: string;
  /** Resolves with the exit code when the process is gone. */
  exited: Promise<number | null>;
  hasExited: () => boolean;
  lastLogLines: () => string;
  /** Resolves when the process is gone; idempotent. */
  stop: () => Promise<void>;
}

const GRACE_MS = 10_000;
const LOG_LINES_TOLD = 15;

export async function startGuarded(guarded: GuardedCommand): Promise<GuardedProcess> {
  const guard = spawnGuard(guarded);
  const exited = once(guard, 'exit').then(([code]) => code as number | null);
  const partPid = await readPartPid(guard);
  // A guard that was itself killed leaves its part behind.
  const gone = exited.then((code) => {
    if (partPid !== undefined) killGroup(partPid);
    return code;
  });
  return {
    pids: [guard.pid, partPid].filter((pid) => pid !== undefined),
    group: partPid,
    logFile: guarded.logFile,
    exited: gone,
    hasExited: () => guard.exitCode !== null || guard.signalCode !== null,
    lastLogLines: () => readLastLines(guarded.logFile),
    stop: () => stopGuard(guard, gone, partPid),
  };
}

function spawnGuard({ command, arguments: args, environment, logFile }: GuardedCommand): ChildProcess {
  mkdirSync(dirname(logFile), { recursive: true });
  if (existsSync(logFile)) renameSync(logFile, logFile.replace(/\.log$/, '.previous.log'));
  const log = openSync(logFile, 'w');
  try {
    const { NODE_OPTIONS: _forThisProcessOnly, ...guardEnvironment } = environment;
    const guard = spawn(
      process.execPath,
      [join(__dirname, 'guard.cjs'), String(GRACE_MS), command, ...args],
      // Its own process group: Ctrl-C reaches only us, and we end the parts in order.
      { detached: true, stdio: ['pipe', log, log, 'pipe'], env: guardEnvironment },
    );
    // A guard that ends first closes the pipe; its exit tells us.
    guard.stdin?.on('error', () => undefined);
    return guard;
  } finally {
    closeSync(log);
  }
}

async function readPartPid(guard: ChildProcess): Promise<number | undefined> {
  const pipe = guard.stdio[3] as Readable;
  const text = await Promise.race([
    once(pipe, 'data').then(([chunk]) => String(chunk)),
    once(pipe, 'end').then(() => ''),
  ]);
  pipe.destroy();
  const pid = Number.parseInt(text, 10);
  return Number.isNaN(pid) ? undefined : pid;
}

async function stopGuard(
  guard: ChildProcess,
  gone: Promise<unknown>,
  partPid: number | undefined,
): Promise<void> {
  guard.stdin?.destroy();
  const overdue = new AbortController();
  const killLater = delay(GRACE_MS + 3_000, undefined, { signal: overdue.signal }).then(
    () => {
      if (partPid !== undefined) killGroup(partPid);
      guard.kill('SIGKILL');
    },
    () => undefined,
  );
  await gone;
  overdue.abort();
  await killLater;
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nobody is left in the group.
  }
}

function readLastLines(logFile: string): string {
  const lines = readFileSync(logFile, 'utf8').trimEnd().split('\n');
  // What a Go program panicked of stands before its stack, and nothing after it tells more.
  const panic = lines.findLastIndex((line) => line.startsWith('panic: '));
  const told = panic === -1 ? lines.slice(-LOG_LINES_TOLD) : lines.slice(panic, panic + LOG_LINES_TOLD);
  return told.join('\n');
}
