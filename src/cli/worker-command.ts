import type { Command } from 'commander';
import { parseCount } from './parse-option';

export interface WorkerOptions {
  processes?: number;
  createBuckets?: boolean;
}

export function addWorkerCommand(program: Command): void {
  program
    .command('worker')
    .description('work for the pipelines of the given modules, until SIGINT or SIGTERM')
    .argument('<modules...>', 'TypeScript or JavaScript modules that export pipelines')
    .option(
      '--processes <count>',
      'processes that check, transform and write rows (default: one a core, 4 at most, as far as memory allows)',
      parseCount,
    )
    .option(
      '--create-buckets',
      'first make the buckets that are missing (for emulators; real ones are yours to make)',
    )
    .addHelpText(
      'after',
      `
Where Temporal is: TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE or a profile in temporal.toml. AWS: the SDK's own settings
(AWS_REGION, AWS_PROFILE, AWS_ENDPOINT_URL …). IMAGE_TAG is the version that every processed row carries; with
NODE_ENV=production it must be set, or the worker does not start (exit code 6).
SIGTERM and Ctrl-C end it cleanly (exit code 0); what it was at is taken up by the next worker.

Examples:
  $ landfall worker examples/united-states/pipeline.ts
  $ IMAGE_TAG=v1.4.0 landfall worker pipelines/*.ts`,
    )
    .action(async (modules: string[], options: WorkerOptions) => {
      // Loaded when it is needed: whoever asks for help or mistypes need not wait for it.
      const { runWorker } = await import('./run-worker.js');
      await runWorker(modules, options);
    });
}
