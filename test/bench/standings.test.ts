import type { Bound } from '../../bench/bounds';
import { describeLine, toFigures } from '../../bench/describe-results';
import type { Line, Place } from '../../bench/line';
import type { Contestant, Sample } from '../../bench/measure';
import { measureLine, type LineResult } from '../../bench/standings';

const place: Place = {
  scale: { rows: 10, pairs: 3, smallFiles: 1, rowsOfSmallFile: 1, deliveries: 1 },
  workFolder: '',
  asksFor: () => true,
  onProgress: () => undefined,
};
const sample = (seconds: number): Sample => ({ seconds, cpuSeconds: 1, peakMegabytes: 100 });

/** Takes these seconds, one pair after the other. */
function contestant(name: string, seconds: readonly number[], turns: string[] = []): Contestant {
  const left = [...seconds];
  return {
    name,
    run: () => {
      turns.push(name);
      return Promise.resolve(sample(left.shift() ?? 0));
    },
  };
}

const lineOf = (contestants: Contestant[]): Line => ({
  id: 'check',
  title: 'F1',
  prepare: () => Promise.resolve({ contestants, absent: [{ name: 'data_linter', why: 'not asked for' }] }),
});

const BOUND: Bound = { line: 'check', against: 'pandas', measure: 'wall', target: 8, quick: 4 };

const measure = (isQuick: boolean, bounds: readonly Bound[], ours = [1, 1, 1]): Promise<LineResult> =>
  measureLine(
    lineOf([contestant('Landfall', ours), contestant('pandas', [5, 5, 50])]),
    place,
    isQuick,
    bounds,
  );

describe('standings', () => {
  it('compares within a pair, so that a slow pair counts for both', async () => {
    const { standings } = await measure(false, [], [1, 1, 10]);
    expect(standings.map(({ name, seconds, times }) => [name, seconds, times])).toEqual([
      ['Landfall', 1, 1],
      ['pandas', 5, 5],
    ]);
  });

  it('has them work in turn, and in the other order each second time', async () => {
    const turns: string[] = [];
    const names = ['Landfall', 'pandas'].map((name) => contestant(name, [1, 1, 1], turns));
    await measureLine(lineOf(names), place, false, []);
    expect(turns).toEqual(['Landfall', 'pandas', 'pandas', 'Landfall', 'Landfall', 'pandas']);
  });

  it.each([
    { isQuick: false, bound: BOUND, holds: false, says: 'found 5.00: BELOW 8.00' },
    { isQuick: true, bound: BOUND, holds: true, says: 'not reached yet' },
    { isQuick: true, bound: { ...BOUND, quick: 6 }, holds: false, says: 'BELOW 6.00' },
    { isQuick: false, bound: { ...BOUND, target: 5 }, holds: true, says: 'reached' },
    { isQuick: false, bound: { ...BOUND, against: 'data_linter' }, holds: true, says: 'not measured' },
    {
      isQuick: false,
      bound: { ...BOUND, measure: 'memory' as const },
      holds: false,
      says: 'found 1.00: BELOW',
    },
  ])('judges by the bound of the run: $says', async ({ isQuick, bound, holds, says }) => {
    const result = await measure(isQuick, [bound, { ...BOUND, line: 'another', target: 1000, quick: 1000 }]);
    expect(toFigures([result], 1)).toMatchObject({ holds, below: holds ? 0 : 1 });
    expect(describeLine(result)).toContain(says);
    expect(describeLine(result)).toContain('data_linter took no part: not asked for.');
  });

  it('ends what a line has made ready, also when a contestant fails', async () => {
    let ended = 0;
    const failing: Contestant = { name: 'Landfall', run: () => Promise.reject(new Error('it broke')) };
    const line: Line = {
      ...lineOf([]),
      prepare: () =>
        Promise.resolve({
          contestants: [failing],
          absent: [],
          end: () => {
            ended += 1;
            return Promise.resolve();
          },
        }),
    };
    await expect(measureLine(line, place, false, [])).rejects.toThrow('it broke');
    expect(ended).toBe(1);
  });
});
