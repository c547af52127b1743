import type { Command } from 'commander';
import type { Decision } from '../layout/delivery';
import { parsePipelineName, parseTimestamp } from './parse-option';

export interface RunOptions {
  timestamp?: number;
  wait: boolean;
  json?: boolean;
  decision?: Decision;
}

export function addRunCommand(program: Command): void {
  program
    .command('run')
    .description('take what waits in land, and follow it to Glue')
    .argument('<pipeline>', 'name of the pipeline', parsePipelineName)
    .option(
      '-t, --timestamp <time>',
      'the file_land_timestamp to take it as, or to come back to (epoch seconds or ISO 8601)',
      parseTimestamp,
    )
    .option('--no-wait', 'return as soon as the run has begun')
    .option('--json', 'print the result as one line of JSON')
    .addHelpText(
      'after',
      `
A second call for the same land content, or the same timestamp, attaches to the same run or returns what it returned.
SIGTERM cancels the run. Ctrl-C leaves it running and only stops following.
Exit codes: 0 published, 1 failed, 2 bad input, 3 refused by validation (all or, where not all must
pass, some of it), 4 cancelled, 5 timed out, 6 unreachable,
7 nothing landed, or not complete yet, 8 paused, 130 stopped following.

Examples:
  $ landfall run united-states
  $ landfall run united-states --timestamp 2018-08-22T20:13:20Z --json`,
    )
    .action(async (pipeline: string, options: RunOptions) => {
      // Loaded when it is needed: whoever asks for help or mistypes need not wait for it.
      const { runDelivery } = await import('./run-delivery.js');
      await runDelivery(pipeline, options);
    });
}
