import { userInfo } from 'node:os';
import type { Command } from 'commander';
import { parsePipelineName } from './parse-option';
import { printAnswer, printJson } from './print';
import { withClient } from './with-client';

/** `landfall pause` and `landfall resume`: whether the pipeline's intake takes deliveries. */
export function addPauseCommands(program: Command): void {
  program
    .command('pause')
    .description('take nothing more from land until the pipeline is resumed')
    .argument('<pipeline>', 'name of the pipeline', parsePipelineName)
    .requiredOption('--why <reason>', 'told to whoever triggers a run meanwhile')
    .option('--by <name>', 'who pauses it (default: the user who runs this)')
    .option('--json', 'print what the intake is at as one line of JSON')
    .addHelpText(
      'after',
      `
The run that is under way goes on to its end. Whoever triggers a run is told by whom the pipeline was paused, and why
(exit code 8); what lands stays in land, and is taken by the first run after landfall resume.

Example:
  $ landfall pause united-states --why "the supplier repeats last year's files; asked them on Monday"`,
    )
    .action(async (pipeline: string, { why, by = userInfo().username, json }: PauseOptions) => {
      const status = await withClient((client) => client.pause(pipeline, { by, why }));
      if (json) printJson(status);
      else
        printAnswer(
          status.active === null
            ? `Paused: nothing is taken from land of "${pipeline}".`
            : `Paused: the run of delivery ${status.active} goes on, and nothing else is taken from land of "${pipeline}".`,
        );
    });

  program
    .command('resume')
    .description('take deliveries again')
    .argument('<pipeline>', 'name of the pipeline', parsePipelineName)
    .option('--json', 'print what the intake is at as one line of JSON')
    .addHelpText('after', '\nExample:\n  $ landfall resume united-states && landfall run united-states')
    .action(async (pipeline: string, { json }: { json?: boolean }) => {
      const status = await withClient((client) => client.resume(pipeline));
      if (json) printJson(status);
      else printAnswer(`Resumed: the next trigger takes what waits in land of "${pipeline}".`);
    });
}

interface PauseOptions {
  why: string;
  by?: string;
  json?: boolean;
}
