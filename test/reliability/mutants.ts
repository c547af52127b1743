import { execFile } from 'node:child_process';
import { join } from 'node:path';
import type { CaseGroup } from './case';
import { makeMutatedCopy, removeMutatedCopy } from './mutated-copy';
import { CONTROLS, MUTANTS } from './mutant-list';
import type { Mutant } from './mutant';
import { note } from './notes';

const ROOT = join(__dirname, '..', '..');
const JITI = join(ROOT, 'node_modules', 'jiti', 'lib', 'jiti-cli.mjs');
const LONGEST_MS = 1_800_000;

/** @returns the first difference that the harness, run over the mutated sources, finds; none where it finds none */
async function findDifference(mutant: Mutant, options: readonly string[] = []): Promise<string | undefined> {
  const folder = await makeMutatedCopy(mutant);
  try {
    return await runOver(folder, ['--only', mutant.caughtBy, ...options]);
  } finally {
    removeMutatedCopy(folder);
  }
}

/** On the stack that runs already. */
function runOver(folder: string, options: readonly string[]): Promise<string | undefined> {
  const run = join(folder, 'test', 'reliability', 'run.ts');
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [JITI, run, '--until-failure', '--lanes', '1', ...options],
      { timeout: LONGEST_MS, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout) => {
        const lines = stdout.trimEnd().split('\n');
        const last = lines.at(-1) ?? '';
        try {
          const { holds } = JSON.parse(last) as { holds: boolean };
          resolve(holds ? undefined : (lines.at(-2)?.trim() ?? ''));
        } catch {
          reject(error ?? new Error(`the harness said nothing over a mutant: ${last}`));
        }
      },
    );
  });
}

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
  longestMs: LONGEST_MS + 60_000,
  cases: () =>
    Promise.resolve([
      ...MUTANTS.map((mutant) => ({ name: mutant.guard, run: () => judge(mutant) })),
      ...CONTROLS.map((control) => ({ name: control.guard, run: () => judgeControl(control) })),
    ]),
};
