import { userInfo } from 'node:os';
import type { Command } from 'commander';
import type { Decision } from '../layout/delivery';
import { parsePipelineName, parseTimestamp } from './parse-option';

interface DecisionOptions {
  timestamp: number;
  why: string;
  by?: string;
  wait: boolean;
  json?: boolean;
}

/** `landfall accept` and `landfall replay`: a person's word on a refused delivery, recorded with who and why. */
export function addDecisionCommands(program: Command): void {
  addDecisionCommand(
    program,
    'accept',
    'take a refused delivery in spite of what can be overlooked, with who and why',
    `
What can be overlooked is what concerns amounts and keys: missing tables, too few or too many files, rows or rejected
rows, keys that occur twice. A file or a row that is not what the table declares cannot be accepted: it would have no
place in the table. What was overlooked stands in the run's report.

Example:
  $ landfall accept united-states --timestamp 1534968800 --why "the supplier has no court in August"`,
  );
  addDecisionCommand(
    program,
    'replay',
    'check a refused delivery again, from quarantine or land, as the pipeline is by now',
    `
For when the pipeline was at fault, not the files: mend it, restart its worker, and replay. The delivery keeps its
file_land_timestamp.

Example:
  $ landfall replay united-states --timestamp 1534968800 --why "birdstrikes may have a null speed since v1.4.0"`,
  );
}

function addDecisionCommand(
  program: Command,
  kind: Decision['kind'],
  description: string,
  help: string,
): void {
  program
    .command(kind)
    .description(description)
    .argument('<pipeline>', 'name of the pipeline', parsePipelineName)
    .requiredOption('-t, --timestamp <time>', 'its file_land_timestamp', parseTimestamp)
    .requiredOption('--why <reason>', 'kept with the delivery')
    .option('--by <name>', 'who decides (default: the user who runs this)')
    .option('--no-wait', 'return as soon as the run has begun')
    .option('--json', 'print the result as one line of JSON')
    .addHelpText('after', help)
    .action(async (pipeline: string, { why, by, ...options }: DecisionOptions) => {
      const { runDelivery } = await import('./run-delivery.js');
      await runDelivery(pipeline, {
        ...options,
        decision: { kind, why, by: by ?? userInfo().username },
      });
    });
}
