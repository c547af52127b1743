import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createJiti } from 'jiti';
import { DefinitionError, LandfallError, UsageError } from '../errors';
import type { Pipeline } from './define-pipeline';

export { findPipeline, findTable } from './find-pipeline';

// From the sources (in tests) the package is `src`, otherwise `dist`.
const PACKAGE_ENTRY = join(__dirname, '..', __filename.endsWith('.ts') ? 'index.ts' : 'index.js');

const isPipeline = (value: unknown): value is Pipeline =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'landfall-pipeline';

/** `landfall` in a module is this very package, so that both have one registry of columns. */
const createImporter = () => createJiti(__filename, { alias: { landfall: PACKAGE_ENTRY }, fsCache: false });

function whereOf(cause: Error, file: string): string {
  // Node and the compiler write the place as `file:line` or `file:line:column`.
  const place = `${cause.message}\n${cause.stack ?? ''}`
    .split('\n')
    .map((line) => line.slice(line.indexOf(file)))
    .find((line) => line.startsWith(`${file}:`));
  const numbers = place === undefined ? undefined : /^:\d+(:\d+)?/.exec(place.slice(file.length))?.[0];
  return `${file}${numbers ?? ''}`;
}

function toDefinitionError(cause: unknown, file: string): Error {
  if (cause instanceof LandfallError) return cause;
  if (!(cause instanceof Error))
    return new DefinitionError({ happened: `${file} failed: ${String(cause)}.`, next: 'Mend it.' });
  // Thrown by another copy of the package, whose classes are not ours: the words are.
  const { happened, next } = cause as Partial<LandfallError>;
  if (typeof happened === 'string' && typeof next === 'string')
    return new DefinitionError({ happened, next }, { cause });
  const [message = ''] = cause.message.split('\n');
  return new DefinitionError(
    {
      happened: `${whereOf(cause, file)} cannot be loaded: ${message.replace(/\.$/, '')}.`,
      next: 'Mend the module; it is loaded as TypeScript, without a check of its types.',
    },
    { cause },
  );
}

async function loadModule(
  module: string,
  importModule: (file: string) => Promise<unknown>,
): Promise<Pipeline[]> {
  const file = resolve(module);
  if (!existsSync(file)) {
    throw new UsageError({
      happened: `There is no file ${file}.`,
      next: 'Give the path of a module (.ts, .js, .mjs or .cjs) that exports a pipeline.',
    });
  }
  let exported: unknown;
  try {
    exported = await importModule(file);
  } catch (cause) {
    throw toDefinitionError(cause, file);
  }
  const values = typeof exported === 'object' && exported !== null ? Object.values(exported) : [];
  const pipelines = [...new Set([exported, ...values].filter(isPipeline))];
  if (pipelines.length > 0) return pipelines;
  throw new DefinitionError({
    happened: `${file} exports no pipeline.`,
    next: 'Export what definePipeline returns: export default definePipeline({ … }).',
  });
}

/**
 * The pipelines that modules export, under whatever names. Paths are absolute or relative to the working directory.
 *
 * @throws UsageError when a file is missing
 * @throws DefinitionError when a module cannot be loaded, exports no pipeline, or one whose name is taken
 */
export async function loadPipelines(modules: readonly string[]): Promise<Pipeline[]> {
  const jiti = createImporter();
  const loaded = new Map<string, { pipeline: Pipeline; module: string }>();
  for (const module of modules) {
    for (const pipeline of await loadModule(module, (file) => jiti.import(file))) {
      const other = loaded.get(pipeline.name);
      if (other && other.pipeline !== pipeline) {
        throw new DefinitionError({
          happened: `Two pipelines have the name "${pipeline.name}": in ${other.module} and in ${module}.`,
          next: 'Rename one of them: the name is part of every run.',
        });
      }
      loaded.set(pipeline.name, { pipeline, module });
    }
  }
  return [...loaded.values()].map(({ pipeline }) => pipeline);
}
