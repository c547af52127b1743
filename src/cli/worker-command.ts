import type { Command } from 'commander';
import { createMissingBuckets } from '../adapters/s3-buckets';
import { bucketsOf } from '../definition/define-pipeline';
import { loadPipelines } from '../definition/load-pipelines';
import { createLandfallWorker } from '../worker';
import { parseCount } from './parse-option';
import { printNote } from './print';

interface WorkerOptions {
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
      'processes that check, transform and write rows (default: one a core)',
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
NODE_ENV=production it must be set.

Example:
  $ IMAGE_TAG=v1.4.0 landfall worker pipelines/*.ts`,
    )
    .action(async (modules: string[], { processes, createBuckets }: WorkerOptions) => {
      if (createBuckets) await createMissingBuckets(bucketsOf(await loadPipelines(modules)));
      const worker = await createLandfallWorker({
        pipelineModules: modules,
        ...(processes === undefined ? {} : { engineProcesses: processes }),
      });
      printNote(`Working for ${worker.pipelines.join(', ')}. Stop with Ctrl-C.`);
      await worker.run();
    });
}
