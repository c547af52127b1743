import { column } from '../../src/definition/column';
import type { Parse } from '../../src/definition/custom-format';
import { failureOf } from '../adapters/test-buckets';
import { checked, formatOf, rowOf, tasksOf, yields, type C } from './parser-under-test';
import { Tasks } from './task-context';

describe('a parser at fault', () => {
  const failing = yields(rowOf({ id: '1', name: 'Ann', paid: null }), () => {
    throw new RangeError('offset 12 is beyond the end');
  });

  it('that throws refuses the file, with rows before it, in its own words', async () => {
    const { told, rows } = await checked('x', failing, { rejects: { maxShare: 1 } });
    expect([told, rows]).toEqual([
      ['rows.dat was not read to its end: the parser failed after 1 row: offset 12 is beyond the end.'],
      1,
    ]);
    const atOnce: Parse<C> = () => {
      throw new Error('no such layout');
    };
    expect((await checked('x', atOnce)).told[0]).toContain('the parser failed after 0 rows: no such layout');
  });

  it('keeps values back where a column is sensitive', async () => {
    const columns = { id: column.int64(), name: column.string({ sensitive: true }) };
    const tasks = await Tasks.of<typeof columns>({
      columns,
      format: {
        endings: ['.dat'],
        parse: async function* (_bytes, { reject }) {
          yield await Promise.resolve(reject('Ann is twice here', { raw: 'Ann' }));
          throw new Error('Ann');
        },
      },
    });
    const { findings } = await tasks.check('x', 'rows.dat');
    expect(findings.map(({ code }) => code)).toEqual(['parser-failed', 'unparsed-record']);
    expect(JSON.stringify(findings)).not.toContain('Ann');
  });

  it.each<[string, Parse<C>, string]>([
    ['a plain object', yields(() => ({ id: '1' })), 'yielded an object, as row 1'],
    ['nothing', yields(() => undefined), 'yielded undefined, as row 1'],
    [
      'a number for a text',
      yields(rowOf({ id: 1, name: null, paid: null })),
      'a number for column "id", as row 1',
    ],
    ['an array for a row', yields(rowOf(['1'])), 'gave row() an array, as row 1'],
    ['a promise of a row', yields(rowOf(Promise.resolve({}))), 'gave row() a promise, as row 1'],
    ['a line that is none', yields(rowOf({ id: '1' }, { line: 0 })), 'gave 0 as a line, as row 1'],
    ['a reject without words', yields(({ reject }) => reject('')), 'no reason in words, as row 1'],
    [
      'bytes as raw',
      yields(({ reject }) => reject('x', { raw: Buffer.from('x') as never })),
      'an object as raw',
    ],
    ['a promise', (() => Promise.reject(new Error('x'))) as never, 'returned a promise'],
    ['an array', (() => []) as never, 'returned an array'],
  ])('that gives %s stops the check with words', async (_what, parse, words) => {
    const failure = await failureOf(checked('x', parse));
    expect(failure.name).toBe('DefinitionError');
    expect(failure.happened).toContain('The parser of table "rows", on file "rows.dat", ');
    expect(failure.happened).toContain(words);
  });

  it('is ended where nobody wants its rows any more', async () => {
    let ended = false;
    const parse: Parse<C> = async function* (_bytes, { row }) {
      try {
        yield await Promise.resolve(row({ id: 1 as never, name: null, paid: null }));
      } finally {
        ended = true;
      }
    };
    await failureOf(checked('x', parse));
    expect(ended).toBe(true);
  });

  it('gives no half of a character', async () => {
    const { told } = await checked('x', yields(rowOf({ id: '1', name: 'a\ud83c', paid: null })));
    expect(told).toEqual([
      'rows.dat: 1 row that the parser rejects: row 1 "half a character in column \\"name\\"".',
    ]);
  });

  it('gives no row beyond the bound', async () => {
    const parse = yields(
      rowOf({ id: '1', name: 'x'.repeat(50), paid: null }),
      ({ reject }) => reject('too long', { raw: 'x'.repeat(50) }),
      rowOf({ id: '3', name: 'x'.repeat(49), paid: null }),
    );
    const format = formatOf(parse, { limits: { rowCharacters: 50 } });
    expect((await checked('x', parse, { format })).told).toEqual([
      'rows.dat: 2 rows too large (limits.rowCharacters): row 1, row 2.',
    ]);
  });

  it('that gives other rows the second time is found before anything is written', async () => {
    let calls = 0;
    const parse: Parse<C> = async function* (_bytes, { row, reject }) {
      calls += 1;
      yield await Promise.resolve(
        calls === 1 ? row({ id: '1', name: null, paid: null }) : reject('not again'),
      );
    };
    const failure = await failureOf((await tasksOf(parse)).transform('x', {}, 'rows.dat'));
    expect(failure.name).toBe('IntegrityError');
    expect(failure.happened).toContain('does not pass it any more: ');
    expect(failure.happened).toContain('"not again"');
    expect(failure.next).toContain('the same bytes give the same rows, each time');
  });
});
