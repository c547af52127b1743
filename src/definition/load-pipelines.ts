import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createJiti } from 'jiti';
import { DefinitionError, LandfallError, UsageError } from '../errors';
import type { Pipeline } from './pipeline';

export { findPipeline, findTable } from './find-pipeline';

// Node runs only JavaScript: from the sources (in tests) the built package is used.
const PACKAGE_ENTRY = join(__dirname, __filename.endsWith('.ts') ? '../../dist' : '..', 'index.js');

const isPipeline = (value: unknown): value is Pipeline =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'landfall-pipeline';

/** `landfall` in a module is this very package, so that both have one registry of columns. */
const createImporter = () => createJiti(__filename, { alias: { landfall: PACKAGE_ENTRY }, fsCache: false });

/** Where Node or the compiler say that it happened: `file:line`, with the column where they have it. */
function whereOf(words: string, file: string): string {
  const place = words.split(file).find((rest, index) => index > 0 && /^:\d/.test(rest));
  return `${file}${/^(:\d+){1,2}/.exec(place ?? '')?.[0] ?? ''}`;
}

/** By shape: a module's errors may be of another copy of the package, whose classes are not ours, or of none. */
function toDefinitionError(cause: unknown, file: string): Error {
  if (cause instanceof LandfallError) return cause;
  const { happened, next, message = String(cause), stack = '' } = cause as Partial<LandfallError>;
  if (happened !== undefined && next !== undefined) return new DefinitionError({ happened, next }, { cause });
  const [firstLine = ''] = message.split('\n');
  return new DefinitionError(
    {
      happened: `${whereOf(`${message}\n${stack}`, file)} cannot be loaded: ${firstLine.replace(/\.$/, '')}.`,
      next: 'Mend the module; it is loaded as TypeScript, without a check of its types.',
    },
    { cause },
  );
}

async function loadModule(
  file: string,
  importModule: (file: string) => Promise<unknown>,
): Promise<Pipeline[]> {
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
  const values: unknown[] = typeof exported === 'object' && exported !== null ? Object.values(exported) : [];
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
  for (const module of new Set(modules.map((each) => resolve(each)))) {
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
  const pipelines = [...loaded.values()].map(({ pipeline }) => pipeline);
  requireOwnDatabases(pipelines);
  return pipelines;
}

/** Each publish drops the tables of a database that are not its own. */
function requireOwnDatabases(pipelines: readonly Pipeline[]): void {
  const owners = new Map<string, string>();
  for (const { name, database, areaDatabases } of pipelines)
    for (const each of [database, ...areaDatabases.map((area) => area.database)]) {
      const other = owners.get(each);
      if (other !== undefined)
        throw new DefinitionError({
          happened: `Pipelines "${other}" and "${name}" have the same Glue database ${each}, in which each would drop the other’s tables.`,
          next: 'Give each a database of its own.',
        });
      owners.set(each, name);
    }
}
