import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { collectFindings } from '../../src/checks/collect-findings';
import { spanOf, textOf } from '../../src/engine/key-span';
import { KeySpill } from '../../src/engine/key-spill';
import { ReferenceIndex } from '../../src/engine/reference-index';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'landfall-test-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const keys = fc.array(fc.string({ unit: fc.constantFrom('a', '\n', '"', '🎉'), maxLength: 2 }), {
  maxLength: 30,
});
const memory = fc.constantFrom(0, 300, 1_000_000);

describe('reference-index', () => {
  it('finds just what refers to nothing, in memory or through files', async () => {
    await fc.assert(
      fc.asyncProperty(keys, keys, memory, async (referenced, referring, memoryBytes) => {
        const missing: number[] = [];
        const limits = { memoryBytes, buffered: memoryBytes, largestPartition: 100 };
        const index = new ReferenceIndex(join(folder, 'x'), (_, { row }) => missing.push(row), limits);
        for (const key of referenced) {
          index.addReferenced(spanOf(key));
          await index.relieve();
        }
        for (const [row, key] of referring.entries()) {
          index.addReferring(spanOf(key), { file: 0, row, line: row });
          await index.relieve();
        }
        await index.finish();
        const expected = referring.flatMap((key, row) => (referenced.includes(key) ? [] : [row]));
        expect(missing.sort((left, right) => left - right)).toEqual(expected);
        expect(await readdir(folder)).toEqual([]);
      }),
      { numRuns: 15 },
    );
  });
});

describe('key-spill', () => {
  it('shows all entries of a key to one judge, in their order, also of partitions that are split again', async () => {
    const spill = new KeySpill(folder, { buffered: 50_000, largestPartition: 2000 });
    const given = Array.from({ length: 20_000 }, (_, row) => ({
      key: `key ${(row * 7919) % 9000}`,
      file: row % 3,
      row,
      line: row + 1,
    }));
    for (const { key, ...place } of given) {
      spill.add(spanOf(key), place);
      await spill.relieve();
    }
    const judges = new Map<string, number>();
    const last = new Map<string, number>();
    let created = 0;
    let seen = 0;
    await spill.finish(() => {
      const judge = (created += 1);
      return (span, { row, file }) => {
        const key = textOf(span);
        const isRight =
          (judges.get(key) ?? judge) === judge && (last.get(key) ?? -1) < row && file === row % 3;
        judges.set(key, judge);
        last.set(key, row);
        if (isRight) seen += 1;
      };
    });
    expect(seen).toBe(20_000);
    expect(created).toBeGreaterThan(128);
  });

  it('takes any number of equal keys', async () => {
    const spill = new KeySpill(folder, { buffered: 50_000, largestPartition: 500 });
    const findings = collectFindings('t', 'f');
    for (let row = 1; row <= 3000; row += 1) {
      spill.add(spanOf('same'), { file: 0, row, line: row });
      await spill.relieve();
    }
    await spill.finish(
      () =>
        (key, { row, line }) =>
          findings.addToRow({ code: 'unique', column: textOf(key), row, line }),
    );
    expect(findings.list()).toMatchObject([{ count: 3000 }]);
  });
});
