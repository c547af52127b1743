import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

export const ROOT = dirname(__dirname);
const LANDFALL = join(ROOT, 'bin', 'landfall.js');

export interface Where {
  webUiUrl: string;
  awsEndpoint: string;
  environment: Record<string, string>;
}

export interface DevStack extends Where {
  stop(): Promise<void>;
  leaveRunning(): void;
}

/** `landfall dev`, as a user starts it. */
export async function startDev(
  modules: readonly string[],
  stateDir: string,
  keep: boolean,
): Promise<DevStack> {
  mkdirSync(stateDir, { recursive: true });
  // Kept, it may not hold on to this program's terminal.
  const log = keep ? openSync(join(stateDir, 'dev.log'), 'w') : undefined;
  const args = [
    LANDFALL,
    'dev',
    ...modules,
    '--state',
    stateDir,
    '--fresh',
    '--json',
    ...(keep ? ['--detach'] : []),
  ];
  const dev = spawn(process.execPath, args, {
    cwd: ROOT,
    detached: true,
    stdio: ['ignore', 'pipe', log ?? 'inherit'],
  });
  if (log !== undefined) closeSync(log);
  const ended = new Promise<void>((resolve) => dev.once('exit', () => resolve()));
  const where = await readFirstLine(dev);
  return {
    ...where,
    stop: async () => {
      dev.kill('SIGTERM');
      await ended;
    },
    leaveRunning: () => {
      dev.stdout?.destroy();
      dev.unref();
    },
  };
}

async function readFirstLine(dev: ChildProcess): Promise<Where> {
  if (!dev.stdout) throw new Error('no standard output');
  for await (const line of createInterface({ input: dev.stdout })) return JSON.parse(line) as Where;
  throw new Error('landfall dev did not start; what it said is above');
}

/** Runs a landfall command on this terminal, as a user would; resolves with its exit code. */
export function landfall(args: readonly string[], environment: Record<string, string>): Promise<number> {
  console.log(`\n$ npx landfall ${args.join(' ')}`);
  return new Promise((resolve) => {
    const command = spawn(process.execPath, [LANDFALL, ...args], {
      cwd: ROOT,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    command.once('exit', (code) => resolve(code ?? 1));
  });
}

/** The same, for its JSON. */
export async function landfallJson<T>(
  args: readonly string[],
  environment: Record<string, string>,
): Promise<T> {
  const command = spawn(process.execPath, [LANDFALL, ...args, '--json'], {
    cwd: ROOT,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let text = '';
  for await (const chunk of command.stdout) text += String(chunk);
  return JSON.parse(text) as T;
}
