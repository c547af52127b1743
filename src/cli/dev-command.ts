import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { createMissingBuckets } from '../adapters/s3-buckets';
import { bucketsOf, type Pipeline } from '../definition/define-pipeline';
import { loadPipelines } from '../definition/load-pipelines';
import { SetupError } from '../errors';
import { searchAttributeTypes } from '../search-attributes';
import type { Stack } from '../stack/stack-options';
import { startStack } from '../stack/start-stack';
import { parsePort } from './parse-option';
import { printAnswer, printJson, printNote } from './print';
import { forgetRunningStack, onParentGone, rememberRunningStack, stopRunningStack } from './running-stack';
import { startWorkerProcess } from './worker-process';

interface DevOptions {
  fresh?: boolean;
  state: string;
  temporalPort?: number;
  uiPort?: number;
  awsPort?: number;
  detach?: boolean;
  stop?: boolean;
  json?: boolean;
}

export function addDevCommand(program: Command): void {
  program
    .command('dev')
    .description(
      'start everything on this machine: Temporal and its Web UI; S3, Glue and Athena, emulated; buckets; a worker',
    )
    .argument('[modules...]', 'TypeScript or JavaScript modules that export pipelines')
    .option('--fresh', 'forget what an earlier start stored')
    .option('--state <folder>', 'where all of it is stored', '.landfall/dev')
    .option('--temporal-port <port>', 'default: the last one used here, else a free one', parsePort)
    .option('--ui-port <port>', 'the Web UI; default as above', parsePort)
    .option('--aws-port <port>', 'S3, Glue and Athena; default as above', parsePort)
    .option('--detach', 'go on when the program that started this one ends')
    .option('--stop', 'stop the stack that runs for this folder')
    .option('--json', 'print where everything is as one line of JSON, once it is ready')
    .addHelpText(
      'after',
      `
Everything listens on this machine only, and ends with Ctrl-C, with any of its parts, or with the program that started
it. Commands in the same folder find it by themselves. TEMPORAL_ADDRESS and AWS_ENDPOINT_URL, where set, are used
instead of embedded parts.

Examples:
  $ landfall dev examples/united-states/pipeline.ts
  $ landfall dev --stop`,
    )
    .action(async (modules: string[], options: DevOptions, command: Command) => {
      if (options.stop) printNote((await stopRunningStack()) ? 'Stopped.' : 'Nothing runs for this folder.');
      else if (modules.length === 0) command.error("error: missing required argument 'modules'");
      else await runStack(modules, options);
    });
}

async function runStack(modules: readonly string[], options: DevOptions): Promise<void> {
  const pipelines = await loadPipelines([...modules]);
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort());
  const stopWatching = options.detach ? undefined : onParentGone(() => stop.abort());
  try {
    const stack = await startParts(options, stop.signal);
    if (stack) await work(stack, modules, pipelines, options, stop.signal);
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
  pipelines: readonly Pipeline[],
  options: DevOptions,
  signal: AbortSignal,
): Promise<void> {
  try {
    Object.assign(process.env, stack.environment);
    await createMissingBuckets(bucketsOf(pipelines));
    const names = pipelines.map(({ name }) => name);
    printNote(`starting a worker for ${names.join(', ')}`);
    const logFile = join(resolve(options.state), 'logs', 'worker.log');
    const worker = await startWorkerProcess({ modules, pipelines: names, logFile, signal });
    try {
      await rememberRunningStack(stack.environment);
      if (options.json) printJson(locate(stack, names));
      else printAnswer(welcome(stack, names[0] ?? '', resolve(options.state)));
      const died = await Promise.race([stack.partExited, worker.exited, aborted(signal)]);
      if (died && !signal.aborted) throw partDied(died);
      printNote('Stopping …');
    } finally {
      await worker.stop();
    }
  } finally {
    await forgetRunningStack();
    await stack.stop();
  }
}

const aborted = (signal: AbortSignal): Promise<undefined> =>
  new Promise((settle) => {
    if (signal.aborted) settle(undefined);
    signal.addEventListener('abort', () => settle(undefined), { once: true });
  });

function partDied({
  part,
  logFile,
  lastLines,
}: {
  part: string;
  logFile: string;
  lastLines: string;
}): SetupError {
  return new SetupError({
    happened: `The part "${part}" of the embedded stack ended by itself. Its last words:\n${lastLines}`,
    unchanged: 'The others were stopped; what is stored is kept.',
    next: `See ${logFile}, and start again.`,
  });
}

function locate(
  { temporalAddress, temporalNamespace, webUiUrl, awsEndpoint, environment }: Stack,
  pipelines: readonly string[],
) {
  return { temporalAddress, temporalNamespace, webUiUrl, awsEndpoint, environment, pipelines };
}

function welcome(stack: Stack, pipeline: string, stateDir: string): string {
  const exports = Object.entries(stack.environment).map(([name, value]) => `  export ${name}=${value}`);
  return [
    'Landfall is ready.',
    `  Temporal Web UI       ${stack.webUiUrl ?? '(your own)'}`,
    `  Temporal              ${stack.temporalAddress}`,
    `  S3, Glue and Athena   ${stack.awsEndpoint}`,
    `  State and logs        ${stateDir}`,
    '',
    `Land a file with any S3 client, then, in this folder:  npx landfall run ${pipeline}`,
    'For other programs and folders:',
    ...exports,
    '',
    'Stop with Ctrl-C.',
  ].join('\n');
}
