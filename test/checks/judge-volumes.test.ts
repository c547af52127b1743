import fc from 'fast-check';
import { describeFinding } from '../../src/checks/describe-finding';
import { expectFrom, judgeVolumes, medianOf } from '../../src/checks/judge-volumes';
import { tableOf } from '../definition/pipeline-of';

const BEFORE = [100, 110, 90, 105, 95].map((rows, index) => ({
  fileLandTimestamp: 1_534_968_800 - index,
  files: 1,
  rows,
  bytes: rows * 10,
}));
const judge = (
  definition: Record<string, unknown>,
  received: { files?: number; rows?: number; bytes?: number },
  earlier = BEFORE,
) => judgeVolumes(tableOf(definition), { files: 1, rows: 100, bytes: 1000, ...received }, earlier);
const codes = (...args: Parameters<typeof judge>): string[] =>
  judge(...args).findings.map(({ code }) => code);

describe('ranges of a delivery', () => {
  const delivery = { rows: { min: 10, max: 20 }, bytes: { max: 500 } };

  test.each([
    [{ rows: 10, bytes: 500 }, []],
    [{ rows: 20, bytes: 0 }, []],
    [{ rows: 9, bytes: 500 }, ['too-few-rows']],
    [{ rows: 21, bytes: 501 }, ['too-many-rows', 'too-many-bytes']],
  ])('%p: %p', (received, expected) => {
    expect(codes({ delivery }, received)).toEqual(expected);
  });

  test('a table without a file is for `required` to judge', () => {
    expect(
      codes({ delivery, history: { rows: { minShare: 0.5 } } }, { files: 0, rows: 0, bytes: 0 }),
    ).toEqual([]);
  });
});

describe('history', () => {
  test.each([
    [{ minShare: 0.5, maxShare: 2 }, [50, 200], [49, 201]],
    [{ minShare: 0.5 }, [50, 1_000_000], [49]],
    [{ maxShare: 2 }, [0, 200], [201]],
    // The deviations from 100 are 0, 10, 10, 5 and 5, their median 5.
    [{ deviations: 3 }, [85, 115], [84, 116]],
  ])('%j of a median of 100 lets pass %j, and not %j', (bound, usual, unusual) => {
    const found = (rows: number): string[] => codes({ history: { rows: bound } }, { rows });
    expect(usual.flatMap(found)).toEqual([]);
    expect(unusual.map(found)).toEqual(unusual.map(() => ['unusual-rows']));
  });

  test('of always the same lets a hundredth of it count as one deviation', () => {
    expect(expectFrom([1000, 1000, 1000], { deviations: 3 })).toEqual({ median: 1000, min: 970, max: 1030 });
    expect(expectFrom([1, 1, 1], { deviations: 3 })).toEqual({ median: 1, min: 1, max: 1 });
  });

  test('judges files, rows and bytes each by its own bound', () => {
    const history = { files: { maxShare: 1 }, rows: { minShare: 1 }, bytes: { maxShare: 1 } };
    expect(codes({ history }, { files: 2, rows: 99, bytes: 1001 })).toEqual([
      'unusual-files',
      'unusual-rows',
      'unusual-bytes',
    ]);
  });

  test('says what was expected, what came, and which history that follows from', () => {
    const { findings, volumes } = judge({ history: { rows: { minShare: 0.5, maxShare: 2 } } }, { rows: 3 });
    expect(findings.map((finding) => describeFinding(finding))).toEqual([
      'Table my_table has an unusual number of rows: 3, expected 50 to 200: 0.5 to 2 times 100, the median of 5 deliveries, 1534968796 to 1534968800.',
    ]);
    expect(volumes.history).toEqual({
      deliveries: [1_534_968_800, 1_534_968_799, 1_534_968_798, 1_534_968_797, 1_534_968_796],
      expected: { rows: { median: 100, min: 50, max: 200 } },
    });
  });

  test('of too few deliveries judges nothing, and says so', () => {
    const history = { rows: { minShare: 0.5 }, last: 20, atLeast: 6 };
    expect(judge({ history }, { rows: 0 })).toMatchObject({
      findings: [],
      volumes: {
        history: {
          unjudged: 'of the last 20 published deliveries 5 had files of this table, and 6 are needed',
          expected: {},
        },
      },
    });
  });
});

test('the median is the middle value, whatever the order, and the mean of two where there are two', () => {
  expect(medianOf([3, 1, 2])).toBe(2);
  expect(medianOf([4, 1, 2, 3])).toBe(2.5);
  fc.assert(
    fc.property(fc.array(fc.nat(), { minLength: 1 }), (values) => {
      const median = medianOf(values);
      const half = values.length / 2;
      expect(values.filter((value) => value < median).length).toBeLessThanOrEqual(half);
      expect(values.filter((value) => value > median).length).toBeLessThanOrEqual(half);
    }),
  );
});
