import type { Command } from 'commander';
import type { RunSummary } from '../run-summary';
import type { IntakeStatus } from '../workflows/intake-messages';
import { describeTriggers } from './describe-triggers';
import { parsePipelineName } from './parse-option';
import { formatTable, printAnswer, printJson, printNote } from './print';
import { withClient } from './with-client';

export function addStatusCommand(program: Command): void {
  program
    .command('status')
    .description('what a pipeline is at, and its latest runs')
    .argument('<pipeline>', 'name of the pipeline', parsePipelineName)
    .option('--json', 'print them as one line of JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  $ landfall status united-states\n  $ landfall status united-states --json',
    )
    .action(async (pipeline: string, { json = false }: { json?: boolean }) => {
      const [intake, triggers, runs] = await withClient((client) =>
        Promise.all([
          client.intakeStatus(pipeline),
          client.triggersStatus(pipeline),
          client.listRuns(pipeline),
        ]),
      );
      if (json) {
        printJson({ intake: intake ?? null, triggers, runs });
        return;
      }
      if (runs.length === 0) printNote(`Pipeline "${pipeline}" has no runs.`);
      else printAnswer(describeRuns(runs));
      for (const line of describeTriggers(triggers, intake)) printNote(line);
      if (intake) for (const line of describeIntake(intake)) printNote(line);
    });
}

function describeRuns(runs: readonly RunSummary[]): string {
  const rows = runs.map(({ fileLandTimestamp, outcome, version, startedAt, endedAt }) => [
    String(fileLandTimestamp),
    outcome,
    version ?? '',
    startedAt.toISOString(),
    endedAt ? `${((endedAt.getTime() - startedAt.getTime()) / 1000).toFixed(1)} s` : '',
  ]);
  return formatTable(['file_land_timestamp', 'outcome', 'version', 'started', 'took'], rows);
}

function describeIntake({ paused, waiting }: IntakeStatus): string[] {
  return [
    ...(paused ? [`Paused by ${paused.by} at ${paused.at}: ${paused.why}`] : []),
    ...(waiting > 0
      ? [`${waiting} ${waiting === 1 ? 'trigger waits' : 'triggers wait'} for an answer.`]
      : []),
  ];
}
