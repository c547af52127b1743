import { LandfallError } from '../errors';

export type ProbeVerdict = 'ok' | 'warning' | 'failed' | 'skipped';

/** What one probe came to. */
export interface ProbeResult {
  name: string;
  verdict: ProbeVerdict;
  /** What was seen. */
  seen: string;
  /** What to do, where there is something to do. */
  next?: string;
}

export type Seen = Omit<ProbeResult, 'name'>;

/** Whoever asks what is wrong waits seconds, not minutes. */
const PATIENCE_MS = 8_000;

export const ok = (seen: string): Seen => ({ verdict: 'ok', seen });
export const warning = (seen: string, next: string): Seen => ({ verdict: 'warning', seen, next });
export const failed = (seen: string, next: string): Seen => ({ verdict: 'failed', seen, next });
export const skipped = (name: string, seen: string): ProbeResult => ({ name, verdict: 'skipped', seen });

/** Never throws: what goes wrong is what was seen. `signal` is aborted when the time is up, and waited for no longer. */
export async function probe(
  name: string,
  work: (signal: AbortSignal) => Seen | Promise<Seen>,
  { patienceMs = PATIENCE_MS, onFailure = failed }: { patienceMs?: number; onFailure?: typeof failed } = {},
): Promise<ProbeResult> {
  const signal = AbortSignal.timeout(patienceMs);
  const timeUp = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
  try {
    return { name, ...(await Promise.race([Promise.resolve(signal).then(work), timeUp])) };
  } catch (error) {
    if (signal.aborted) {
      const next = 'See that it runs, and that nothing (a firewall, a proxy) swallows what is sent to it.';
      return { name, ...onFailure(`no answer within ${patienceMs / 1000} seconds`, next) };
    }
    if (error instanceof LandfallError) return { name, ...onFailure(error.happened, error.next) };
    const words = error instanceof Error ? error.message : String(error);
    return { name, ...onFailure(words, 'Mend what it says, and ask again.') };
  }
}
