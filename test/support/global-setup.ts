import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { identifyProcess } from '../../src/stack/process-identity';
import { startStack } from '../../src/stack/start-stack';
import { rememberTestStack } from './test-stack';

const ROOT = join(__dirname, '..', '..');

/** One stack for the whole run; the workers find it through their environment. */
export default async function startTestStack(): Promise<void> {
  await removeAbandonedStacks();
  const stateDir = join(ROOT, '.landfall', `test-${process.pid}`);
  const stack = await startStack({
    stateDir,
    isKept: false,
    searchAttributes: {},
    onProgress: (message) => process.stderr.write(`${message}\n`),
  });
  Object.assign(process.env, stack.environment);
  // What tests leave in the temporary folder goes with the stack.
  process.env['TMPDIR'] = join(stateDir, 'tmp');
  await mkdir(process.env['TMPDIR']);
  rememberTestStack({ stack, stateDir });
}

/** A killed run's guards end its processes, but nobody removed its files. */
async function removeAbandonedStacks(): Promise<void> {
  const folder = join(ROOT, '.landfall');
  const names = await readdir(folder).catch(() => []);
  const abandoned = names.filter((name) => {
    const pid = /^test-(\d+)(-|$)/.exec(name)?.[1];
    return pid !== undefined && identifyProcess(Number(pid)) === undefined;
  });
  await Promise.all(abandoned.map((name) => rm(join(folder, name), { recursive: true, force: true })));
}
