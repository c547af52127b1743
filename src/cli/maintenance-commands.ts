import { userInfo } from 'node:os';
import type { Command } from 'commander';
import { parseGrace, parsePipelineName, parseTimestamp } from './parse-option';

interface MaintenanceOptions {
  dryRun?: boolean;
  json?: boolean;
}

const EXIT_CODES = `
Exit codes: 0 done, 1 failed, 2 bad input or no such publish, 6 Temporal, AWS or the worker is unreachable,
11 a run or other maintenance is under way, 130 stopped following.`;

/** `landfall rollback`, `landfall gc`, `landfall glue recreate`: what a person does with what was published. */
export function addMaintenanceCommands(program: Command): void {
  program
    .command('rollback')
    .description('move all tables back to what an earlier publish gave, in seconds')
    .argument('<pipeline>', 'name of the pipeline', parsePipelineName)
    .option(
      '--to <time>',
      'the file_land_timestamp of the delivery whose publish to go back to (default: the one before)',
      parseTimestamp,
    )
    .option('--why <reason>', 'told to whoever triggers a run meanwhile', 'rolled back')
    .option('--by <name>', 'who rolls back (default: the user who runs this)')
    .option('--dry-run', 'look at all of it, and move nothing')
    .option('--json', 'print what it came to as one line of JSON')
    .addHelpText(
      'after',
      `
Pointers alone are moved, and only after every file of that publish was found as it was recorded. The pipeline is
paused before, and stays paused: the next delivery would publish forward. Go on with: landfall resume <pipeline>
See docs/publishing.md.
${EXIT_CODES}

Examples:
  $ landfall rollback united-states --dry-run
  $ landfall rollback united-states --to 2018-08-22T20:13:20Z --why "the supplier sent test data"`,
    )
    .action(
      async (pipeline: string, options: MaintenanceOptions & { to?: number; why: string; by?: string }) => {
        const { dryRun = false, json = false, to, why, by = userInfo().username } = options;
        const { runMaintenance } = await import('./run-maintenance.js');
        const which = to === undefined ? {} : { to };
        await runMaintenance(pipeline, { kind: 'rollback', dryRun, by, why, ...which }, json);
      },
    );

  program
    .command('gc')
    .description('delete the files of curated snapshots that nobody reads any more')
    .argument('<pipeline>', 'name of the pipeline', parsePipelineName)
    .option(
      '--grace <time>',
      'keep what any publish within it had: 7d, 36h, 90m, 0s',
      parseGrace,
      7 * 24 * 60 * 60,
    )
    .option('--dry-run', 'say what would be deleted, and delete nothing')
    .option('--json', 'print what it came to as one line of JSON')
    .addHelpText(
      'after',
      `
Only curated, and there only what records name: what Glue points at, what a publish within the grace had, and what no
record explains stay. What is swept cannot be rolled back to. See docs/publishing.md.
${EXIT_CODES}

Examples:
  $ landfall gc united-states --dry-run
  $ landfall gc united-states --grace 30d --json`,
    )
    .action(async (pipeline: string, options: MaintenanceOptions & { grace: number }) => {
      const { dryRun = false, json = false, grace: graceSeconds } = options;
      const { runMaintenance } = await import('./run-maintenance.js');
      await runMaintenance(pipeline, { kind: 'gc', dryRun, graceSeconds }, json);
    });

  program
    .command('glue')
    .description('what concerns the Glue database alone')
    .command('recreate')
    .description('make the Glue database and its tables again, as the last publish declared them')
    .argument('<pipeline>', 'name of the pipeline', parsePipelineName)
    .option('--dry-run', 'say what would be made, and make nothing')
    .option('--json', 'print what it came to as one line of JSON')
    .addHelpText(
      'after',
      `
From the pipeline's records, also where the database was deleted by hand; no byte of curated is touched.
See docs/publishing.md.
${EXIT_CODES}

Example:
  $ landfall glue recreate united-states`,
    )
    .action(async (pipeline: string, { dryRun = false, json = false }: MaintenanceOptions) => {
      const { runMaintenance } = await import('./run-maintenance.js');
      await runMaintenance(pipeline, { kind: 'recreate', dryRun }, json);
    });
}
