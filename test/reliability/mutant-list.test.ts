import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GROUPS } from './groups';
import { MUTANTS } from './mutant-list';

const ROOT = join(__dirname, '..', '..');

test.each(MUTANTS.map((mutant) => ({ ...mutant })))(
  'what removes "$guard" stands in its file once, and one group is to catch it',
  ({ file, from, to, also = [], caughtBy }) => {
    for (const each of [{ file, from, to }, ...also])
      expect(readFileSync(join(ROOT, each.file), 'utf8').split(each.from)).toHaveLength(2);
    expect(GROUPS.filter(({ name }) => name.includes(caughtBy))).toHaveLength(1);
  },
);

test('every guard, every group and every file has a name of its own', () => {
  const names = [...MUTANTS.map(({ guard }) => guard), ...GROUPS.map(({ name }) => name)];
  expect(new Set(names).size).toBe(names.length);
});
