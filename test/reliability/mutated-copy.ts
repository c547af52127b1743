import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleWorkflowCode } from '@temporalio/worker';
import ts from 'typescript';
import type { Mutant, Replacement } from './mutant';

const ROOT = join(__dirname, '..', '..');
const SOURCES = ['src', 'test', 'bin', 'package.json', 'tsconfig.json'];
const DIST = 'dist';

let copies = 0;

/**
 * The sources with one guard removed, in a folder of their own.
 * @throws Error when what the mutant replaces does not stand in its file just once
 */
export async function makeMutatedCopy(mutant: Mutant): Promise<string> {
  const folder = join(ROOT, '.landfall', `mutant-${process.pid}-${(copies += 1)}`);
  removeMutatedCopy(folder);
  mkdirSync(folder, { recursive: true });
  for (const each of SOURCES) cpSync(join(ROOT, each), join(folder, each), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  for (const each of [mutant, ...(mutant.also ?? [])]) replaceOnce(folder, each);
  if (mutant.isBuilt) await build(folder, mutant.file);
  // What the pipelines import is no part of the mutation.
  else symlinkSync(join(ROOT, DIST), join(folder, DIST));
  return folder;
}

export const removeMutatedCopy = (folder: string): void => rmSync(folder, { recursive: true, force: true });

function replaceOnce(folder: string, { file, from, to }: Replacement): void {
  const path = join(folder, file);
  const before = readFileSync(path, 'utf8');
  if (before.split(from).length !== 2) throw new Error(`${file} has not one "${from}": mend the mutant`);
  // A function: "$&" and the like in the replacement are to be taken as they are.
  writeFileSync(
    path,
    before.replace(from, () => to),
  );
}

/** Builds only what differs. */
async function build(folder: string, file: string): Promise<void> {
  const source = readFileSync(join(folder, file), 'utf8');
  cpSync(join(ROOT, DIST), join(folder, DIST), { recursive: true });
  const built = join(folder, file.replace(/^src/, DIST).replace(/\.ts$/, '.js'));
  if (!existsSync(built)) throw new Error(`${file} is not built`);
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), (path) => readFileSync(path, 'utf8')) as {
    config: { compilerOptions: object };
  };
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, ROOT);
  writeFileSync(built, ts.transpileModule(source, { compilerOptions: options, fileName: file }).outputText);
  if (!file.startsWith('src/workflows/') && !file.startsWith('src/layout/')) return;
  const nothing = (): void => undefined;
  const logger = {
    log: nothing,
    trace: nothing,
    debug: nothing,
    info: nothing,
    warn: nothing,
    error: nothing,
  };
  const { code } = await bundleWorkflowCode({
    workflowsPath: join(folder, DIST, 'workflows', 'index.js'),
    logger,
  });
  writeFileSync(join(folder, DIST, 'workflow-bundle.js'), code);
}
