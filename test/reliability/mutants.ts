import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CaseGroup } from './case';

const ROOT = join(__dirname, '..', '..');
const SOURCES = ['src', 'test', 'package.json', 'tsconfig.json'];
const LONGEST_MS = 900_000;

/** A guard of the protocol, and how the source looks without it. */
interface Mutant {
  guard: string;
  file: string;
  /** What must stand in the file, once. */
  from: string | RegExp;
  to: string;
  /** The groups that must catch it. */
  caughtBy: string;
}

const MUTANTS: readonly Mutant[] = [
  {
    guard: 'only the archived version is deleted from land (bucket with versions)',
    file: 'src/adapters/s3-delete.ts',
    from: '? { VersionId: versionId }',
    to: '? {}',
    caughtBy: 're-uploads: one file of one table, land with versions',
  },
  {
    guard: 'only the archived version is deleted from land (bucket without versions)',
    file: 'src/adapters/s3-delete.ts',
    from: ': { VersionId: versionId, IfMatch: etag }',
    to: ': { VersionId: versionId }',
    caughtBy: 're-uploads: one file of one table, land without versions',
  },
  {
    guard: 'only the pinned version is checked and copied',
    file: 'src/activities/land/source-of.ts',
    from: '...(versionId === undefined ? {} : { versionId }),',
    to: '',
    caughtBy: 're-uploads: one file of one table, land with versions',
  },
  {
    guard: 'an answer of the store that says "exists" is looked at, not believed',
    file: 'src/activities/copy-verified.ts',
    from: '  if (!(await store.head(target, { signal }))) {\n',
    to: '  {\n    if (await store.head(target, { signal })) throw new Error("it is there already");\n',
    caughtBy: 'crash: one file of one table',
  },
];

/** @returns whether the harness, run over the mutated sources, says that something is wrong */
async function isCaught({ file, from, to, caughtBy }: Mutant, place: number): Promise<boolean> {
  const folder = join(ROOT, '.landfall', `mutant-${process.pid}-${place}`);
  try {
    mkdirSync(folder, { recursive: true });
    for (const each of SOURCES) cpSync(join(ROOT, each), join(folder, each), { recursive: true });
    // The pipelines' own code is no part of the mutation.
    for (const each of ['node_modules', 'dist']) symlinkSync(join(ROOT, each), join(folder, each));
    const path = join(folder, file);
    const before = readFileSync(path, 'utf8');
    if (before.split(from).length !== 2)
      throw new Error(`${file} has not one "${String(from)}": mend the mutant`);
    writeFileSync(path, before.replace(from, to));
    return await fails(folder, caughtBy);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function fails(folder: string, only: string): Promise<boolean> {
  const jiti = join(ROOT, 'node_modules', 'jiti', 'lib', 'jiti-cli.mjs');
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [jiti, join(folder, 'test', 'reliability', 'run.ts'), '--until-failure', '--only', only],
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
  quick: 2,
  cases: () =>
    Promise.resolve(
      MUTANTS.map((mutant, place) => ({
        name: mutant.guard,
        run: async () => ((await isCaught(mutant, place)) ? [] : ['removed, and nothing was noticed']),
      })),
    ),
};
