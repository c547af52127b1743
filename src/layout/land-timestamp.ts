// Ten digits, until the year 2286: milliseconds, taken for seconds, would put every later delivery behind them.
const LATEST_TIMESTAMP = 9_999_999_999;

/** UTC epoch seconds, a positive whole number; milliseconds are none. */
export const isFileLandTimestamp = (value: number): boolean =>
  Number.isInteger(value) && value > 0 && value <= LATEST_TIMESTAMP;

/** A landed object as far as its delivery's timestamp depends on it. */
export interface LandedObject {
  key: string;
  /** UTC epoch seconds. */
  lastModified: number;
  carriedTimestamp: number | undefined;
}

export interface ChosenDelivery<T> {
  /** UTC epoch seconds; before any later delivery of the same second is told apart. */
  fileLandTimestamp: number;
  /** Set when the timestamp was given, by the keys or the trigger, and may not be moved. */
  given: 'by keys' | 'by trigger' | undefined;
  objects: T[];
}

/**
 * Which of the landed objects are taken together, and as what: those whose keys carry the earliest timestamp;
 * else all of them, as the timestamp that the trigger gives, or the newest upload time (design, "The timestamp").
 */
export function chooseDelivery<T extends LandedObject>(
  landed: readonly T[],
  requested: number | undefined,
): ChosenDelivery<T> | undefined {
  const carried = landed.flatMap((object) => object.carriedTimestamp ?? []);
  if (carried.length > 0) {
    const wanted =
      requested !== undefined && carried.includes(requested)
        ? requested
        : carried.reduce((a, b) => Math.min(a, b));
    return {
      fileLandTimestamp: wanted,
      given: 'by keys',
      objects: landed.filter((object) => object.carriedTimestamp === wanted),
    };
  }
  if (landed.length === 0) return undefined;
  return {
    fileLandTimestamp: requested ?? newestUpload(landed),
    given: requested === undefined ? undefined : 'by trigger',
    objects: [...landed],
  };
}

const newestUpload = (objects: readonly LandedObject[]): number =>
  objects.reduce((latest, object) => Math.max(latest, object.lastModified), 0);

/** The same delivery with only some of its objects: a given timestamp stays, an upload time is that of those. */
export const nameDelivery = <T extends LandedObject>(
  { given, fileLandTimestamp }: ChosenDelivery<T>,
  objects: T[],
): ChosenDelivery<T> => ({
  fileLandTimestamp: given === undefined ? newestUpload(objects) : fileLandTimestamp,
  given,
  objects,
});
