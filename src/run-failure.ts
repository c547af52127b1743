import {
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  TerminatedFailure,
  TimeoutFailure,
  type WorkflowFailedError,
  type WorkflowUpdateFailedError,
} from '@temporalio/client';
import { LandfallError, SetupError, UsageError, type FailureWords } from './errors';
import type { DeliveryRef, Refusal } from './layout/delivery';
import { RunFailedError } from './run-failed-error';

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
  if (!refused) return new RunFailedError(delivery, 'failed', words, { cause });
  const { refusal } = (cause.details?.[0] ?? {}) as { refusal?: Refusal };
  return new RunFailedError(delivery, 'refused', words, { cause, refusal });
}

const CALLERS_TELL_APART = { UsageError, SetupError };

/** Why a delivery could not be taken: the caller's doing, its surroundings', or something else. */
export function toTakeFailure(
  pipeline: string,
  { cause, message }: WorkflowUpdateFailedError,
): LandfallError {
  const words = wordsOf(cause) ?? {
    happened: `The intake of pipeline "${pipeline}" could not do what it was asked: ${cause?.message ?? message}.`,
    unchanged: 'Land is as it was.',
    next: 'See the worker’s log, and ask again.',
  };
  return new (kindOf(cause))(words, { cause });
}

/** The class that the caller's exit code follows from. */
export function kindOf(cause: unknown): typeof LandfallError {
  const failure = cause instanceof ActivityFailure ? cause.cause : cause;
  const type = failure instanceof ApplicationFailure ? failure.type : undefined;
  return Object.entries(CALLERS_TELL_APART).find(([name]) => name === type)?.[1] ?? LandfallError;
}
