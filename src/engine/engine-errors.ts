import { LandfallError } from '../errors';

/** A process of the engine ended in the middle of a task, of which nothing is visible; the same call may succeed. */
export class EngineProcessLostError extends LandfallError {
  override readonly name = 'EngineProcessLostError';
  override readonly retryable = true;
}

/** @param cause what the pool of processes says: exit code and signal are in its message */
export function toProcessLostError(doing: string, cause: unknown): EngineProcessLostError {
  const message = cause instanceof Error ? cause.message : String(cause);
  const signal = /signalCode: `(SIG\w+)`/.exec(message)?.[1];
  const exitCode = /exitCode: `(\d+)`/.exec(message)?.[1];
  const how = signal
    ? `was ended by ${signal}`
    : `ended${exitCode === undefined ? '' : ` with exit code ${exitCode}`}`;
  return new EngineProcessLostError(
    {
      happened: `The process that ${doing} ${how}.`,
      unchanged: 'Nothing that it had begun can be seen in any area.',
      next: 'The task can be done again. If it happens each time, look at the memory of the machine and at what the process printed last.',
    },
    { cause },
  );
}
