import { BOUNDS, type Bound } from './bounds';
import type { Line, Place, Prepared } from './line';
import type { Sample } from './measure';

export interface Standing {
  name: string;
  seconds: number;
  cpuSeconds: number;
  peakMegabytes: number;
  outputBytes: number | undefined;
  /** Its time and its memory, each divided by Landfall's in the same pair; the median of the pairs. */
  times: number;
  memories: number;
}

export interface Judged extends Bound {
  /** `undefined` where it was not measured. */
  found: number | undefined;
  /** What must be reached in this run; `undefined` where nothing must. */
  atLeast: number | undefined;
  holds: boolean;
}

export interface LineResult {
  id: Line['id'];
  title: string;
  pairs: number;
  standings: Standing[];
  absent: Prepared['absent'];
  explained: string[];
  judged: Judged[];
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

function toStanding(name: string, samples: readonly Sample[], own: readonly Sample[]): Standing {
  const medianOf = (of: (sample: Sample) => number): number => median(samples.map(of));
  const ratioOf = (of: (sample: Sample) => number): number =>
    median(samples.map((sample, pair) => of(sample) / of(own[pair] as Sample)));
  const sizes = samples.flatMap(({ outputBytes }) => outputBytes ?? []);
  return {
    name,
    seconds: medianOf(({ seconds }) => seconds),
    cpuSeconds: medianOf(({ cpuSeconds }) => cpuSeconds),
    peakMegabytes: medianOf(({ peakMegabytes }) => peakMegabytes),
    outputBytes: sizes.length > 0 ? median(sizes) : undefined,
    times: ratioOf(({ seconds }) => seconds),
    memories: ratioOf(({ peakMegabytes }) => peakMegabytes),
  };
}

function judge(
  line: Bound['line'],
  standings: readonly Standing[],
  isQuick: boolean,
  bounds: readonly Bound[],
): Judged[] {
  return bounds
    .filter((bound) => bound.line === line)
    .map((bound) => {
      const standing = standings.find(({ name }) => name === bound.against);
      const found = bound.measure === 'wall' ? standing?.times : standing?.memories;
      const atLeast = isQuick ? bound.quick : bound.target;
      return {
        ...bound,
        found,
        atLeast,
        holds: found === undefined || atLeast === undefined || found >= atLeast,
      };
    });
}

/** Has the contestants of a line work in turn, pair by pair, so that whatever else the machine does meets them all. */
export async function measureLine(
  line: Line,
  place: Place,
  isQuick: boolean,
  bounds: readonly Bound[] = BOUNDS,
): Promise<LineResult> {
  const { contestants, absent, explain, pairs = place.scale.pairs, end } = await line.prepare(place);
  try {
    const samples = new Map<string, Sample[]>(contestants.map(({ name }) => [name, []]));
    for (let pair = 0; pair < pairs; pair += 1) {
      const inTurn = pair % 2 === 0 ? contestants : [...contestants].reverse();
      for (const { name, run } of inTurn) {
        place.onProgress(`${line.id}, pair ${pair + 1} of ${pairs}: ${name}`);
        samples.get(name)?.push(await run());
      }
    }
    const own = samples.get(contestants[0]?.name ?? '') ?? [];
    const standings = [...samples].map(([name, found]) => toStanding(name, found, own));
    const judged = judge(line.id, standings, isQuick, bounds);
    return { id: line.id, title: line.title, pairs, standings, absent, explained: explain?.() ?? [], judged };
  } finally {
    await end?.();
  }
}
