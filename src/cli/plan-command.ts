import type { Command } from 'commander';
import { parsePath } from './parse-option';

export interface PlanCommandOptions {
  module?: string[];
  json?: boolean;
}

export function addPlanCommand(program: Command): void {
  program
    .command('plan')
    .description('the difference between code, Glue and S3, before anything moves, without Temporal')
    .argument('<pipeline>', 'a module that exports the pipeline, or its name with --module')
    .option('-m, --module <path>', 'a module that exports pipelines; may be given more than once', parsePath)
    .option('--json', 'print all of it as one line of JSON')
    .addHelpText(
      'after',
      `
Tables to be made, changed (column by column) and dropped; descriptions and parameters; curated files that readers are
pointed at and that are not there; what waits in land. Nothing is written. See docs/publishing.md.
Exit codes: 0 nothing to do, 10 something is otherwise or waits, 2 bad input, 6 AWS is unreachable or does not let it
read.

Examples:
  $ landfall plan pipelines/orders.ts
  $ landfall plan orders --module pipelines/all.ts --json`,
    )
    .action(async (pipeline: string, options: PlanCommandOptions) => {
      // Loaded when it is needed: whoever asks for help or mistypes need not wait for it.
      const { runPlan } = await import('./plan/run-plan.js');
      await runPlan(pipeline, options);
    });
}
