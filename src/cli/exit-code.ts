import { BusyError, DefinitionError, SetupError, UnavailableError, UsageError } from '../errors';
import { RunFailedError, type FailedOutcome } from '../run-failed-error';

/** What a command's end says to scripts; documented in the README. */
export const EXIT_CODES = {
  succeeded: 0,
  failed: 1,
  badInput: 2,
  refused: 3,
  cancelled: 4,
  timedOut: 5,
  /** Temporal, AWS, a worker or this machine's settings are not as the command needs them. */
  unreachable: 6,
  nothingLanded: 7,
  /** Somebody paused the pipeline's intake: nothing is taken until it is resumed. */
  paused: 8,
  /** Of `landfall verify`: raw-hist is not what was archived. */
  damaged: 9,
  /** Of `landfall plan`: code, Glue and S3 are not as one. */
  differs: 10,
  /** A run is under way, or other maintenance. */
  busy: 11,
  /** Ctrl-C while following a run, which goes on. */
  detached: 130,
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
  if (error instanceof BusyError) return EXIT_CODES.busy;
  const isUnreachable = error instanceof SetupError || error instanceof UnavailableError;
  return isUnreachable ? EXIT_CODES.unreachable : EXIT_CODES.failed;
}
