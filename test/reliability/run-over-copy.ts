import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { makeMutatedCopy, removeMutatedCopy } from './mutated-copy';
import type { Mutant } from './mutant';

const JITI = join(__dirname, '..', '..', 'node_modules', 'jiti', 'lib', 'jiti-cli.mjs');
export const LONGEST_OVER_COPY_MS = 1_800_000;

/**
 * Runs a harness over the mutated sources, on the stack that runs already. Its last line is JSON with `holds`.
 * @param run its module, from the repository's root
 * @returns the line before the last where it does not hold
 */
export async function runOverCopy(
  mutant: Mutant,
  run: string,
  options: readonly string[],
): Promise<string | undefined> {
  const folder = await makeMutatedCopy(mutant);
  try {
    return await findDifference(join(folder, run), options);
  } finally {
    removeMutatedCopy(folder);
  }
}

function findDifference(run: string, options: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [JITI, run, ...options],
      { timeout: LONGEST_OVER_COPY_MS, maxBuffer: 64 * 1024 * 1024 },
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
