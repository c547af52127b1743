import type { Table } from '../definition/pipeline';
import { MEASURES, type HistoryBound, type Measure, type Range } from '../definition/volumes';
import { addRangeFindings } from './range-findings';
import type { Finding } from './finding';

export type Volume = Readonly<Record<Measure, number>>;

export const NO_VOLUME: Volume = { files: 0, rows: 0, bytes: 0 };

/** One more file of a table. */
export const addVolume = (a: Volume | undefined, rows: number, bytes: number): Volume => ({
  files: (a ?? NO_VOLUME).files + 1,
  rows: (a ?? NO_VOLUME).rows + rows,
  bytes: (a ?? NO_VOLUME).bytes + bytes,
});

/** What a table came to in an earlier, published delivery. */
export interface EarlierVolume extends Volume {
  fileLandTimestamp: number;
}

/** What a table came to in a delivery, and what that was compared with; part of the reports. */
export interface TableVolumes {
  table: string;
  received: Volume;
  /** Where the table is compared with earlier deliveries. */
  history?: {
    /** Those compared with, newest first: the latest published ones before this that had files of the table. */
    deliveries: number[];
    /** Why nothing was judged, in words. */
    unjudged?: string;
    expected: Partial<Record<Measure, Range & { median: number }>>;
  };
}

// The least that counts as a deviation: of a history without any, every change would be infinitely many.
const LEAST_DEVIATION = 0.01;

/** The middle value; of an even number of them the mean of the two in the middle. */
export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}

/** What a history lets expect: a share of its median, or so many median absolute deviations around it. */
export function expectFrom(values: readonly number[], bound: HistoryBound): Range & { median: number } {
  const median = medianOf(values);
  if (bound.deviations === undefined) {
    const { minShare = 0, maxShare = Number.POSITIVE_INFINITY } = bound;
    return {
      median,
      min: Math.ceil(median * minShare),
      max: Math.min(Number.MAX_SAFE_INTEGER, Math.floor(median * maxShare)),
    };
  }
  const deviation = medianOf(values.map((value) => Math.abs(value - median)));
  const away = bound.deviations * Math.max(deviation, LEAST_DEVIATION * median);
  return { median, min: Math.max(0, Math.ceil(median - away)), max: Math.floor(median + away) };
}

/**
 * Judges what all files of a table come to, against its ranges and its history. A table without a file is not judged:
 * `required` says whether that may be.
 * @param earlier published deliveries before this one that had files of the table, newest first
 */
export function judgeVolumes(
  table: Table,
  received: Volume,
  earlier: readonly EarlierVolume[],
): { volumes: TableVolumes; findings: Finding[] } {
  const volumes: TableVolumes = { table: table.name, received };
  const findings: Finding[] = [];
  if (received.files === 0) return { volumes, findings };
  const { delivery, history } = table.volumes;
  addRangeFindings(findings, { table: table.name }, 'rows', received.rows, delivery.rows);
  addRangeFindings(findings, { table: table.name }, 'bytes', received.bytes, delivery.bytes);
  if (!history) return { volumes, findings };

  const deliveries = earlier.map(({ fileLandTimestamp }) => fileLandTimestamp);
  volumes.history = { deliveries, expected: {} };
  if (earlier.length < history.atLeast) {
    volumes.history.unjudged = `of the last ${history.last} published deliveries ${earlier.length} had files of this table, and ${history.atLeast} are needed`;
    return { volumes, findings };
  }
  for (const measure of MEASURES) {
    const bound = history.bounds[measure];
    if (!bound) continue;
    const values = earlier.map((each) => each[measure]);
    const expected = expectFrom(values, bound);
    volumes.history.expected[measure] = expected;
    if (received[measure] >= expected.min && received[measure] <= expected.max) continue;
    findings.push({
      code: `unusual-${measure}`,
      table: table.name,
      expected: describeExpected(expected, bound, deliveries),
      received: String(received[measure]),
      count: 1,
      samples: [],
    });
  }
  return { volumes, findings };
}

function describeExpected(
  { min, max, median }: Range & { median: number },
  bound: HistoryBound,
  deliveries: readonly number[],
): string {
  const range = max === Number.MAX_SAFE_INTEGER ? `at least ${min}` : `${min} to ${max}`;
  const rule =
    bound.deviations === undefined
      ? [bound.minShare, bound.maxShare].filter((share) => share !== undefined).join(' to ') + ' times'
      : `within ${bound.deviations} median absolute deviations of`;
  const [newest, oldest] = [deliveries[0], deliveries.at(-1)];
  return `${range}: ${rule} ${median}, the median of ${deliveries.length} deliveries, ${oldest ?? ''} to ${newest ?? ''}`;
}
