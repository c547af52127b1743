import { gunzipSync } from 'node:zlib';
import { column } from '../../src/definition/column';
import { jsonLines } from '../../src/definition/format';
import { readBytes } from '../adapters/test-buckets';
import { refusalOf, tableOf } from '../definition/pipeline-of';
import { EVERY_TYPE as EVERY_FLAT_TYPE } from './every-type';
import { store, Tasks } from './task-context';

const EVERY_TYPE = {
  ...EVERY_FLAT_TYPE,
  bytes: column.binary({ encoding: 'hex' }).nullable(),
  items: column
    .array(column.struct({ price: column.decimal(6, 2), at: column.timestamp().nullable() }))
    .nullable(),
};
const ROWS = [
  {
    ...{
      s: 'a "q", é\n🎉',
      b: true,
      i8: -128,
      f32: 0.1,
      f64: 1e300,
      d: '1234567890123456789012345678901234.5678',
    },
    ...{ day: '29/02/2024', at: '1969-12-31T23:59:59.000001', bytes: '00fF', i64: '9007199254740993' },
    items: [{ price: 1.5, at: '2024-01-01T00:00:00' }, { price: '2.00' }],
  },
  {
    ...{ s: '', b: false, i8: 127, f32: 16777216, f64: -0, d: '-0.5', i64: '-9223372036854775808' },
    ...{ day: '1/1/0001', at: '9999-12-31T00:00:00', bytes: '', items: [] },
  },
  Object.fromEntries(Object.keys(EVERY_TYPE).map((name) => [name, null])),
];
const linesOf = (rows: readonly object[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

const COLUMNS = { id: column.int64(), name: column.string().nullable() };
type Given = typeof COLUMNS;
const CSV = 'id,name\n1,a\n2,"b\nb"\n3,c\n';

describe('a row function', () => {
  it('gets values of every type exactly, and what it gives back is written as it would be without it', async () => {
    const definition = { columns: EVERY_TYPE, format: jsonLines() };
    const plain = await Tasks.of(definition);
    const body = linesOf(ROWS)
      .replaceAll(/"i64":"([-\d]+)"/g, '"i64":$1')
      .replace('"f64":0', '"f64":-0');
    const expected = await plain.transform(body, {}, 'rows.jsonl');
    expect(expected.lines).toContain('"i64":9007199254740993,');
    expect(expected.lines).toContain('"f64":-0.0,');
    const seen: unknown[] = [];
    const tasks = await Tasks.of<typeof EVERY_TYPE>({
      ...definition,
      transform: {
        columns: EVERY_TYPE,
        row: (row) => {
          seen.push(row);
          return { ...row };
        },
      },
    });
    const { lines, contentSha256 } = await tasks.transform(body, {}, 'rows.jsonl');
    expect(lines).toBe(expected.lines);
    expect(contentSha256).toBe(expected.contentSha256);
    expect(seen[0]).toEqual({
      ...{ s: 'a "q", é\n🎉', b: true, i8: -128, i64: 9007199254740993n, f32: 0.1, f64: 1e300 },
      ...{
        d: '1234567890123456789012345678901234.5678',
        day: '2024-02-29',
        at: '1969-12-31 23:59:59.000001',
      },
      bytes: 'AP8=',
      items: [
        { price: '1.50', at: '2024-01-01 00:00:00.000000' },
        { price: '2.00', at: null },
      ],
    });
  });

  it('is told of its file, and gives rows in the declared order of columns, as many batches as there are', async () => {
    const tasks = await Tasks.of<
      Given,
      { twice: ReturnType<typeof column.int64>; of: ReturnType<typeof column.string> }
    >({
      columns: COLUMNS,
      transform: {
        columns: { twice: column.int64(), of: column.string() },
        row: ({ id, name }, { pipeline, table, file, fileLandTimestamp, version }) => ({
          of: `${pipeline} ${table} ${file} ${fileLandTimestamp} ${version} ${name ?? 'nobody'}`,
          twice: id * 2n,
        }),
      },
    });
    const many = 200_000;
    const body = `id,name\n${Array.from({ length: many }, (_, id) => `${id},`).join('\n')}\n`;
    const { lines, rowsIn, rowsOut } = await tasks.transform(body);
    const written = lines.split('\n');
    expect([rowsIn, rowsOut, written.length]).toEqual([many, many, many + 1]);
    expect(written[many - 1]).toBe(
      `{"twice":${(many - 1) * 2},"of":"things rows rows.csv 1534968800 v1.2.3 nobody","etl_version":"v1.2.3"}`,
    );
    expect(written.every((line, id) => id === many || line.startsWith(`{"twice":${id * 2},`))).toBe(true);
  });

  it('may leave rows out or make more of them where it says so, down to none', async () => {
    const tasks = await Tasks.of<Given>({
      columns: COLUMNS,
      transform: {
        columns: COLUMNS,
        rows: 'changed',
        row: (row) => (row.id === 1n ? undefined : row.id === 2n ? [row, { ...row, name: null }] : row),
      },
    });
    expect(await tasks.transform(CSV)).toMatchObject({
      rowsIn: 3,
      rowsOut: 3,
      lines:
        '{"id":2,"name":"b\\nb","etl_version":"v1.2.3"}\n{"id":2,"name":null,"etl_version":"v1.2.3"}\n{"id":3,"name":"c","etl_version":"v1.2.3"}\n',
    });
    const none = await Tasks.of<Given>({
      columns: COLUMNS,
      transform: { columns: COLUMNS, rows: 'changed', row: ({ id }) => (id > 0n ? [] : undefined) },
    });
    expect(await none.transform(CSV)).toMatchObject({ rowsIn: 3, rowsOut: 0, lines: '' });
  });

  it('is not given rejected rows', async () => {
    const seen: unknown[] = [];
    const tasks = await Tasks.of<Given>({
      columns: COLUMNS,
      rejects: { maxRows: 1 },
      transform: {
        columns: COLUMNS,
        row: (row) => {
          seen.push(row.id);
          return row;
        },
      },
    });
    const rejectsTarget = { bucket: tasks.bucket, key: 'rejects/rows.jsonl.gz' };
    const { rowsIn, rowsOut, rejected } = await tasks.transform('id,name\n1,a\nx,b\n3,c\n', {
      rejectsTarget,
    });
    expect([seen, rowsIn, rowsOut, rejected]).toEqual([[1n, 3n], 3, 2, 1]);
    expect(gunzipSync(await readBytes(store, rejectsTarget)).toString()).toContain('"row":2');
  });

  it('may have a column named then, which makes no promise of a row', async () => {
    const columns = { then: column.string() };
    const tasks = await Tasks.of<typeof columns>({ columns, transform: { columns, row: (row) => row } });
    expect(await tasks.transform('then\nx\n')).toMatchObject({ rowsOut: 1 });
  });
});

describe('a transform is refused when', () => {
  const columns = { id: column.string() };
  it.each([
    ['it has neither function', { columns }, /transform must have either apply, .* or row/],
    ['it has both', { columns, apply: () => 1, row: () => 1 }, /transform must have either apply, .* or row/],
    ['its row is no function', { columns, row: 'x' }, /transform\.row must be a function/],
    ['its apply is no function', { columns, apply: 'x' }, /transform\.apply must be a function/],
    ['it has an unknown key', { columns, rwo: () => 1 }, /transform has "rwo", which Landfall does not know/],
  ])('%s', (_what, transform, words) => {
    expect(refusalOf(() => tableOf({ transform })).happened).toMatch(words);
  });
});
