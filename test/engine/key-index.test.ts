import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { KeyIndex, shareKeyLimits, type DuplicateKey } from '../../src/engine/key-index';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'landfall-test-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function duplicatesOf(keys: readonly string[], memoryBytes: number): Promise<DuplicateKey[]> {
  const found: DuplicateKey[] = [];
  const index = new KeyIndex(join(folder, 'keys'), (duplicate) => found.push(duplicate), {
    memoryBytes,
    buffered: memoryBytes,
    largestPartition: 100,
  });
  for (const [place, key] of keys.entries()) await index.add(key, place + 1, place + 2);
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
      const busy = index.add(`a key of forty characters, number ${row}`, row, row);
      if (busy) await busy;
    }
    const files = await readdir(folder);
    await index.finish();
    expect(files.length).toBeGreaterThan(1);
  });
});
