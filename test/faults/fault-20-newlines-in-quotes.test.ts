import { column } from '../../src/definition/column';
import { Tasks } from '../engine/task-context';

test('fault 20: line breaks in quoted fields are part of their values, in the check and in what is processed', async () => {
  const tasks = await Tasks.of({ columns: { id: column.int64(), note: column.string() } });
  const note = 'first\nsecond\r\n"third"\n';
  const body = `id,note\n${Array.from({ length: 50 }, (_, id) => `${id},"${note.replaceAll('"', '""')}"\n`).join('')}x,"bad\nrow"\n`;
  const { findings } = await tasks.check(body);
  expect(findings).toMatchObject([{ code: 'type', samples: [{ row: 51, line: 202, value: 'x' }] }]);
  const { lines, rowsIn, rowsOut } = await tasks.transform(body.replace('x,"bad', '50,"bad'));
  expect([rowsIn, rowsOut]).toEqual([51, 51]);
  expect(JSON.parse(lines.split('\n')[7] ?? '')).toMatchObject({ id: 7, note });
});
