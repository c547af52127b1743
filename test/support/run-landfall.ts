import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { REPOSITORY } from './test-pipeline';

const LANDFALL = join(REPOSITORY, 'bin', 'landfall.js');

export interface CommandResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** A `landfall` command, as users run it, with the test stack's environment (or another). */
export async function runLandfall(
  args: readonly string[],
  environment: NodeJS.ProcessEnv = process.env,
): Promise<CommandResult> {
  const command = spawn(process.execPath, [LANDFALL, ...args], {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  command.stdout.on('data', (chunk) => (stdout += String(chunk)));
  command.stderr.on('data', (chunk) => (stderr += String(chunk)));
  const [code] = (await once(command, 'close')) as [number | null];
  return { code, stdout, stderr };
}

export interface TestWorker {
  process: ChildProcess;
  /** Ends it as an orchestrator does. */
  stop(): Promise<void>;
  /** Ends it as an out-of-memory kill does. */
  kill(): Promise<void>;
}

/** `landfall worker` in a process of its own; resolves when it works. */
export async function startTestWorker(
  modules: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<TestWorker> {
  const worker = spawn(process.execPath, [LANDFALL, 'worker', ...modules], {
    env: { ...process.env, IMAGE_TAG: 'v1.2.3', LOG_LEVEL: 'warn', ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (worker.exitCode !== null || worker.signalCode !== null) return;
    const gone = once(worker, 'exit');
    worker.kill(signal);
    await gone;
  };
  const words: string[] = [];
  const lines = createInterface({ input: worker.stderr });
  for await (const line of lines) {
    words.push(line);
    if (line.startsWith('Working for')) {
      worker.stderr.resume();
      return { process: worker, stop: () => end('SIGTERM'), kill: () => end('SIGKILL') };
    }
  }
  throw new Error(`the worker did not start: ${words.join('\n')}`);
}
