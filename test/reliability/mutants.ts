import { join } from 'node:path';
import type { CaseGroup } from './case';
import { CONTROLS, MUTANTS } from './mutant-list';
import type { Mutant } from './mutant';
import { note } from './notes';
import { LONGEST_OVER_COPY_MS, runOverCopy } from './run-over-copy';

/** @returns the first difference that the harness, run over the mutated sources, finds; none where it finds none */
const findDifference = (mutant: Mutant, options: readonly string[] = []): Promise<string | undefined> =>
  runOverCopy(mutant, join('test', 'reliability', 'run.ts'), [
    ...['--until-failure', '--lanes', '1', '--only', mutant.caughtBy],
    ...options,
  ]);

async function judge(mutant: Mutant): Promise<string[]> {
  const difference = await findDifference(mutant);
  if (difference === undefined) return [`removed from ${mutant.file}, and nothing was noticed`];
  note(`noticed as: ${difference}`);
  return [];
}

/** A copy from which nothing was removed: what it fails at would be caught in every mutant. */
async function judgeControl(control: Mutant): Promise<string[]> {
  const difference = await findDifference(control, ['--quick']);
  return difference === undefined ? [] : [`nothing was removed, and there is: ${difference}`];
}

/** Each guard removed in turn: a harness that does not notice proves nothing. */
export const mutants: CaseGroup = {
  name: 'mutants',
  on: 'emulator',
  quick: 1,
  longestMs: LONGEST_OVER_COPY_MS + 60_000,
  cases: () =>
    Promise.resolve([
      ...MUTANTS.map((mutant) => ({ name: mutant.guard, run: () => judge(mutant) })),
      ...CONTROLS.map((control) => ({ name: control.guard, run: () => judgeControl(control) })),
    ]),
};
