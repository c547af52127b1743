import { checkKeys } from '../../src/engine/check-keys';
import type { Parse } from '../../src/definition/custom-format';
import { land } from '../adapters/test-buckets';
import {
  checked,
  parseLines,
  readRejects,
  rowOf,
  tasksOf,
  yields,
  type C,
  type Definition,
} from './parser-under-test';
import { store } from './task-context';

describe('a parser', () => {
  it('gives rows whose texts are judged by their columns, null and the empty text apart', async () => {
    const { lines, rowsIn } = await (
      await tasksOf()
    ).transform('1|Ann|2.5\n2|~|~\n3||\n4|N/A|7\n', {}, 'rows.dat');
    expect(rowsIn).toBe(4);
    expect(lines.replaceAll(',"etl_version":"v1.2.3"', '').trimEnd().split('\n')).toEqual([
      '{"id":1,"name":"Ann","paid":"2.50"}',
      '{"id":2,"name":null,"paid":null}',
      '{"id":3,"name":"","paid":null}',
      '{"id":4,"name":null,"paid":"7.00"}',
    ]);
  });

  it('has what it rejects, and what its columns do, told with row and line', async () => {
    const { told, rows } = await checked('1|Ann|1\n!x\nx|Bea|1.234\n~|Cat|1\n!y\n');
    expect(rows).toBe(5);
    expect(told).toEqual([
      'rows.dat: 2 rows that the parser rejects: row 2 (line 2) "begins with a mark", row 5 (line 5) "begins with a mark".',
      expect.stringContaining('column id: 1 row not as declared'),
      expect.stringContaining('column paid: 1 row not as declared'),
      'rows.dat, column id: 1 row without a value, expected a value: row 4 (line 4).',
    ]);
  });

  it('may reject as many rows as the table allows, which are kept with reason and raw', async () => {
    const body = '1|Ann|1\n!x\nx|Bea|1\n4|Dan|1\n';
    const definition: Definition = { rejects: { maxRows: 2 } };
    const { findings, tolerated, rejected } = await checked(body, parseLines, definition);
    expect([findings, tolerated.length, rejected]).toEqual([[], 2, 2]);
    const tasks = await tasksOf(parseLines, definition);
    const rejectsTarget = { bucket: tasks.bucket, key: 'rejects/rows.jsonl.gz' };
    const result = await tasks.transform(body, { rejectsTarget }, 'rows.dat');
    expect(result).toMatchObject({ rowsIn: 4, rowsOut: 2, rejected: 2 });
    expect(await readRejects(rejectsTarget)).toMatchObject([
      {
        row: 2,
        line: 2,
        reasons: [{ code: 'unparsed-record', reason: 'begins with a mark' }],
        raw: '!x',
      },
      { row: 3, line: 3, reasons: [{ code: 'type' }], raw: { id: 'x', name: 'Bea', paid: '1' } },
    ]);
    expect((await checked(body, parseLines, { rejects: { maxRows: 1 } })).told[0]).toContain(
      'too many rows to reject: 2, allowed at most 1 of 4',
    );
  });

  it('names columns as the table does: what is missing or unknown is a finding of the row', async () => {
    const parse = yields(
      rowOf({ id: '1', nmae: 'Ann', paid: null }),
      rowOf(new Map([['id', '2']])),
      rowOf(new Map(Object.entries({ id: '3', name: 'C', paid: '1', more: '1' }))),
      rowOf({ id: '4', name: undefined, paid: '1' }),
    );
    expect((await checked('x', parse)).told).toEqual([
      'rows.dat, column nmae: 1 row with a key that is no column: row 1.',
      'rows.dat, column name: 3 rows without this key: row 1, row 2, row 4.',
      'rows.dat, column paid: 1 row without this key: row 2.',
      'rows.dat, column more: 1 row with a key that is no column: row 3.',
    ]);
    const lenient = await checked('x', parse, { header: { missing: 'null', extra: 'ignore' } });
    expect([lenient.told, lenient.rows]).toEqual([[], 4]);
  });

  it('is asked for row checks and keys as any format', async () => {
    const { told } = await checked('1|Ann|5\n1|Bea|1\n', parseLines, {
      primaryKey: ['id'],
      rowChecks: [{ name: 'paid enough', check: ({ paid }) => Number(paid) > 2 }],
    });
    expect(told).toEqual([
      'rows.dat, row check "paid enough": 1 row not as declared: row 2 (line 2).',
      'rows.dat, column id: 1 row with a key that an earlier row has: row 2 (line 2) "1".',
    ]);
  });

  it('is told the name under which the file landed, wherever it is read', async () => {
    const seen: unknown[] = [];
    const parse: Parse<C> = async function* (_bytes, { pipeline, table, file, row }) {
      seen.push([pipeline, table, file]);
      yield await Promise.resolve(row({ id: '1', name: null, paid: null }));
    };
    const tasks = await tasksOf(parse, { primaryKey: ['id'] });
    await tasks.transform('x', { fileName: 'rows.dat' }, 'rows.dat');
    const source = await land(store, { bucket: tasks.bucket, key: 'quarantine/rows_15.dat' }, 'x');
    const files = [{ ...source, fileName: 'rows.dat' }];
    await tasks.withContext((context) =>
      checkKeys({ pipeline: 'things', table: 'rows', files, references: [] }, context),
    );
    expect(seen).toEqual(Array(3).fill(['things', 'rows', 'rows.dat']));
  });
});
