import fc from 'fast-check';
import { cutIntoBatches } from '../../src/layout/batches';

const MIB = 1024 * 1024;
const filesOf = (table: string, count: number, size: number) =>
  Array.from({ length: count }, () => ({ table, size }));

test('no file, no batch', () => {
  expect(cutIntoBatches([])).toEqual([]);
});

test('a thousand small files are eight batches', () => {
  expect(cutIntoBatches(filesOf('a', 1000, 10)).map(({ first, files }) => [first, files])).toEqual(
    [0, 1, 2, 3, 4, 5, 6, 7].map((batch) => [batch * 125, 125]),
  );
});

test('a file of gigabytes is a batch of its own', () => {
  const files = [...filesOf('a', 1, 1), ...filesOf('a', 1, 5000 * MIB), ...filesOf('a', 1, 1)];

  expect(cutIntoBatches(files).map(({ files: count }) => count)).toEqual([1, 1, 1]);
});

test('64 MiB fill a batch', () => {
  expect(cutIntoBatches(filesOf('a', 5, 32 * MIB)).map(({ bytes }) => bytes / MIB)).toEqual([64, 64, 32]);
});

test('every file is in one batch, of its own table, in order', () => {
  const file = fc.record({
    table: fc.constantFrom('a', 'b', 'c'),
    size: fc.integer({ min: 0, max: 100 * MIB }),
  });
  fc.assert(
    fc.property(fc.array(file, { maxLength: 500 }), (files) => {
      const batches = cutIntoBatches(files);
      const covered = batches.map(({ first, files: count }) => files.slice(first, first + count));

      expect(covered.flat()).toEqual(files);
      expect(batches.map(({ table }) => [table])).toEqual(
        covered.map((each) => [...new Set(each.map(({ table }) => table))]),
      );
      expect(batches.map(({ bytes }) => bytes)).toEqual(
        covered.map((each) => each.reduce((sum, { size }) => sum + size, 0)),
      );
      expect(
        batches.filter((batch) => batch.files > 1 && (batch.files > 200 || batch.bytes > 64 * MIB)),
      ).toEqual([]);
    }),
  );
});
