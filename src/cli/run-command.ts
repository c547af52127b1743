import type { Command } from 'commander';
import { LandfallClient } from '../client';
import type { RunResult } from '../layout/delivery';
import { EXIT_CODES } from './exit-code';
import { followRun } from './follow-run';
import { parseTimestamp } from './parse-option';
import { formatTable, printAnswer, printJson, printNote } from './print';

interface RunOptions {
  timestamp?: number;
  wait: boolean;
  json?: boolean;
}

export function addRunCommand(program: Command): void {
  program
    .command('run')
    .description('take what waits in land, and follow it to Glue')
    .argument('<pipeline>', 'name of the pipeline')
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
Exit codes: 0 published, 1 failed, 2 bad input, 3 refused by validation, 4 cancelled, 5 timed out, 6 unreachable, 7 nothing landed.

Examples:
  $ landfall run united-states
  $ landfall run united-states --timestamp 2018-08-22T20:13:20Z --json`,
    )
    .action(runPipelineCommand);
}

async function runPipelineCommand(
  pipeline: string,
  { timestamp, wait, json = false }: RunOptions,
): Promise<void> {
  const client = await LandfallClient.connect();
  const stopWatching = cancelOnSignal(client, pipeline);
  try {
    const taken = await client.takeDelivery(
      pipeline,
      timestamp === undefined ? {} : { fileLandTimestamp: timestamp },
    );
    if (taken.kind === 'nothing-landed') {
      if (json) printJson({ outcome: 'nothing-landed', pipeline });
      printNote(`Nothing waits in land for pipeline "${pipeline}".`);
      process.exitCode = EXIT_CODES.nothingLanded;
      return;
    }
    if (taken.kind === 'published') {
      printNote(`Delivery ${taken.result.fileLandTimestamp} was published before; nothing was changed.`);
      printResult(taken.result, json);
      return;
    }
    printNote(
      `${taken.attached ? 'Attached to the run' : 'Run'} of delivery ${taken.fileLandTimestamp} (${taken.workflowId})`,
    );
    stopWatching.follow(taken.fileLandTimestamp);
    if (!wait) {
      if (json) printJson({ outcome: 'running', pipeline, ...taken });
      return;
    }
    printResult(await followRun(client, pipeline, taken.fileLandTimestamp, { quiet: json }), json);
  } finally {
    stopWatching.end();
    await client.close();
  }
}

/** SIGTERM (Airflow's kill) cancels the run; Ctrl-C leaves it running and only stops following. */
function cancelOnSignal(client: LandfallClient, pipeline: string) {
  let following: number | undefined;
  const terminate = (): void => {
    if (following === undefined) process.exit(EXIT_CODES.cancelled);
    printNote(`Cancelling delivery ${following} …`);
    client
      .cancel(pipeline, following)
      .catch((error: unknown) => printNote(`It could not be cancelled: ${String(error)}`));
  };
  const interrupt = (): void => {
    printNote(
      following === undefined
        ? 'Stopped waiting.'
        : `\nThe run of delivery ${following} goes on. Come back to it with: landfall run ${pipeline} --timestamp ${following}`,
    );
    process.exit(130);
  };
  process.on('SIGTERM', terminate);
  process.on('SIGINT', interrupt);
  return {
    follow: (fileLandTimestamp: number) => {
      following = fileLandTimestamp;
    },
    end: () => {
      process.off('SIGTERM', terminate);
      process.off('SIGINT', interrupt);
    },
  };
}

export function printResult(result: RunResult, json: boolean): void {
  if (json) {
    printJson(result);
    return;
  }
  const rows = result.tables.map(
    ({ table, files, landed, processed, rejected, addedByTransform, published }) => [
      table,
      files,
      landed,
      processed,
      rejected,
      addedByTransform,
      published,
    ],
  );
  printAnswer(
    `Delivery ${result.fileLandTimestamp} is published to database ${result.database} (version ${result.version}).`,
  );
  printAnswer(
    formatTable(
      ['table', 'files', 'rows landed', 'processed', 'rejected', 'added by transform', 'in the table now'],
      rows,
    ),
  );
  printAnswer(`Report: ${result.report}`);
}
