import type { Pipeline } from '../../definition/pipeline';
import type { ListedFile } from '../records';

/** Which landed objects a supplier's manifest means. */
export interface MatchedListing {
  /** What is said of each, by key. */
  listed: Map<string, ListedFile>;
  /** Listed, and not in land. */
  missing: string[];
  /** Listed, and fitting more than one object, or an object that another entry means too. */
  unclear: string[];
}

/**
 * An entry means the object whose key it is, or ends with: `orders.csv`, `orders-data/orders.csv`, or the whole
 * `s3://…`. A name in a manifest is compared with what is in land, and never becomes a key.
 */
export function matchListing(
  pipeline: Pipeline,
  entries: readonly ListedFile[],
  objects: readonly { key: string }[],
): MatchedListing {
  const known = indexByEnding(objects);
  const matched: MatchedListing = { listed: new Map(), missing: [], unclear: [] };
  for (const entry of entries) {
    const bucket = `s3://${pipeline.areas.land}/`;
    const name = entry.file.startsWith(bucket) ? entry.file.slice(bucket.length) : entry.file;
    const keys = known.get(name) ?? [];
    const [key] = keys;
    if (key === undefined) matched.missing.push(entry.file);
    else if (keys.length > 1 || matched.listed.has(key)) matched.unclear.push(entry.file);
    for (const each of keys) if (!matched.listed.has(each)) matched.listed.set(each, entry);
  }
  return matched;
}

/** Keys by themselves and by all that stands behind one of their slashes. */
function indexByEnding(objects: readonly { key: string }[]): ReadonlyMap<string, readonly string[]> {
  const index = new Map<string, string[]>();
  for (const { key } of objects) {
    for (let at = 0; ; at = key.indexOf('/', at) + 1) {
      const ending = key.slice(at);
      const keys = index.get(ending);
      if (keys) keys.push(key);
      else index.set(ending, [key]);
      if (!ending.includes('/')) break;
    }
  }
  return index;
}
