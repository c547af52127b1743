import { setTimeout as delay } from 'node:timers/promises';
import { LandfallClient } from '../client';
import type { DeliveryRef } from '../layout/delivery';
import type { Pause, TakenDelivery } from '../workflows/intake-messages';
import { EXIT_CODES } from './exit-code';
import { followRun } from './follow-run';
import { printAnswer, printJson, printNote } from './print';
import { printResult } from './print-result';
import type { RunOptions } from './run-command';
import { listenForSignals, type RunSignals } from './run-signals';
import { useRunningStack } from './running-stack';
import { untilAborted } from './until-aborted';

export async function runDelivery(
  pipeline: string,
  { timestamp, wait, json = false, decision }: RunOptions,
): Promise<void> {
  useRunningStack();
  const client = await LandfallClient.connect();
  const signals = listenForSignals();
  try {
    const taking = client.takeDelivery(pipeline, {
      ...(timestamp === undefined ? {} : { fileLandTimestamp: timestamp }),
      ...(decision === undefined ? {} : { decision }),
    });
    const taken = await waitForDelivery(taking, signals);
    if (!taken) stopWaiting(pipeline, signals, json);
    else if (taken.kind === 'nothing-landed') {
      if (json) printJson({ outcome: 'nothing-landed', pipeline });
      printNote(`Nothing waits in land for pipeline "${pipeline}".`);
      process.exitCode = EXIT_CODES.nothingLanded;
    } else if (taken.kind === 'not-complete') {
      if (json) printJson({ outcome: 'not-complete', pipeline, missing: taken.missing });
      printNote(describeMissing(pipeline, taken.missing));
      process.exitCode = EXIT_CODES.nothingLanded;
    } else if (taken.kind === 'paused') {
      if (json) printJson({ outcome: 'paused', pipeline, pause: taken.pause });
      printNote(describePause(pipeline, taken.pause));
      process.exitCode = EXIT_CODES.paused;
    } else if (taken.kind === 'published') {
      printNote(`Delivery ${taken.result.fileLandTimestamp} was published before; nothing was changed.`);
      printResult(taken.result, json);
    } else if (wait) await follow(client, pipeline, taken, signals, json);
    else if (json) printJson(describeRunning(pipeline, taken));
    else printAnswer(describeTaken(taken));
  } finally {
    signals.end();
    await client.close();
  }
  // What still waits for the server would hold this process for as long as the server lets it.
  if (signals.interrupted.aborted || signals.terminated.aborted) process.exit();
}

const describePause = (pipeline: string, { by, why, at }: Pause): string =>
  `Pipeline "${pipeline}" was paused by ${by} at ${at}: ${why}\nNothing is taken, and land is as it was. When it may go on: landfall resume ${pipeline}`;

const describeMissing = (pipeline: string, missing: readonly string[]): string =>
  `What waits in land for pipeline "${pipeline}" is not complete, and stays there. Still to come:\n${missing
    .map((each) => `- ${each}`)
    .join('\n')}`;

type TakenRun = Extract<TakenDelivery, { kind: 'run' }>;

const describeRunning = (pipeline: string, { fileLandTimestamp, workflowId, attached }: TakenRun) => ({
  outcome: 'running',
  ...{ pipeline, fileLandTimestamp, workflowId, attached },
});

const describeTaken = ({ attached, fileLandTimestamp, workflowId }: TakenRun): string =>
  `${attached ? 'Attached to the run' : 'Run'} of delivery ${fileLandTimestamp} (${workflowId})`;

const TELL_OF_WAITING_MS = 10_000;
const CANCEL_WITHIN_MS = 10_000;

/** @returns undefined when told to stop before it is known which delivery this is */
async function waitForDelivery(
  taking: Promise<TakenDelivery>,
  { interrupted, terminated }: RunSignals,
): Promise<TakenDelivery | undefined> {
  const timer = setTimeout(
    () => printNote('Still waiting: an earlier delivery is under way, or the worker is busy or gone.'),
    TELL_OF_WAITING_MS,
  );
  // What is being taken can only be cancelled once it is known.
  const overdue = untilAborted(terminated).then(() => delay(CANCEL_WITHIN_MS, undefined, { ref: false }));
  try {
    return await Promise.race([taking, untilAborted(interrupted), overdue]);
  } finally {
    clearTimeout(timer);
  }
}

function stopWaiting(pipeline: string, { interrupted }: RunSignals, json: boolean): void {
  if (json) printJson({ outcome: 'unknown', pipeline });
  printNote(`Stopped waiting. What is in land may still be taken: see landfall status ${pipeline}`);
  process.exitCode = interrupted.aborted ? EXIT_CODES.detached : EXIT_CODES.cancelled;
}

async function follow(
  client: LandfallClient,
  pipeline: string,
  taken: TakenRun,
  { interrupted, terminated }: RunSignals,
  json: boolean,
): Promise<void> {
  const delivery: DeliveryRef = { pipeline, fileLandTimestamp: taken.fileLandTimestamp };
  printNote(describeTaken(taken));
  void untilAborted(terminated).then(() => cancel(client, delivery));
  const result = await followRun(client, delivery, { quiet: json, until: interrupted });
  if (result) {
    printResult(result, json);
    return;
  }
  if (json) printJson(describeRunning(pipeline, taken));
  printNote(
    `The run of delivery ${taken.fileLandTimestamp} goes on. Come back to it with: landfall run ${pipeline} --timestamp ${taken.fileLandTimestamp}`,
  );
  process.exitCode = EXIT_CODES.detached;
}

async function cancel(client: LandfallClient, { pipeline, fileLandTimestamp }: DeliveryRef): Promise<void> {
  printNote(`Cancelling delivery ${fileLandTimestamp} …`);
  try {
    await client.cancel(pipeline, fileLandTimestamp);
  } catch (error) {
    printNote(`It could not be cancelled: ${error instanceof Error ? error.message : String(error)}`);
  }
}
