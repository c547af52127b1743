import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { REPOSITORY } from '../support/test-pipeline';
import type { CommandResult } from '../support/run-landfall';

export const LANDFALL = join(REPOSITORY, 'bin', 'landfall.js');

export interface RunningLandfall {
  process: ChildProcess;
  /** Resolves with all that was said on both outputs so far once it has `text`; rejects when it ends without. */
  said(text: string): Promise<string>;
  ended: Promise<CommandResult>;
}

interface Surroundings {
  cwd?: string;
  environment?: NodeJS.ProcessEnv;
}

/** A `landfall` command that is watched, and told things, while it runs. */
export function startLandfall(
  args: readonly string[],
  { cwd = REPOSITORY, environment = process.env }: Surroundings = {},
): RunningLandfall {
  return watch(spawn(process.execPath, [LANDFALL, ...args], { cwd, env: environment }));
}

/** The same with a terminal of its own, whose screen is the output; a shell reads the words. */
export function startOnTerminal(words: string): RunningLandfall {
  const command = `stty rows 30 cols 120; "${process.execPath}" "${LANDFALL}" ${words}`;
  return watch(spawn('script', ['--quiet', '--return', '--command', command, '/dev/null']));
}

/** Any program that prints what a `landfall` command prints. */
export function watch(command: ChildProcess): RunningLandfall {
  let stdout = '';
  let stderr = '';
  command.stdout?.on('data', (chunk) => (stdout += String(chunk)));
  command.stderr?.on('data', (chunk) => (stderr += String(chunk)));
  const ended = once(command, 'close').then(([code]) => ({ code: code as number | null, stdout, stderr }));
  return {
    process: command,
    ended,
    said: (text) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if ((stdout + stderr).includes(text)) resolve(stdout + stderr);
        };
        look();
        command.stdout?.on('data', look);
        command.stderr?.on('data', look);
        void ended.then(() => reject(new Error(`it never said "${text}":\n${stdout}${stderr}`)));
      }),
  };
}

/** What every command keeps to, however it ends. */
export function expectNoStackTrace({ stdout, stderr }: CommandResult): void {
  expect(stdout + stderr).not.toMatch(/^\s+at .+[:)]\d*/m);
}

/** The only line of standard output, which must be JSON. */
export function readJson({ stdout }: CommandResult): unknown {
  expect(stdout.endsWith('\n')).toBe(true);
  expect(stdout.trimEnd().split('\n')).toHaveLength(1);
  return JSON.parse(stdout);
}
