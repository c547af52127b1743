import { LandfallError, type FailureWords } from './errors';
import type { DeliveryRef, Refusal } from './layout/delivery';

export type FailedOutcome = 'refused' | 'failed' | 'cancelled' | 'timed-out';

/** A run that did not publish. `outcome` says how it ended; the words are those of the failure behind it. */
export class RunFailedError extends LandfallError {
  override readonly name = 'RunFailedError';
  /** What a refused delivery was refused for. */
  readonly refusal: Refusal | undefined;

  constructor(
    readonly delivery: DeliveryRef,
    readonly outcome: FailedOutcome,
    words: FailureWords,
    options?: { cause?: unknown; refusal?: Refusal | undefined },
  ) {
    super(words, options);
    this.refusal = options?.refusal;
  }
}
