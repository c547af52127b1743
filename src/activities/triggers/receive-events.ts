import { setTimeout as delay } from 'node:timers/promises';
import { Context, getClient } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { openQueue } from '../../adapters/sqs-queue';
import { findPipeline } from '../../definition/load-pipelines';
import { LandfallError } from '../../errors';
import { startIntakeOptions } from '../../start-intake';
import type { intake } from '../../workflows/intake';
import type { Nudge } from '../../workflows/intake-messages';
import { toApplicationFailure } from '../to-application-failure';
import { gatherMessages } from './gather-messages';
import type { TriggerDependencies } from './index';
import { sortMessages } from './sort-messages';

/** The details of its heartbeats: what `landfall status` shows. */
export interface ListeningProgress {
  queue: string;
  /** Since this attempt began. */
  messages: number;
  /** Of these, how many were left to the queue. */
  left: number;
}

export type ListeningEnd = 'goes-on' | 'not-declared';

/** So that messages that nobody deletes are not fetched as fast as they come back. */
const PAUSE_MS = 5_000;
/** Below its timeout, so that it ends well. */
const LONGEST_MS = 11 * 60 * 60_000;

/**
 * Receives events of the pipeline's queue for as long as the worker runs, and has the intakes of the pipelines that they
 * tell of look at land. A message is deleted only once Temporal has the intake's signal. Fails, to be tried again, while the
 * queue cannot be used.
 */
export const receiveEvents =
  ({ pipelines, logger, stopping }: TriggerDependencies) =>
  async (name: string): Promise<ListeningEnd> => {
    const context = Context.current();
    const { events } = findPipeline(pipelines, name).triggers;
    if (!events) return 'not-declared';
    const sharing = pipelines.filter(({ triggers }) => triggers.events?.queue === events.queue);
    const signal = AbortSignal.any([context.cancellationSignal, stopping]);
    const progress: ListeningProgress = { queue: events.queue, messages: 0, left: 0 };
    try {
      const queue = await openQueue(events.queue, { signal });
      const until = Date.now() + LONGEST_MS;
      while (Date.now() < until) {
        context.heartbeat({ ...progress });
        const messages = await gatherMessages(queue, signal);
        const { landed, done, left } = sortMessages(messages, sharing);
        for (const pipeline of landed) await tellIntake(pipeline);
        await queue.remove(done, { signal });
        progress.messages += messages.length;
        progress.left += left.length;
        if (left.length === 0) continue;
        logger.warn({ pipeline: name, queue: events.queue, left }, 'messages were left in the queue');
        if (done.length === 0) await delay(PAUSE_MS, undefined, { signal });
      }
      return 'goes-on';
    } catch (error) {
      if (context.cancellationSignal.aborted) throw context.cancellationSignal.reason;
      if (stopping.aborted) return 'goes-on';
      throw toRetried(error);
    }
  };

async function tellIntake(pipeline: string): Promise<void> {
  await getClient().workflow.signalWithStart<typeof intake, [Nudge]>('intake', {
    ...startIntakeOptions(pipeline),
    signal: 'nudge',
    signalArgs: [{ because: 'event' }],
  });
}

/** What a person has to mend is tried again too: nobody starts it a second time. */
function toRetried(error: unknown): unknown {
  if (!(error instanceof LandfallError)) return error;
  const { type, message, details } = toApplicationFailure(error);
  return ApplicationFailure.create({
    message,
    nonRetryable: false,
    ...(type ? { type } : {}),
    ...(details ? { details } : {}),
  });
}
