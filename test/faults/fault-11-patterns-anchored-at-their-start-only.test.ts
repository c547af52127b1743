import { column, type Columns } from '../../src/definition/column';
import { readColumn } from '../../src/definition/read-column';
import { refusalOf } from '../definition/pipeline-of';
import { Tasks } from '../engine/task-context';

/** Elsewhere `ABjunk` passed the pattern `[A-Z]{2}`. */
test('a pattern is of the whole text', async () => {
  const tasks = await Tasks.of<Columns>({ columns: { code: column.string({ pattern: /[A-Z]{2}/ }) } });
  const { findings } = await tasks.check('code\nAB\nABjunk\njunkAB\n"AB\njunk"\n');

  expect(findings.map(({ code, samples }) => [code, samples.map(({ value }) => value)])).toEqual([
    ['pattern', ['ABjunk', 'junkAB', 'AB\njunk']],
  ]);
});

test('one that is not cannot be declared with zod’s own method either', () => {
  expect(refusalOf(() => readColumn('code', column.string().regex(/^[A-Z]{2}/))).happened).toContain(
    'which also matches text with more before or after it',
  );
});
