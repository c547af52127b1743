import type { Command } from 'commander';
import { parsePort } from './parse-option';
import { printJson, printNote } from './print';
import { stopRunningStack } from './running-stack';

export interface DevOptions {
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
it (not with --detach). Commands in the same folder find it by themselves. TEMPORAL_ADDRESS and AWS_ENDPOINT_URL, where
set, are used instead of embedded parts.

Examples:
  $ landfall dev examples/united-states/pipeline.ts
  $ landfall dev pipelines/*.ts --detach --json > stack.json &
  $ landfall dev --stop`,
    )
    .action(async (modules: string[], options: DevOptions, command: Command) => {
      if (options.stop) return stop(options);
      if (modules.length === 0) command.error("error: missing required argument 'modules'");
      // Loaded when it is needed: whoever asks for help or mistypes need not wait for it.
      const { runDev } = await import('./run-dev.js');
      await runDev(modules, options);
    });
}

async function stop({ json }: DevOptions): Promise<void> {
  const stopped = await stopRunningStack();
  if (json) printJson({ stopped });
  printNote(stopped ? 'Stopped.' : 'Nothing runs for this folder.');
}
