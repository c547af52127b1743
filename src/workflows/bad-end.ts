import {
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  ChildWorkflowFailure,
  TerminatedFailure,
  TimeoutFailure,
} from '@temporalio/common';
import type { Looked } from '../layout/looked';

/** How the last run of a delivery ended, where it did not end well: what decides whether it is begun again unasked. */
export interface BadEnd {
  fileLandTimestamp: number;
  how: 'cancelled' | 'failed' | 'unavailable';
  /** Epoch milliseconds. */
  at: number;
  /** Runs of it in a row that ended so. */
  times: number;
}

const FIRST_PAUSE_MS = 5 * 60_000;
const LONGEST_PAUSE_MS = 6 * 60 * 60_000;
const PASSES_BY_ITSELF = ['UnavailableError', 'ConflictError'];

export function noteBadEnd(
  before: BadEnd | undefined,
  fileLandTimestamp: number,
  failure: unknown,
  at: number,
): BadEnd {
  const how = howItEnded(failure);
  const isAgain = before?.fileLandTimestamp === fileLandTimestamp && before.how === how;
  return { fileLandTimestamp, how, at, times: isAgain ? before.times + 1 : 1 };
}

/**
 * Nobody who looks at the events of a night wants a cancelled run begun again, or gigabytes transformed every five minutes
 * to fail the same way. What an outage ended is begun again, after 5 minutes at first and 6 hours at most.
 * @returns undefined when the delivery may be begun unasked
 */
export function whyLeftAlone(
  end: BadEnd | undefined,
  fileLandTimestamp: number,
  now: number,
): Extract<Looked, { kind: 'left-alone' }> | undefined {
  if (end?.fileLandTimestamp !== fileLandTimestamp) return undefined;
  const leftAlone = { kind: 'left-alone', fileLandTimestamp } as const;
  if (end.how !== 'unavailable') return { ...leftAlone, ended: end.how };
  const until = end.at + Math.min(FIRST_PAUSE_MS * 2 ** (end.times - 1), LONGEST_PAUSE_MS);
  return now < until ? { ...leftAlone, ended: 'failed', until: new Date(until).toISOString() } : undefined;
}

function howItEnded(failure: unknown): BadEnd['how'] {
  const cause = failure instanceof ChildWorkflowFailure ? failure.cause : failure;
  if (cause instanceof CancelledFailure || cause instanceof TerminatedFailure) return 'cancelled';
  const inner = cause instanceof ActivityFailure ? cause.cause : cause;
  if (inner instanceof CancelledFailure) return 'cancelled';
  // Workers that died at it, every time: their memory, or their machines.
  if (inner instanceof TimeoutFailure) return 'unavailable';
  return inner instanceof ApplicationFailure && PASSES_BY_ITSELF.includes(inner.type ?? '')
    ? 'unavailable'
    : 'failed';
}

/** The failure that explains, not the one that wraps it. */
export const describeFailure = (error: unknown): string =>
  error instanceof ActivityFailure && error.cause ? error.cause.message : String(error);
