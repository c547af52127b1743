import type { TransformContext } from '../definition/transform';
import type { TransformError } from '../errors';

const MOST_NAMES = 50;
const NAME = /^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$/;
const LONGEST_NAME = 64;

export interface Counters {
  count: TransformContext['count'];
  /** By name, in the order of names. */
  sums(): Record<string, number>;
}

/**
 * What a transform counts in one file.
 * @param refuse makes the error for a count that cannot be taken, of words that hold no value
 */
export function createCounters(refuse: (why: string) => TransformError): Counters {
  const sums = new Map<string, number>();
  return {
    count(name, by = 1) {
      if (typeof name !== 'string' || name.length > LONGEST_NAME || !NAME.test(name))
        throw refuse(
          `counts by a name that is no lower snake identifier (such as without_court) of at most ${LONGEST_NAME} characters`,
        );
      const before = sums.get(name);
      if (before === undefined && sums.size === MOST_NAMES)
        throw refuse(`counts by more than ${MOST_NAMES} names in one file`);
      const sum = Number.isSafeInteger(by) ? (before ?? 0) + by : NaN;
      if (!Number.isSafeInteger(sum)) throw refuse(`counts "${name}" by, or up to, what is no safe integer`);
      sums.set(name, sum);
    },
    sums: () => Object.fromEntries([...sums].sort(([left], [right]) => (left < right ? -1 : 1))),
  };
}
