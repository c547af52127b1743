import fc from 'fast-check';

/** When a publisher is killed. */
export type Moment =
  /** After so large a share of the time that an undisturbed step takes. */
  | { kind: 'share'; share: number }
  /** So long after the record of the publish is written, which is just before the tables move. */
  | { kind: 'moving'; afterMs: number };

export interface Step {
  kind: 'deliver' | 'release' | 'roll-back' | 'sweep';
  /** Of a rollback: how many publishes it goes back, at most. */
  back: number;
  kill?: Moment;
}

const LONGEST_MOVE_MS = 40;

/** What is done at each place of ten; a sweep is no publish, and comes before one. */
const KINDS: readonly Step['kind'][] = [
  ...(['deliver', 'deliver', 'release', 'deliver', 'roll-back'] as const),
  ...(['deliver', 'deliver', 'deliver', 'deliver', 'roll-back'] as const),
];
const SWEPT_BEFORE = 5;

/** @param killEvery a kill in each step of so many; none where it is 0 */
export function planSteps(publishes: number, killEvery: number, seed: number): Step[] {
  const moments = fc.oneof(
    fc.record({
      kind: fc.constant('share' as const),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
    fc.record({
      kind: fc.constant('moving' as const),
      afterMs: fc.integer({ min: 0, max: LONGEST_MOVE_MS }),
    }),
  );
  const chance = fc.record({ back: fc.integer({ min: 1, max: 4 }), kill: moments });
  return fc.sample(chance, { seed, numRuns: publishes }).flatMap(({ back, kill }, place) => {
    const kind = KINDS[place % KINDS.length] ?? 'deliver';
    const isKilled = killEvery > 0 && place % killEvery === killEvery - 1;
    const step: Step = { kind, back, ...(isKilled ? { kill } : {}) };
    return place % KINDS.length === SWEPT_BEFORE ? [{ kind: 'sweep', back: 0 }, step] : [step];
  });
}
