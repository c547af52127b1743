import { column, type Columns } from '../../src/definition/column';
import { json, jsonLines } from '../../src/definition/format';
import type { TableDefinition } from '../../src/definition/table';
import { Tasks } from './task-context';

const COLUMNS = {
  id: column.int64({ alias: ['case_id'] }),
  name: column.string({ header: 'Full Name' }).nullable(),
};
const ALL = { case: 'ignore', missing: 'null', extra: 'ignore' } as const;

const tasksOf = (definition: Partial<TableDefinition>) =>
  Tasks.of<Columns>({ columns: COLUMNS, ...definition });

const shortly = ({ findings }: { findings: { code: string; column?: string; count: number }[] }): string[] =>
  findings.map(({ code, column: name, count }) => `${code} ${name ?? '-'} ${count}`);

describe('files whose header the policy allows', () => {
  it.each([
    ['CSV', {}, 'x,CASE_ID,FULL NAME\njunk,1,a\n,2,\n', 'rows.csv'],
    [
      'JSON lines',
      { format: jsonLines() },
      '{"x":[1],"CASE_ID":1,"full name":"a"}\n{"Id":2}\n',
      'rows.jsonl',
    ],
    ['a JSON array', { format: json() }, '[{"x":{},"CASE_ID":1,"full name":"a"},{"Id":2}]', 'rows.json'],
  ])(
    '%s: checked and processed the same way, without what is ignored',
    async (_format, format, body, name) => {
      const tasks = await tasksOf({ ...format, header: ALL });
      expect(await tasks.check(body, name)).toMatchObject({ rows: 2, findings: [] });
      const { lines } = await tasks.transform(body, {}, name);
      expect(lines).toBe(
        '{"id":1,"name":"a","etl_version":"v1.2.3"}\n{"id":2,"name":null,"etl_version":"v1.2.3"}\n',
      );
    },
  );

  it('a column that is missing has nulls, and the others their values', async () => {
    const tasks = await tasksOf({ header: { missing: 'null' } });
    const { lines } = await tasks.transform('id\n7\n');
    expect(lines).toBe('{"id":7,"name":null,"etl_version":"v1.2.3"}\n');
  });

  it('a row with more or fewer fields than the header is still at fault', async () => {
    const tasks = await tasksOf({ header: ALL });
    expect(shortly(await tasks.check('x,id,Full Name\n1,2\n1,2,3,4\n'))).toEqual(['field-count - 2']);
  });
});

describe('keys of JSON objects that the policy refuses', () => {
  it.each([
    ['another case', {}, '{"ID":1}', ['unknown-column ID 1', 'missing-column id 1']],
    ['an absent one', { header: { missing: 'refuse' } }, '{"id":1}', ['missing-column name 1']],
    ['two of one column', {}, '{"id":1,"case_id":2}', ['duplicate-column id 1']],
    ['two of one column but for case', { header: ALL }, '{"id":1,"ID":2}', ['duplicate-column id 1']],
    [
      'two of one column, the first null',
      { header: ALL },
      '{"id":1,"full name":null,"Full Name":"b"}',
      ['duplicate-column name 1'],
    ],
  ] as [string, Partial<TableDefinition>, string, string[]][])(
    '%s',
    async (_what, changes, line, expected) => {
      const tasks = await tasksOf({ format: jsonLines(), ...changes });
      expect(shortly(await tasks.check(`${line}\n`, 'rows.jsonl'))).toEqual(expected);
    },
  );
});
