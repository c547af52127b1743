import { findPipeline, loadPipelines } from '../../definition/load-pipelines';
import type { Pipeline } from '../../definition/pipeline';
import { UsageError } from '../../errors';

const LOOKS_LIKE_A_MODULE = /[/\\]|\.[cm]?[jt]s$/;

/**
 * The pipeline that a module exports, or the one of that name among `modules`.
 * @throws UsageError when there is none, or more than one to choose from
 */
export async function choosePipeline(
  named: string,
  modules: readonly string[],
  { command, rest }: { command: string; rest: string } = { command: 'validate', rest: ' <files…>' },
): Promise<Pipeline> {
  if (modules.length > 0) return findPipeline(await loadPipelines(modules), named);
  if (!LOOKS_LIKE_A_MODULE.test(named)) {
    throw new UsageError({
      happened: `Where pipeline "${named}" is defined is not known.`,
      next: `Give its module: landfall ${command} ${named} --module <path>${rest}`,
    });
  }
  const pipelines = await loadPipelines([named]);
  const [only, second] = pipelines;
  if (only && !second) return only;
  throw new UsageError({
    happened: `${named} exports ${pipelines.length} pipelines: ${pipelines.map(({ name }) => name).join(', ')}.`,
    next: `Say which: landfall ${command} <name> --module ${named}${rest}`,
  });
}
