/** From `min` to `max`, both included. */
export interface Range {
  min: number;
  max: number;
}

/** What a table's files in one delivery come to, all together. */
export interface DeliveryVolumes {
  /** Data rows. @default any number */
  rows?: { min?: number; max?: number };
  /** As they lie in land, packed or not. @default any number */
  bytes?: { min?: number; max?: number };
}

/**
 * How far a delivery may be from the median of earlier ones. `minShare`, `maxShare`: from 0.5 to 2 times the median,
 * say. `deviations`: at most so many median absolute deviations away from it, none of them counted as less than 1 % of
 * the median, so that a history without any change does not forbid the first one.
 */
export type HistoryBound =
  | { minShare?: number; maxShare?: number; deviations?: never }
  | { deviations: number; minShare?: never; maxShare?: never };

/** What a delivery of a table is compared with: the latest published ones before it that had files of the table. */
export interface HistoryDefinition {
  /** How many published deliveries are looked at. @default 10 */
  last?: number;
  /** With fewer of them that had files of the table nothing is judged, and the report says so. @default 3 */
  atLeast?: number;
  /** Data rows of the table in the delivery. */
  rows?: HistoryBound;
  /** As they lie in land. */
  bytes?: HistoryBound;
  files?: HistoryBound;
}

/** What volumes are counted in. */
export const MEASURES = ['files', 'rows', 'bytes'] as const;
export type Measure = (typeof MEASURES)[number];

/** With every default filled in. */
export interface Volumes {
  delivery: { rows: Range; bytes: Range };
  history:
    { last: number; atLeast: number; bounds: Readonly<Partial<Record<Measure, HistoryBound>>> } | undefined;
}

const toRange = ({ min = 0, max = Number.MAX_SAFE_INTEGER }: Partial<Range> = {}): Range => ({ min, max });

export function readVolumes(
  delivery: DeliveryVolumes | undefined,
  history: HistoryDefinition | undefined,
): Volumes {
  const { last = 10, atLeast = Math.min(3, last), ...bounds } = history ?? {};
  return {
    delivery: { rows: toRange(delivery?.rows), bytes: toRange(delivery?.bytes) },
    history: history && { last, atLeast, bounds },
  };
}
