import { describeFinding } from '../../src/checks/describe-finding';
import { column, type Columns } from '../../src/definition/column';
import { fixedWidth, type FixedWidthOptions } from '../../src/definition/format';
import { refusalOf } from '../definition/pipeline-of';
import { pipelineOf, Tasks } from './task-context';

const COLUMNS = {
  id: column.int64(),
  name: column.string().nullable(),
  code: column.string(),
  opened: column.date({ format: '%d%m%Y' }).nullable(),
};
const FIELDS = { id: { width: 6, pad: '0' }, name: 8, opened: 8, code: { start: 24, width: 3 } } as const;

const tasksOf = (options: Partial<FixedWidthOptions> = {}, columns: Columns = COLUMNS) =>
  Tasks.of<Columns>({ format: fixedWidth({ fields: FIELDS, ...options }), rows: { min: 0 }, columns });
async function rowsOf(text: string | Buffer, options: Partial<FixedWidthOptions> = {}): Promise<string[]> {
  const { lines } = await (await tasksOf(options)).transform(text, {}, 'rows.txt');
  return lines.replaceAll(',"etl_version":"v1.2.3"', '').trimEnd().split('\n');
}
async function findingsOf(text: string, options: Partial<FixedWidthOptions> = {}): Promise<string[]> {
  const { findings } = await (await tasksOf(options)).check(text, 'rows.txt');
  return findings.map((finding) => describeFinding(finding).replace('land/rows.txt', '').trim());
}

describe('fixed-width text', () => {
  it('is read by place, in characters, without its padding', async () => {
    const lines = ['000007Ann     29022024?A 1', '000000 Zoë 🎉          ? x ', '    12        01011999?007'];
    expect(await rowsOf(`${lines.join('\r\n')}\r\n`)).toEqual([
      '{"id":7,"name":"Ann","code":"A 1","opened":"2024-02-29"}',
      '{"id":0,"name":"Zoë 🎉","code":"x","opened":null}',
      '{"id":12,"name":null,"code":"007","opened":"1999-01-01"}',
    ]);
  });

  it('takes only the padding away that it is told of', async () => {
    const line = '     7 Ann  \t 29022024?A  ';
    const nameOf = async (options: Partial<FixedWidthOptions>) =>
      (JSON.parse((await rowsOf(line, options))[0] ?? '') as { name: string }).name;
    expect(await nameOf({})).toBe('Ann  \t');
    expect(await nameOf({ fields: { ...FIELDS, name: { width: 8, trim: 'end' } } })).toBe(' Ann  \t');
    expect(await nameOf({ fields: { ...FIELDS, name: { width: 8, trim: 'start' } } })).toBe('Ann  \t ');
    expect(await nameOf({ fields: { ...FIELDS, name: { width: 8, trim: 'none' } } })).toBe(' Ann  \t ');
    expect(await nameOf({ trim: 'none', fields: { ...FIELDS, id: { width: 6, trim: 'both' } } })).toBe(
      ' Ann  \t ',
    );
  });

  it('finds lines of another length, by line, and goes on behind them', async () => {
    const good = '000001Ann     29022024?abc';
    const text = `HEAD\n# note\n${[good, good.slice(0, -1), `${good} `, '', good].join('\n')}\n`;
    expect(await findingsOf(text, { skipLines: 1, comment: '#' })).toEqual([
      ': 2 rows of another length, expected 26 characters: row 2 (line 4), row 3 (line 5).',
      ': 1 row of blank lines: row 4 (line 6).',
    ]);
  });

  it('takes short lines as padded where it says so', async () => {
    const columns = { id: column.int64(), note: column.string().nullable() };
    const tasks = await tasksOf({ fields: { id: 4, note: 10 }, shortLines: 'padded' }, columns);
    const { lines } = await tasks.transform('   1a\n   2\n', {}, 'rows.dat');
    expect(lines.match(/"note":[^,]*/g)).toEqual(['"note":"a"', '"note":null']);
  });

  it('holds its trailer against its rows, and knows other encodings', async () => {
    const line = '000001Zo\xeb     29022024?abc';
    const trailer = { pattern: /T(\d+)/ };
    const latin1 = Buffer.from(`${line}\n${line}\nT00002\n`, 'latin1');
    expect(await rowsOf(latin1, { encoding: 'latin1', trailer })).toEqual(
      Array(2).fill('{"id":1,"name":"Zoë","code":"abc","opened":"2024-02-29"}'),
    );
    expect(await findingsOf(`${line}\nT00002\n`, { trailer })).toEqual([
      'has 1 rows, but its trailer says 00002.',
    ]);
    expect(await findingsOf(`${line}\n`, { trailer })).toEqual([
      'does not end with a trailer (a last record like /T(\\d+)/).',
    ]);
  });

  it('rejects bad lines as they stand', async () => {
    const tasks = await Tasks.of<Columns>({
      format: fixedWidth({ fields: FIELDS }),
      columns: COLUMNS,
      rejects: { maxRows: 1 },
    });
    const { findings, tolerated, rejected } = await tasks.check(
      '000001Ann     29022024?abc\nshort\n',
      'rows.txt',
    );
    expect([findings, tolerated.map(({ code }) => code), rejected]).toEqual([[], ['line-length'], 1]);
  });

  it.each<[string, Partial<FixedWidthOptions>, string]>([
    ['a column without a field', { fields: { id: 4 } }, 'has no field for the column "name"'],
    [
      'a field without a column',
      { fields: { ...FIELDS, more: 1 } },
      'has a field "more", which is not one of',
    ],
    [
      'fields that share characters',
      { fields: { ...FIELDS, code: { start: 3, width: 2 } } },
      'share characters',
    ],
    ['a width of nothing', { fields: { ...FIELDS, name: 0 } }, 'format'],
    ['an unknown option', { fields: FIELDS, delimiter: ',' } as never, 'delimiter'],
  ])('%s is refused', (_what, options, words) => {
    const define = () =>
      pipelineOf<Columns>({ format: fixedWidth({ fields: FIELDS, ...options }), columns: COLUMNS });
    expect(refusalOf(define)).toMatchObject({ happened: expect.stringContaining(words) as string });
  });
});
