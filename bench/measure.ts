import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpuOfEndedChildren, watchTree } from './process-tree';

export interface Sample {
  seconds: number;
  cpuSeconds: number;
  /** 0 where nothing was measured. */
  peakMegabytes: number;
  outputBytes?: number;
}

/** Somebody who does the work of a line, once. */
export interface Contestant {
  name: string;
  run: () => Promise<Sample>;
}

export interface Measured extends Sample {
  /** The last line of what it wrote. */
  answer: string;
}

const TOLD_ON_FAILURE = 1_500;

/** What a command writes on a line of its own when it has loaded all that it needs, and begins. */
const READY = 'ready\n';

/**
 * Runs a command to its end. Its time is from when it says that it is ready, or from its start where it never does; CPU
 * and memory are of all of it, with those of its children.
 */
export async function measureCommand(
  command: string,
  args: readonly string[],
  { cwd, environment = {} }: { cwd?: string; environment?: NodeJS.ProcessEnv } = {},
): Promise<Measured> {
  const cpuBefore = cpuOfEndedChildren();
  let began = performance.now();
  const child = spawn(command, args, {
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { out: '', error: '' };
  child.stdout.on('data', (chunk) => {
    if (said.out === '' && String(chunk).startsWith(READY)) began = performance.now();
    said.out += String(chunk);
  });
  child.stderr.on('data', (chunk) => (said.error = (said.error + String(chunk)).slice(-TOLD_ON_FAILURE)));
  const closed = once(child, 'close') as Promise<[number | null]>;
  const watch = watchTree(child.pid ?? 0);
  let peakMegabytes = 0;
  const [code] = await closed.finally(() => ({ peakMegabytes } = watch.end()));
  const seconds = (performance.now() - began) / 1000;
  if (code !== 0) throw new Error(`${command} ended with ${code}: ${said.error || said.out}`);
  const answer = said.out.trim().split('\n').at(-1) ?? '';
  return { seconds, cpuSeconds: cpuOfEndedChildren() - cpuBefore, peakMegabytes, answer };
}
