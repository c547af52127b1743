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
