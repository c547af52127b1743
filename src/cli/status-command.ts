import type { Command } from 'commander';
import type { IntakeStatus } from '../workflows/intake-messages';
import { parsePipelineName } from './parse-option';
import { formatTable, printAnswer, printJson, printNote } from './print';
import { useRunningStack } from './running-stack';

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
      useRunningStack();
      // Loaded when it is needed: whoever asks for help or mistypes need not wait for it.
      const { LandfallClient } = await import('../client.js');
      const client = await LandfallClient.connect();
      try {
        const [intake, runs] = await Promise.all([client.intakeStatus(pipeline), client.listRuns(pipeline)]);
        if (json) printJson({ intake: intake ?? null, runs });
        else if (runs.length === 0) printNote(`Pipeline "${pipeline}" has no runs.`);
        else {
          const rows = runs.map(({ fileLandTimestamp, outcome, version, startedAt, endedAt }) => [
            String(fileLandTimestamp),
            outcome,
            version ?? '',
            startedAt.toISOString(),
            endedAt ? `${((endedAt.getTime() - startedAt.getTime()) / 1000).toFixed(1)} s` : '',
          ]);
          printAnswer(formatTable(['file_land_timestamp', 'outcome', 'version', 'started', 'took'], rows));
        }
        if (!json && intake) for (const line of describeIntake(intake)) printNote(line);
      } finally {
        await client.close();
      }
    });
}

function describeIntake({ paused, waiting }: IntakeStatus): string[] {
  return [
    ...(paused ? [`Paused by ${paused.by} at ${paused.at}: ${paused.why}`] : []),
    ...(waiting > 0
      ? [`${waiting} ${waiting === 1 ? 'trigger waits' : 'triggers wait'} for an answer.`]
      : []),
  ];
}
