import {
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  TerminatedFailure,
  TimeoutFailure,
  type WorkflowFailedError,
} from '@temporalio/client';
import { LandfallError, type FailureWords } from './errors';
import type { DeliveryRef } from './layout/delivery';

export type FailedOutcome = 'refused' | 'failed' | 'cancelled' | 'timed-out';

/** A run that did not publish. `outcome` says how it ended; the words are those of the failure behind it. */
export class RunFailedError extends LandfallError {
  override readonly name = 'RunFailedError';

  constructor(
    readonly delivery: DeliveryRef,
    readonly outcome: FailedOutcome,
    words: FailureWords,
    options?: { cause?: unknown },
  ) {
    super(words, options);
  }
}

/** The words that a Landfall error was given, found again behind Temporal's wrappings. */
export function wordsOf(failure: unknown): FailureWords | undefined {
  const cause = failure instanceof ActivityFailure ? failure.cause : failure;
  if (!(cause instanceof ApplicationFailure)) return undefined;
  const words = cause.details?.[0] as Partial<FailureWords> | undefined;
  if (typeof words?.happened !== 'string' || typeof words.next !== 'string') return undefined;
  return {
    happened: words.happened,
    next: words.next,
    ...(words.unchanged === undefined ? {} : { unchanged: words.unchanged }),
  };
}

export function toRunFailure(delivery: DeliveryRef, error: WorkflowFailedError): RunFailedError {
  const { cause } = error;
  const which = `The run of delivery ${delivery.fileLandTimestamp} of pipeline "${delivery.pipeline}"`;
  const again = `Run it again with: landfall run ${delivery.pipeline} --timestamp ${delivery.fileLandTimestamp}`;
  if (cause instanceof CancelledFailure || cause instanceof TerminatedFailure) {
    const words = {
      happened: `${which} was cancelled.`,
      unchanged: 'What it had reached is kept, and nothing is half published.',
      next: again,
    };
    return new RunFailedError(delivery, 'cancelled', words, { cause });
  }
  if (cause instanceof TimeoutFailure) {
    return new RunFailedError(
      delivery,
      'timed-out',
      { happened: `${which} took too long and was ended.`, next: again },
      { cause },
    );
  }
  const refused = cause instanceof ApplicationFailure && cause.type === 'DeliveryRefusedError';
  const words = wordsOf(cause) ?? {
    happened: `${which} failed: ${cause?.message ?? error.message}.`,
    next: again,
  };
  return new RunFailedError(delivery, refused ? 'refused' : 'failed', words, { cause });
}
