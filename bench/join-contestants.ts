import type { Place, Prepared } from './line';
import { measureCommand, type Contestant } from './measure';
import { findPeersPython, peerScript, type PythonEnvironment } from './python-environments';

/** Who may take part in a line. */
export interface Candidate {
  name: string;
  /** As it is asked for with `--peers`. */
  peer: string;
  /** @throws Error when it cannot be had here */
  join: () => Promise<Contestant['run']>;
}

/** Those of the candidates that were asked for and can be had. */
export async function joinContestants(
  landfall: Contestant,
  candidates: readonly Candidate[],
  { asksFor }: Place,
): Promise<Pick<Prepared, 'contestants' | 'absent'>> {
  const joined: Pick<Prepared, 'contestants' | 'absent'> = { contestants: [landfall], absent: [] };
  for (const { name, peer, join } of candidates) {
    if (!asksFor(peer)) {
      joined.absent.push({ name, why: 'not asked for' });
      continue;
    }
    try {
      joined.contestants.push({ name, run: await join() });
    } catch (error) {
      const why = error instanceof Error ? error.message.trim().split('\n').at(-1) : String(error);
      joined.absent.push({ name, why: why ?? '' });
    }
  }
  return joined;
}

/** A peer's script that does one step; what it writes is its last argument. */
export const pythonStep =
  (
    environment: PythonEnvironment,
    script: string,
    args: readonly string[],
    outputSize: () => Promise<number | undefined> = () => Promise.resolve(undefined),
  ): Candidate['join'] =>
  async () => {
    const python = await findPeersPython(environment);
    return async () => {
      const { answer: _, ...sample } = await measureCommand(python, [peerScript(script), ...args]);
      const outputBytes = await outputSize();
      return { ...sample, ...(outputBytes === undefined ? {} : { outputBytes }) };
    };
  };
