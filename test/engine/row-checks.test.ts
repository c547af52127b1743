import { gunzipSync } from 'node:zlib';
import { describeFinding } from '../../src/checks/describe-finding';
import { column } from '../../src/definition/column';
import { jsonLines } from '../../src/definition/format';
import type { TableDefinition } from '../../src/definition/table';
import { failureOf, readBytes } from '../adapters/test-buckets';
import { refusalOf, tableOf } from '../definition/pipeline-of';
import { store, Tasks } from './task-context';

const COLUMNS = {
  id: column.int64(),
  opened: column.date({ format: '%d/%m/%Y' }),
  closed: column.date().nullable(),
  fee: column.decimal(8, 2),
  defendant: column.string({ sensitive: true }),
};
const CSV_HEADER = 'id,opened,closed,fee,defendant';
type Checks = NonNullable<TableDefinition<typeof COLUMNS>['rowChecks']>;

const check = async (rowChecks: Checks, ...rows: string[]) =>
  (await Tasks.of<typeof COLUMNS>({ columns: COLUMNS, rowChecks })).check(
    `${CSV_HEADER}\n${rows.join('\n')}\n`,
  );

describe('row checks', () => {
  it('are asked of whole rows as TypeScript sees them, and each tells of its own rows', async () => {
    const seen: unknown[] = [];
    const { findings } = await check(
      [
        {
          name: 'closed after it opened',
          columns: ['opened', 'closed', 'defendant'],
          check: ({ opened, closed }) => closed === null || opened <= closed,
          message: 'closed on or after the day it was opened',
        },
        { name: 'a fee from 10 on', check: ({ id, fee }) => id < 10n || fee !== '0.00' },
        {
          name: 'sees all',
          check: (row) => {
            seen.push(row);
            return true;
          },
        },
      ],
      '9007199254740993,31/12/2023,,1.5,Ann',
      '10,01/02/2024,2024-01-02,0,Bea',
      'x,01/02/2024,2024-01-02,0,Cat',
      '1,02/01/2024,2024-02-01,0,Dan',
    );
    expect(seen).toEqual([
      { id: 9007199254740993n, opened: '2023-12-31', closed: null, fee: '1.50', defendant: 'Ann' },
      { id: 10n, opened: '2024-02-01', closed: '2024-01-02', fee: '0.00', defendant: 'Bea' },
      { id: 1n, opened: '2024-01-02', closed: '2024-02-01', fee: '0.00', defendant: 'Dan' },
    ]);
    expect(findings.map((finding) => describeFinding(finding))).toEqual([
      expect.stringMatching(
        /rows\.csv, row check "closed after it opened": 1 row not as declared, expected closed on or after the day it was opened: row 2 \(line 3\) "opened: 2024-02-01, closed: 2024-01-02"\.$/,
      ),
      expect.stringMatching(/, row check "a fee from 10 on": 1 row not as declared: row 2 \(line 3\)\.$/),
      expect.stringMatching(/, column id: 1 row not as declared/),
    ]);
    expect(JSON.stringify(findings)).not.toMatch(/Ann|Bea|Cat|Dan/);
  });

  it('see arrays and structs by their fields’ names', async () => {
    const columns = {
      order: column.struct({
        placed_at: column.timestamp({ header: 'placedAt' }),
        total: column.decimal(6, 2),
      }),
      prices: column.array(column.decimal(6, 2)),
    };
    const tasks = await Tasks.of<typeof columns>({
      columns,
      format: jsonLines(),
      rowChecks: [
        {
          name: 'the total is that of the prices',
          columns: ['order', 'prices'],
          check: ({ order, prices }) =>
            order.placed_at.startsWith('2024') &&
            Number(order.total) === prices.reduce((sum, price) => sum + Number(price), 0),
        },
      ],
    });
    const { findings } = await tasks.check(
      '{"order":{"placedAt":"2024-01-01T00:00:00","total":3},"prices":[1,"2.00"]}\n{"order":{"placedAt":"2024-01-01T00:00:00","total":3},"prices":[]}\n',
      'rows.jsonl',
    );
    expect(findings).toMatchObject([
      {
        code: 'row-check',
        count: 1,
        samples: [
          { row: 2, value: 'order: {"placed_at":"2024-01-01 00:00:00.000000","total":"3.00"}, prices: []' },
        ],
      },
    ]);
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('Ann');
      },
      /failed \(its message is kept back, since the table has sensitive columns\) on row 1 \(line 2\)/,
    ],
    ['returns a promise', () => Promise.reject(new Error('Ann')) as never, /returned a promise on row 1/],
    ['returns nothing', () => undefined as never, /returned a value of type undefined on row 1/],
  ])('one that %s stops the check with words, and no value', async (_what, broken: () => boolean, words) => {
    const failure = await failureOf(check([{ name: 'broken', check: broken }], '1,01/02/2024,,0,Ann'));
    expect(failure.name).toBe('DefinitionError');
    expect(failure.happened).toMatch(words);
    expect(failure.happened).toContain('The row check "broken" of table "rows"');
    expect(`${failure.message}${failure.stack}${JSON.stringify(failure.cause)}`).not.toContain('Ann');
  });

  it('tells the words of its failure where no column is sensitive', async () => {
    const columns = { id: column.int64() };
    const tasks = await Tasks.of<typeof columns>({
      columns,
      rowChecks: [
        {
          name: 'broken',
          check: ({ id }) => {
            throw new Error(`cannot judge ${id}`);
          },
        },
      ],
    });
    expect((await failureOf(tasks.check('id\n7\n'))).happened).toContain(
      'failed with "cannot judge 7" on row 1',
    );
  });
});

describe('row checks where a table may reject rows', () => {
  it('leave out just the rows that fail, with the reason and what had landed', async () => {
    const columns = { id: column.int8(), fee: column.decimal(4, 2) };
    const tasks = await Tasks.of<typeof columns>({
      columns,
      rejects: { maxRows: 1 },
      rowChecks: [{ name: 'a fee', check: ({ fee }) => fee !== '0.00' }],
    });
    const rejectsTarget = { bucket: tasks.bucket, key: 'rejects/rows.jsonl.gz' };
    const { lines, rejected } = await tasks.transform('id,fee\n1,0\n2,1.5\n', { rejectsTarget });
    expect([lines, rejected]).toEqual(['{"id":2,"fee":"1.50","etl_version":"v1.2.3"}\n', 1]);
    expect(gunzipSync(await readBytes(store, rejectsTarget)).toString()).toBe(
      '{"row":1,"line":2,"reasons":[{"code":"row-check","check":"a fee"}],"raw":["1","0"],"etl_version":"v1.2.3"}\n',
    );
  });
});

describe('row checks are refused when', () => {
  const always = () => true;
  it.each([
    [
      'two have one name',
      [
        { name: 'a', check: always },
        { name: 'a', check: always },
      ],
      /two rowChecks have the name "a"/,
    ],
    [
      'one names no column',
      [{ name: 'a', columns: ['nothing'], check: always }],
      /the row check "a" names "nothing"/,
    ],
    ['one has no function', [{ name: 'a', check: 'x' }], /rowChecks\.0\.check must be a function/],
    ['one has an unknown key', [{ name: 'a', check: always, when: 1 }], /rowChecks\.0 has "when"/],
    ['one has no name', [{ name: '', check: always }], /rowChecks\.0\.name must have a name/],
  ])('%s', (_what, rowChecks, words) => {
    expect(refusalOf(() => tableOf({ rowChecks })).happened).toMatch(words);
  });
});
