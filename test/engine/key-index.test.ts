import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { KeyIndex, shareKeyLimits } from '../../src/engine/key-index';
import { spanOf, textOf } from '../../src/engine/key-span';

interface DuplicateKey {
  row: number;
  line: number;
  key: string;
}

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'landfall-test-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function duplicatesOf(keys: readonly string[], memoryBytes: number): Promise<DuplicateKey[]> {
  const found: DuplicateKey[] = [];
  const onDuplicate: ConstructorParameters<typeof KeyIndex>[1] = (key, { row, line }) =>
    found.push({ row, line, key: textOf(key) });
  const limits = { memoryBytes, buffered: memoryBytes, largestPartition: 100 };
  const index = new KeyIndex(join(folder, 'keys'), onDuplicate, limits);
  for (const [place, key] of keys.entries()) {
    index.add(spanOf(key), { file: 0, row: place + 1, line: place + 2 });
    await index.relieve();
  }
  await index.finish();
  return found.sort((left, right) => left.row - right.row);
}

describe('key-index', () => {
  it('finds just the rows whose key an earlier row has, in memory or through files', async () => {
    const keys = fc.array(
      fc.string({ unit: fc.constantFrom('a', 'b', '\n', '\u2028', '"', ' ', '🎉'), maxLength: 2 }),
      { maxLength: 60 },
    );
    await fc.assert(
      fc.asyncProperty(keys, fc.constantFrom(0, 300, 1_000_000), async (given, memoryBytes) => {
        const expected = given
          .map((key, place) => ({ row: place + 1, line: place + 2, key }))
          .filter(({ key }, place) => given.indexOf(key) < place);
        expect(await duplicatesOf(given, memoryBytes)).toEqual(expected);
      }),
      { numRuns: 20 },
    );
  });

  it('leaves no file behind', async () => {
    await duplicatesOf(['a', 'b', 'a'], 0);
    expect(await readdir(folder)).toEqual([]);
  });

  it('puts keys into files as soon as they are more than memory may hold', async () => {
    const index = new KeyIndex(folder, () => undefined, { ...shareKeyLimits(1), memoryBytes: 1000 });
    for (let row = 1; row <= 150_000; row += 1) {
      index.add(spanOf(`a key of forty characters, number ${row}`), { file: 0, row, line: row });
      await index.relieve();
    }
    const files = await readdir(folder);
    await index.finish();
    expect(files.length).toBeGreaterThan(1);
  });
});
