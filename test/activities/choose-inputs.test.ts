import { chooseInputs, holdingsOf, type HeldPart } from '../../src/activities/curated/choose-inputs';
import { whyNotTaken, type PartShape } from '../../src/activities/curated/part-shape';
import type { ProcessedFile } from '../../src/engine/tasks';

const file = (fileLandTimestamp: number, contentSha256: string, isTransient = true): ProcessedFile => ({
  ...{ bucket: 'processed', key: contentSha256, fileLandTimestamp, rows: 2, bytes: 1, contentSha256 },
  ...(isTransient ? { isTransient } : {}),
});
const partOf = (key: string, ...inputs: ProcessedFile[]): HeldPart => {
  const holds = holdingsOf(inputs);
  const rows = new Map(holds.map((each) => [each.fileLandTimestamp, each.rows]));
  return { files: [{ bucket: 'curated', key, sha256: key, rows }], holds, columns: ['id'] };
};
const rowsOf = (key: string, first: number, last: number, rows: number) =>
  expect.objectContaining({ key, first, last, rows }) as unknown;

test('neighbours of one part are taken together; one that was processed again parts them', () => {
  const [one, two, three, four] = [file(1, 'a'), file(2, 'b'), file(3, 'c'), file(4, 'd')];
  const part = partOf('p', one, two, three, four);
  expect(chooseInputs([one, two, three, four], [part])).toEqual([rowsOf('p', 1, 4, 8)]);
  const again = file(3, 'other');
  expect(chooseInputs([one, two, again, four], [part])).toEqual([
    rowsOf('p', 1, 2, 4),
    again,
    rowsOf('p', 4, 4, 2),
  ]);
});

test('a delivery that is gone from between two is not taken with them', () => {
  const part = partOf('p', file(1, 'a'), file(2, 'b'), file(3, 'c'));
  expect(chooseInputs([file(1, 'a'), file(3, 'c')], [part])).toEqual([
    rowsOf('p', 1, 1, 2),
    rowsOf('p', 3, 3, 2),
  ]);
});

test('files of one delivery are taken together, or from processed', () => {
  const files = [file(1, 'a'), file(1, 'b'), file(1, 'c')];
  const [a, b, c] = files as [ProcessedFile, ProcessedFile, ProcessedFile];
  expect(chooseInputs(files, [partOf('p', a, b), partOf('q', c)])).toEqual([
    rowsOf('p', 1, 1, 4),
    rowsOf('q', 1, 1, 2),
  ]);
  expect(chooseInputs([a, b], [partOf('p', a, b, c)])).toEqual([a, b]);
  expect(chooseInputs([b, a, c], [partOf('p', a, b), partOf('q', c)])).toEqual([b, a, rowsOf('q', 1, 1, 2)]);
  expect(chooseInputs([a, file(2, 'b')], [partOf('p', a, b)])).toEqual([a, file(2, 'b')]);
});

test('what is kept in processed is read there', () => {
  const kept = file(1, 'a', false);
  expect(chooseInputs([kept], [partOf('p', kept)])).toEqual([kept]);
});

describe('rows that were written', () => {
  const shape: PartShape = { columns: [['id', 'bigint']], sortBy: [] };
  const sorted: PartShape = { ...shape, sortBy: ['id'] };

  test('are taken with a column less, and with wider ones', () => {
    const columnsOf = (...columns: PartShape['columns']): PartShape => ({ ...shape, columns });
    const narrow = columnsOf(['id', 'int'], ['price', 'decimal(10,2)']);
    const wide = columnsOf(['id', 'bigint'], ['price', 'decimal(12,4)']);
    expect(whyNotTaken(shape, columnsOf())).toBeUndefined();
    expect(whyNotTaken(narrow, wide)).toBeUndefined();
    expect(whyNotTaken(wide, narrow)).toContain('type bigint, and is declared as int now');
  });

  test('are taken with columns added, and sorted where they were not', () => {
    const more: PartShape = { columns: [['new', 'string'], ...shape.columns], sortBy: ['id'] };
    expect(whyNotTaken(shape, more)).toBeUndefined();
    expect(whyNotTaken(sorted, more)).toBeUndefined();
  });

  test.each([
    [
      'another type',
      shape,
      { ...shape, columns: [['id', 'int']] },
      'type bigint, and is declared as int now',
    ],
    ['another order', sorted, shape, 'sorted by id, and other than that now'],
  ] as [string, PartShape, PartShape, string][])('are not taken with %s', (_name, held, wanted, why) => {
    expect(whyNotTaken(held, wanted)).toContain(why);
  });
});

test('of a part in partitions each file is asked for the rows that it has', () => {
  const [one, two] = [file(1, 'a'), file(2, 'b')];
  const inFolder = (year: string, ...rows: [number, number][]) => ({
    ...{ bucket: 'curated', key: year, sha256: year, partition: { year }, rows: new Map(rows) },
  });
  const files = [inFolder('2023', [1, 2]), inFolder('2024', [2, 1]), inFolder('2025', [2, 1])];
  const part: HeldPart = { files, holds: holdingsOf([one, two]), columns: ['id'] };
  expect(chooseInputs([one, two], [part])).toEqual([
    rowsOf('2023', 1, 2, 2),
    rowsOf('2024', 1, 2, 1),
    rowsOf('2025', 1, 2, 1),
  ]);
  expect(chooseInputs([two], [part])).toEqual([rowsOf('2024', 2, 2, 1), rowsOf('2025', 2, 2, 1)]);
});

test('a delivery without rows, which is in no file of a table with partitions, is not looked for', () => {
  const empty = { ...file(2, 'b'), rows: 0 };
  expect(chooseInputs([file(1, 'a'), empty], [partOf('p', file(1, 'a'))])).toEqual([rowsOf('p', 1, 1, 2)]);
});
