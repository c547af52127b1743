import { DefinitionError, LandfallError, SetupError, UsageError } from '../errors';
import { RunFailedError, type FailedOutcome } from '../run-failure';

/** What a command's end says to scripts; documented in the README. */
export const EXIT_CODES = {
  succeeded: 0,
  failed: 1,
  badInput: 2,
  refused: 3,
  cancelled: 4,
  timedOut: 5,
  unreachable: 6,
  nothingLanded: 7,
} as const;

const OF_RUNS: Record<FailedOutcome, number> = {
  refused: EXIT_CODES.refused,
  failed: EXIT_CODES.failed,
  cancelled: EXIT_CODES.cancelled,
  'timed-out': EXIT_CODES.timedOut,
};

export function exitCodeOf(error: unknown): number {
  if (error instanceof RunFailedError) return OF_RUNS[error.outcome];
  if (error instanceof UsageError || error instanceof DefinitionError) return EXIT_CODES.badInput;
  if (error instanceof SetupError) return EXIT_CODES.unreachable;
  return error instanceof LandfallError ? EXIT_CODES.failed : EXIT_CODES.failed;
}
