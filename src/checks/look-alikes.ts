import { editDistance } from '../definition/find-pipeline';

/** Names are their writer's choice, in number and length: comparing all with all must stay cheap. */
const MOST_NAMES = 200;
const LONGEST_NAME = 100;

/** `Post-Code ` → `postcode`: what is left when case, spaces and signs do not count. */
const essence = (name: string): string =>
  name
    .slice(0, LONGEST_NAME)
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '');

/** Whether two names differ in nothing but case, spaces and signs. */
export const isSameName = (left: string, right: string): boolean =>
  essence(left) !== '' && essence(left) === essence(right);

/** How unlike two names are; undefined when nobody would take one for the other. */
function unlikeness(left: string, right: string): number | undefined {
  const [a, b] = [essence(left), essence(right)];
  if (a === b) return a === '' ? undefined : 0;
  const distance = editDistance(a, b);
  return distance <= Math.min(a.length, b.length) / 4 ? distance : undefined;
}

/** Which unknown name may be meant by which missing one: each at most once, the most alike first. */
export function matchLookAlikes(
  missing: readonly (readonly string[])[],
  unknown: readonly string[],
): Map<number, string> {
  const pairs = missing.slice(0, MOST_NAMES).flatMap((names, index) =>
    unknown.slice(0, MOST_NAMES).flatMap((name) => {
      const distances = names.flatMap((each) => unlikeness(each, name) ?? []);
      return distances.length === 0 ? [] : [{ index, name, distance: Math.min(...distances) }];
    }),
  );
  pairs.sort((left, right) => left.distance - right.distance);
  const matches = new Map<number, string>();
  const taken = new Set<string>();
  for (const { index, name } of pairs) {
    if (matches.has(index) || taken.has(name)) continue;
    matches.set(index, name);
    taken.add(name);
  }
  return matches;
}
