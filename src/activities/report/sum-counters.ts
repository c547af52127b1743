import type { TableResult } from '../../layout/delivery';
import type { FileReport } from './report';

/** A result is part of a workflow's history. */
const MOST_NAMES = 50;

/** What transforms counted in the files of a table, summed by name, in the order of names. */
export function sumCounters(
  files: readonly Pick<FileReport, 'counters'>[],
): Pick<TableResult, 'counters' | 'moreCounters'> {
  const sums = new Map<string, number>();
  for (const { counters = {} } of files)
    for (const [name, count] of Object.entries(counters)) sums.set(name, (sums.get(name) ?? 0) + count);
  if (sums.size === 0) return {};
  const sorted = [...sums].sort(([left], [right]) => (left < right ? -1 : 1));
  const more = sorted.length - MOST_NAMES;
  return {
    counters: Object.fromEntries(sorted.slice(0, MOST_NAMES)),
    ...(more > 0 ? { moreCounters: more } : {}),
  };
}
