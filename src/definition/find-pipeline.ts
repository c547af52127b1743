import { UsageError } from '../errors';
import type { DerivedTable } from './derived-table';
import type { Pipeline, Table } from './pipeline';

/** How many letters must be changed, added or taken away to make one of the other. */
export function editDistance(left: string, right: string): number {
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let place = 1; place <= right.length; place += 1) {
      const changed = (previous[place - 1] ?? 0) + (left[row - 1] === right[place - 1] ? 0 : 1);
      current.push(Math.min(changed, (previous[place] ?? 0) + 1, (current[place - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[right.length] ?? 0;
}

function suggest(name: string, known: readonly string[]): string {
  const [nearest] = known
    .map((each) => ({ each, away: editDistance(name, each) }))
    .sort((a, b) => a.away - b.away);
  const meant =
    nearest && nearest.away <= Math.max(2, name.length / 3) ? `Did you mean "${nearest.each}"? ` : '';
  return `${meant}${known.length === 0 ? 'There are none.' : `Known: ${known.join(', ')}.`}`;
}

/** @throws UsageError naming the pipelines that there are */
export function findPipeline(pipelines: readonly Pipeline[], name: string): Pipeline {
  const found = pipelines.find((pipeline) => pipeline.name === name);
  if (found) return found;
  throw new UsageError({
    happened: `There is no pipeline "${name}".`,
    next: suggest(
      name,
      pipelines.map((pipeline) => pipeline.name),
    ),
  });
}

/** Whether what is processed of the table is deleted once it is published; of one that is gone it is kept. */
export const isDelta = ({ tables }: Pick<Pipeline, 'tables'>, table: string): boolean =>
  tables.some(({ name, mode }) => name === table && mode === 'delta');

/** @throws UsageError naming the derived tables that there are */
export function findDerived(
  pipelines: readonly Pipeline[],
  pipelineName: string,
  name: string,
): DerivedTable {
  const { derived } = findPipeline(pipelines, pipelineName);
  const found = derived.find((table) => table.name === name);
  if (found) return found;
  throw new UsageError({
    happened: `Pipeline "${pipelineName}" has no derived table "${name}".`,
    next: suggest(
      name,
      derived.map((table) => table.name),
    ),
  });
}

/** @throws UsageError naming the tables that there are */
export function findTable(pipelines: readonly Pipeline[], pipelineName: string, name: string): Table {
  const { tables } = findPipeline(pipelines, pipelineName);
  const found = tables.find((table) => table.name === name);
  if (found) return found;
  throw new UsageError({
    happened: `Pipeline "${pipelineName}" has no table "${name}".`,
    next: suggest(
      name,
      tables.map((table) => table.name),
    ),
  });
}
