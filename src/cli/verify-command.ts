import type { Command } from 'commander';
import { parsePath, parseTimestamp } from './parse-option';

export interface VerifyCommandOptions {
  module?: string[];
  from?: number;
  to?: number;
  quick?: boolean;
  json?: boolean;
}

export function addVerifyCommand(program: Command): void {
  program
    .command('verify')
    .description('re-read raw-hist against the records of its deliveries, without Temporal')
    .argument('<pipeline>', 'a module that exports the pipeline, or its name with --module')
    .option('-m, --module <path>', 'a module that exports pipelines; may be given more than once', parsePath)
    .option('--from <time>', 'the first file_land_timestamp (epoch seconds or ISO 8601)', parseTimestamp)
    .option('--to <time>', 'the last one', parseTimestamp)
    .option('--quick', 'compare existence, size and metadata, and read no bytes')
    .option('--json', 'print all that was found as one line of JSON')
    .addHelpText(
      'after',
      `
Of every archived object: that it exists, its size, the SHA-256 of its bytes, its metadata. Also found: files that were
pinned and never archived, damaged records, objects that no delivery names (strangers), deliveries that have not ended.
Nothing is written. What each finding means, and what to do: docs/verify.md.
Exit codes: 0 sound, 9 damaged, 2 bad input, 6 AWS is unreachable or does not let it read.

Examples:
  $ landfall verify pipelines/orders.ts
  $ landfall verify orders --module pipelines/all.ts --from 2024-04-01T00:00:00Z --json
  $ landfall verify pipelines/orders.ts --quick`,
    )
    .action(async (pipeline: string, options: VerifyCommandOptions) => {
      // Loaded when it is needed: whoever asks for help or mistypes need not wait for it.
      const { runVerify } = await import('./verify/run-verify.js');
      await runVerify(pipeline, options);
    });
}
