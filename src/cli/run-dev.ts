import { join, resolve } from 'node:path';
import { createMissingBuckets } from '../adapters/s3-buckets';
import { createMissingQueues } from '../adapters/s3-notifications';
import { bucketsOf, queuesOf } from '../definition/pipeline';
import { loadPipelines } from '../definition/load-pipelines';
import { searchAttributeTypes } from '../search-attributes';
import type { Stack } from '../stack/stack-options';
import { startStack } from '../stack/start-stack';
import type { DevOptions } from './dev-command';
import { partDied, stackRunsAlready } from './dev-failures';
import { describeStack, welcome } from './dev-welcome';
import { printAnswer, printJson, printNote } from './print';
import { findRunningStack, forgetRunningStack, onParentGone, rememberRunningStack } from './running-stack';
import { untilAborted } from './until-aborted';
import { startWorkerProcess } from './worker-process';

/** @throws SetupError when a part cannot be had, or ends by itself; all of them have ended then */
export async function runDev(modules: readonly string[], options: DevOptions): Promise<void> {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort());
  // A terminal that is closed.
  process.on('SIGHUP', () => (options.detach ? undefined : stop.abort()));
  const stopWatching = options.detach ? undefined : onParentGone(() => stop.abort());
  try {
    const other = findRunningStack();
    if (other) throw stackRunsAlready(other.owner.pid);
    const pipelines = await loadPipelines(modules);
    const stack = await startParts(options, stop.signal);
    if (!stack) return;
    try {
      Object.assign(process.env, stack.environment);
      await createMissingBuckets(bucketsOf(pipelines));
      await createMissingQueues(queuesOf(pipelines));
      const names = pipelines.map(({ name }) => name);
      await work(stack, modules, names, options, stop.signal);
    } finally {
      await forgetRunningStack();
      await stack.stop();
    }
  } finally {
    stopWatching?.();
  }
}

/** @returns undefined when it was told to stop before all was up */
async function startParts(options: DevOptions, signal: AbortSignal): Promise<Stack | undefined> {
  const ports = { temporal: options.temporalPort, webUi: options.uiPort, aws: options.awsPort };
  try {
    return await startStack({
      stateDir: resolve(options.state),
      fresh: options.fresh ?? false,
      ports: Object.fromEntries(Object.entries(ports).filter(([, port]) => port !== undefined)),
      searchAttributes: searchAttributeTypes,
      onProgress: printNote,
      signal,
    });
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
}

async function work(
  stack: Stack,
  modules: readonly string[],
  pipelines: readonly string[],
  options: DevOptions,
  stop: AbortSignal,
): Promise<void> {
  const partGone = new AbortController();
  void stack.partExited.then(() => partGone.abort());
  const ending = AbortSignal.any([stop, partGone.signal]);
  printNote(`starting a worker for ${pipelines.join(', ')}`);
  const logFile = join(resolve(options.state), 'logs', 'worker.log');
  const worker = await startWorkerProcess({ modules, pipelines, logFile, signal: ending });
  try {
    if (!ending.aborted) {
      await rememberRunningStack(stack.environment);
      if (options.json) printJson(describeStack(stack, pipelines));
      else printAnswer(welcome(stack, pipelines, resolve(options.state)));
    }
    const died = await Promise.race([untilAborted(stop), stack.partExited, worker.exited]);
    if (died) throw partDied(died);
    printNote('Stopping …');
  } finally {
    await worker.stop();
  }
}
