import { EXIT_CODES } from './exit-code';

export interface RunSignals {
  /** Ctrl-C: stop following; the run goes on. */
  interrupted: AbortSignal;
  /** SIGTERM, Airflow's kill: cancel the run. */
  terminated: AbortSignal;
  end(): void;
}

/** A second signal of the same kind ends the command at once. */
export function listenForSignals(): RunSignals {
  const interrupted = new AbortController();
  const terminated = new AbortController();
  const interrupt = abortOrExit(interrupted, EXIT_CODES.detached);
  const terminate = abortOrExit(terminated, EXIT_CODES.cancelled);
  // Not `once`: libraries that restore the cursor kill the process when nobody else listens any more.
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', terminate);
  return {
    interrupted: interrupted.signal,
    terminated: terminated.signal,
    end: () => {
      process.off('SIGINT', interrupt);
      process.off('SIGTERM', terminate);
    },
  };
}

const abortOrExit = (controller: AbortController, exitCode: number) => (): void => {
  if (controller.signal.aborted) process.exit(exitCode);
  controller.abort();
};
