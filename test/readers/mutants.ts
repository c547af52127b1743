import { join } from 'node:path';
import { runOverCopy } from '../reliability/run-over-copy';
import { MUTANTS } from './mutant-list';

const OPTIONS = ['--quick', '--until-fault', '--only', 'publishes'];

/** Publishes wrongly in each way in turn: readers who do not notice prove nothing. @returns what was not noticed */
export async function judgeMutants(say: (words: string) => void): Promise<string[]> {
  const missed: string[] = [];
  for (const mutant of MUTANTS) {
    const difference = await runOverCopy(mutant, join('test', 'readers', 'run.ts'), OPTIONS).catch(
      (error: unknown) => `it does not come to its end: ${String(error)}`,
    );
    const isCaught = new RegExp(`[1-9]\\d* ${mutant.caughtBy}`).test(difference ?? '');
    if (!isCaught) missed.push(mutant.guard);
    say(
      `${isCaught ? 'ok    ' : 'FAILED'} without "${mutant.guard}": ${difference ?? 'nothing was noticed'}`,
    );
  }
  return missed;
}
