import { column, type Columns } from '../../src/definition/column';
import { jsonLines } from '../../src/definition/format';
import { Tasks } from '../engine/task-context';

/** Elsewhere `007` became 7, 9007199254740993 beside a null became …992, and `NA`, `null` and `None` became nulls. */
const COLUMNS = {
  code: column.string().nullable(),
  id: column.int64().nullable(),
};
const ROWS = [
  ['007', '9007199254740993'],
  ['NA', null],
  ['null', '-9223372036854775808'],
  ['None', '0'],
] as const;
const EXPECTED = ROWS.map(
  ([code, id]) => `{"code":"${code}","id":${id ?? 'null'},"etl_version":"v1.2.3"}\n`,
).join('');
const LANDED = `code,id\n${ROWS.map(([code, id]) => `${code},${id ?? ''}\n`).join('')}`;

describe('what is processed is what landed, digit by digit', () => {
  it('without a transform', async () => {
    const tasks = await Tasks.of<Columns>({ columns: COLUMNS });
    expect((await tasks.transform(LANDED)).lines).toBe(EXPECTED);
  });

  it('through a transform', async () => {
    const tasks = await Tasks.of({
      columns: COLUMNS,
      transform: { columns: COLUMNS, apply: ({ frame }) => frame },
    });
    expect((await tasks.transform(LANDED)).lines).toBe(EXPECTED);
  });

  it('inside arrays and structs', async () => {
    const columns = { rows: column.array(column.struct(COLUMNS)) };
    const tasks = await Tasks.of({
      columns,
      format: jsonLines(),
      transform: { columns, apply: ({ frame }) => frame },
    });
    const rows = `{"rows":[${ROWS.map(([code, id]) => `{"code":"${code}","id":${id ?? 'null'}}`).join(',')}]`;
    expect((await tasks.transform(`${rows}}\n`, {}, 'rows.jsonl')).lines).toBe(
      `${rows},"etl_version":"v1.2.3"}\n`,
    );
  });

  it('and 007 is no number', async () => {
    const tasks = await Tasks.of<Columns>({ columns: COLUMNS });
    const { findings } = await tasks.check('code,id\n007,007\nNA,NA\n');
    expect(findings).toMatchObject([{ code: 'type', column: 'id', count: 2 }]);
  });
});
