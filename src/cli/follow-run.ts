import { setTimeout as delay } from 'node:timers/promises';
import type { LandfallClient } from '../client';
import { STAGES } from '../layout/areas';
import type { DeliveryRef, RunResult } from '../layout/delivery';
import type { RunProgress } from '../workflows/run-progress';
import { showLines } from './show-lines';
import { showLive } from './show-live';
import { untilAborted } from './until-aborted';

const POLL_MS = 300;
const LAST_LOOK_MS = 3_000;

/**
 * Waits for a run and shows how far it is: a line a stage, live on a terminal, as each is done elsewhere.
 * @returns undefined when `until` was aborted first
 */
export async function followRun(
  client: LandfallClient,
  delivery: DeliveryRef,
  { quiet, until }: { quiet: boolean; until: AbortSignal },
): Promise<RunResult | undefined> {
  const result = client.result(delivery.pipeline, delivery.fileLandTimestamp);
  const left = untilAborted(until);
  if (!quiet) {
    const ended = Promise.race([
      result.then(
        () => true,
        () => true,
      ),
      left.then(() => true),
    ]);
    const progress = watchProgress(client, delivery, ended, until);
    await (hasRoomForLive(process.stderr) ? showLive(progress) : showLines(progress));
  }
  return Promise.race([result, left]);
}

/** A pseudo-terminal need not have a size; what does not fit cannot be changed in place. */
const hasRoomForLive = ({ isTTY, rows, columns }: NodeJS.WriteStream): boolean =>
  isTTY && rows > STAGES.length + 1 && columns >= 40;

async function* watchProgress(
  client: LandfallClient,
  { pipeline, fileLandTimestamp }: DeliveryRef,
  ended: Promise<boolean>,
  until: AbortSignal,
): AsyncGenerator<RunProgress> {
  for (;;) {
    const hasEnded = await Promise.race([ended, delay(POLL_MS, false)]);
    if (until.aborted) return;
    // While no worker answers there is nothing to show; the run's result is the truth all the same.
    const asked = client.progress(pipeline, fileLandTimestamp).catch(() => undefined);
    const enough = hasEnded ? delay(LAST_LOOK_MS, undefined, { ref: false }) : ended;
    const progress = await Promise.race([asked, enough]);
    if (typeof progress === 'object') yield progress;
    if (hasEnded) return;
  }
}
