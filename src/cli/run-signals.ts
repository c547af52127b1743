export interface RunSignals {
  /** Ctrl-C: stop following; the run goes on. */
  interrupted: AbortSignal;
  /** SIGTERM, Airflow's kill: cancel the run. */
  terminated: AbortSignal;
  end(): void;
}

/** The first of each is ours; a second one ends the command at once. */
export function listenForSignals(): RunSignals {
  const interrupted = new AbortController();
  const terminated = new AbortController();
  const interrupt = (): void => interrupted.abort();
  const terminate = (): void => terminated.abort();
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', terminate);
  return {
    interrupted: interrupted.signal,
    terminated: terminated.signal,
    end: () => {
      process.off('SIGINT', interrupt);
      process.off('SIGTERM', terminate);
    },
  };
}
