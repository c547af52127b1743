import { execFile } from 'node:child_process';
import { join } from 'node:path';
import type { CaseGroup } from './case';
import { makeMutatedCopy, removeMutatedCopy } from './mutated-copy';
import { MUTANTS } from './mutant-list';
import type { Mutant } from './mutant';

const ROOT = join(__dirname, '..', '..');
const JITI = join(ROOT, 'node_modules', 'jiti', 'lib', 'jiti-cli.mjs');
const LONGEST_MS = 900_000;

/** @returns whether the harness, run over the mutated sources, says that something is wrong */
async function isCaught(mutant: Mutant): Promise<boolean> {
  const folder = await makeMutatedCopy(mutant);
  try {
    return await fails(folder, mutant.caughtBy);
  } finally {
    removeMutatedCopy(folder);
  }
}

/** On the stack that runs already. */
function fails(folder: string, only: string): Promise<boolean> {
  const run = join(folder, 'test', 'reliability', 'run.ts');
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [JITI, run, '--until-failure', '--lanes', '1', '--only', only],
      { timeout: LONGEST_MS, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout) => {
        const last = stdout.trimEnd().split('\n').at(-1) ?? '';
        try {
          resolve(!(JSON.parse(last) as { holds: boolean }).holds);
        } catch {
          reject(error ?? new Error(`the harness said nothing over a mutant: ${last}`));
        }
      },
    );
  });
}

/** Each guard removed in turn: a harness that does not notice proves nothing. */
export const mutants: CaseGroup = {
  name: 'mutants',
  on: 'emulator',
  quick: 1,
  longestMs: LONGEST_MS + 60_000,
  cases: () =>
    Promise.resolve(
      MUTANTS.map((mutant) => ({
        name: mutant.guard,
        run: async () =>
          (await isCaught(mutant)) ? [] : [`removed from ${mutant.file}, and nothing was noticed`],
      })),
    ),
};
