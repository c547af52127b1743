import { FAN_IN, planParts, rowsProcessed } from '../../src/activities/curated/plan-parts';
import { LARGEST_PART_BYTES } from '../../src/definition/curation';
import type { ProcessedFile } from '../../src/engine/tasks';
import { column } from '../../src/definition/column';
import { pipelineOf } from '../engine/task-context';

const pipeline = pipelineOf({ columns: { id: column.int64() } });
const [table] = pipeline.tables;
const SMALL = 1000;

const fileOf = (delivery: number, file = 0, bytes = SMALL): ProcessedFile => ({
  ...{ bucket: 'processed', key: `${delivery}-${file}`, fileLandTimestamp: delivery, rows: 1, bytes },
  contentSha256: `content of ${delivery}-${file}`,
});
const deliveriesOf = (count: number, bytes = SMALL): ProcessedFile[][] =>
  Array.from({ length: count }, (_, delivery) => [fileOf(delivery, 0, bytes)]);
const plan = (deliveries: ProcessedFile[][]) => {
  if (!table) throw new Error('the pipeline has a table');
  return planParts(pipeline, table, deliveries, 'v1');
};
const keysOf = (deliveries: ProcessedFile[][]): string[][] =>
  plan(deliveries).map(({ inputs }) => inputs.map(({ key }) => key));

test('no delivery is one part without rows', () => {
  expect(plan([])).toMatchObject([{ rows: 0, inputs: [] }]);
});

test('every file is in one part, in its order, however many deliveries there are', () => {
  for (const count of [1, 7, 8, 9, 63, 64, 65, 71, 72, 500]) {
    const deliveries = deliveriesOf(count);
    expect(keysOf(deliveries).flat()).toEqual(deliveries.flat().map(({ key }) => key));
  }
});

test('each eight neighbours become one part, and each eight of these', () => {
  expect(plan(deliveriesOf(FAN_IN - 1))).toHaveLength(FAN_IN - 1);
  expect(plan(deliveriesOf(FAN_IN))).toHaveLength(1);
  expect(plan(deliveriesOf(FAN_IN + 1))).toHaveLength(2);
  // Seven eights, and one delivery that will be the first of the next.
  expect(plan(deliveriesOf(FAN_IN * (FAN_IN - 1) + 1))).toHaveLength(FAN_IN);
  expect(plan(deliveriesOf(FAN_IN * FAN_IN))).toHaveLength(1);
});

test('over a thousand deliveries there are few parts, and a row is made anew a few times', () => {
  let known = new Set<string>();
  let mostParts = 0;
  let rowsMade = 0;
  for (let count = 1; count <= 1000; count += 1) {
    const parts = plan(deliveriesOf(count));
    mostParts = Math.max(mostParts, parts.length);
    for (const { content, rows } of parts) if (!known.has(content)) rowsMade += rows ?? 0;
    known = new Set(parts.map(({ content }) => content));
  }
  expect(mostParts).toBeLessThanOrEqual(28);
  expect(rowsMade / 1000).toBeLessThan(4.5);
});

test('what is large is not made larger, and stays as it is whatever comes behind it', () => {
  const large = deliveriesOf(20, LARGEST_PART_BYTES / 4);
  const before = plan(large).map(({ content }) => content);
  expect(before).toHaveLength(20);
  const after = plan([...large, [fileOf(20)]]).map(({ content }) => content);
  expect(after.slice(0, 20)).toEqual(before);
});

test('a delivery of many files is cut where it is too large, one file never', () => {
  const half = LARGEST_PART_BYTES / 2;
  const delivery = [0, 1, 2, 3, 4].map((file) => fileOf(0, file, half));
  expect(keysOf([delivery])).toEqual([['0-0', '0-1'], ['0-2', '0-3'], ['0-4']]);
  expect(keysOf([[fileOf(0, 0, LARGEST_PART_BYTES * 5)]])).toEqual([['0-0']]);
});

test('a delivery that was processed again changes its own part only', () => {
  const deliveries = deliveriesOf(20);
  const before = plan(deliveries).map(({ content }) => content);
  deliveries[3] = [{ ...fileOf(3), contentSha256: 'other' }];
  const after = plan(deliveries).map(({ content }) => content);
  expect(after.map((content, place) => content === before[place])).toEqual([
    false,
    ...before.slice(1).map(() => true),
  ]);
});

describe('maxSourceBytes', () => {
  const withLess = pipelineOf({ columns: { id: column.int64() }, curated: { maxSourceBytes: SMALL * 2 } });
  const keysOfLess = (deliveries: ProcessedFile[][]): string[][] => {
    const [declared] = withLess.tables;
    if (!declared) throw new Error('the pipeline has a table');
    return planParts(withLess, declared, deliveries, 'v1').map(({ inputs }) => inputs.map(({ key }) => key));
  };

  test('bounds what becomes one file: deliveries that are joined, and files of one delivery', () => {
    expect(keysOfLess(deliveriesOf(FAN_IN))).toHaveLength(FAN_IN);
    expect(keysOfLess(deliveriesOf(FAN_IN, SMALL / 4))).toHaveLength(1);
    expect(keysOfLess([[fileOf(0, 0), fileOf(0, 1), fileOf(0, 2)]])).toEqual([['0-0', '0-1'], ['0-2']]);
  });

  test('does not cut what may be in curated alone: it is there as it was cut before', () => {
    const delivery = [0, 1, 2].map((file) => ({ ...fileOf(0, file), isTransient: true as const }));
    expect(keysOfLess([delivery])).toEqual([['0-0', '0-1', '0-2']]);
  });
});

describe('of a table with one row a key', () => {
  const upserted = pipelineOf({
    columns: { id: column.int64() },
    primaryKey: ['id'],
    curated: { upsert: true, maxSourceBytes: SMALL * 2 },
  });
  const planOf = (deliveries: ProcessedFile[][], base?: { of: number; bytes: number }) => {
    const [declared] = upserted.tables;
    if (!declared) throw new Error('the pipeline has a table');
    return planParts(upserted, declared, deliveries, 'v1', base);
  };

  test.each([
    [1, SMALL, 1],
    [3, SMALL, 3],
    [3, SMALL * 6, 3],
    [3, SMALL * 6.1, 6],
    [2, SMALL * 9, 8],
  ])(
    'of a base of %i parts and %i bytes there are %i, so that each is of one of them',
    (of, bytes, parts) => {
      expect(planOf(deliveriesOf(50), { of, bytes })).toHaveLength(parts);
    },
  );

  test('each part is of all that is processed, and there are as many as it takes for their size', () => {
    const parts = planOf(deliveriesOf(5));
    expect(parts.map(({ bucket }) => bucket)).toEqual([0, 1, 2].map((place) => ({ place, of: 3 })));
    for (const { inputs } of parts) expect(inputs).toHaveLength(5);
    expect(new Set(parts.map(({ content }) => content)).size).toBe(3);
    expect(rowsProcessed(parts)).toBe(5);
    expect(rowsProcessed(plan(deliveriesOf(5)))).toBe(5);
  });

  test('no delivery is one part, and a delivery that comes late is in its place', () => {
    expect(planOf([])).toMatchObject([{ inputs: [], bucket: { place: 0, of: 1 } }]);
    const [first, late, last] = deliveriesOf(3) as [ProcessedFile[], ProcessedFile[], ProcessedFile[]];
    const contentsOf = (deliveries: ProcessedFile[][]) => planOf(deliveries).map(({ content }) => content);
    expect(contentsOf([first, late, last])).not.toEqual(contentsOf([first, last, late]));
  });
});
