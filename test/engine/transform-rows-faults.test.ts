import { column, type Columns } from '../../src/definition/column';
import type { TableDefinition } from '../../src/definition/table';
import type { Transform } from '../../src/definition/transform';
import { failureOf } from '../adapters/test-buckets';
import { store, Tasks } from './task-context';

const COLUMNS = { id: column.int64(), name: column.string().nullable() };
type Given = typeof COLUMNS;
const CSV = 'id,name\n1,a\n2,"b\nb"\n3,c\n';

/** A table whose row function is of no type that a compiler could judge. */
const tableWith = (
  row: (row: never, context: never) => unknown,
  columns: Columns = COLUMNS,
  rows?: 'changed',
): TableDefinition<Given, Columns> => ({
  columns: COLUMNS,
  transform: { columns, row, ...(rows && { rows }) } as unknown as Transform<Given, Columns>,
});

async function failureWith(...given: Parameters<typeof tableWith>) {
  const tasks = await Tasks.of(tableWith(...given));
  const failure = await failureOf(tasks.transform(CSV));
  expect(await store.head({ bucket: tasks.bucket, key: 'processed/rows.jsonl.gz' })).toBeUndefined();
  return failure;
}

describe('a row function fails, with file, row, line and what was wrong, when it', () => {
  it.each<[string, (row: { id: bigint }) => unknown, string]>([
    [
      'leaves a property out',
      ({ id }) => ({ id }),
      'column name: 3 rows without this key: row 1 (line 2), row 2 (line 3), row 3 (line 5).',
    ],
    [
      'gives undefined for one',
      ({ id }) => ({ id, name: undefined }),
      'column name: 3 rows without this key',
    ],
    [
      'inherits one',
      ({ id }) => Object.create({ id, name: null }) as object,
      'column id: 3 rows without this key',
    ],
    [
      'gives an unknown property',
      (row) => ({ ...row, nmae: 1 }),
      'column nmae: 3 rows with a key that is no column',
    ],
    [
      'gives a number for an int64',
      ({ id }) => ({ id: Number(id), name: null }),
      'column id: 3 rows not as declared, expected a bigint: row 1 (line 2) "number 1"',
    ],
    [
      'gives null where there must be a value',
      () => ({ id: null, name: null }),
      'column id: 3 rows without a value',
    ],
    [
      'gives a value beyond its type',
      ({ id }) => ({ id: id === 3n ? 2n ** 63n : id, name: null }),
      'column id: 1 row not as declared, expected a whole number from -9223372036854775808 to 9223372036854775807, without leading zeros: row 3 (line 5) "9223372036854775808"',
    ],
    [
      'gives half a character',
      ({ id }) => ({ id, name: '\uD800' }),
      'column name: 3 rows not as declared, expected text without half a character',
    ],
    ['returns nothing', () => undefined, 'returned nothing on row 1 (line 2).'],
    ['returns null', () => null, 'returned null on row 1 (line 2).'],
    ['returns an array', (row) => [row], 'returned an array on row 1 (line 2).'],
    [
      'returns a promise',
      () => Promise.reject(new Error('no such court')),
      'returned a promise on row 1 (line 2).',
    ],
    [
      'throws',
      ({ id }) => {
        if (id === 2n) throw new Error('no such\ncourt');
        return { id, name: null };
      },
      'failed on row 2 (line 3): no such\\u{a}court.',
    ],
    [
      'throws what has no words',
      () => {
        throw Object.create(null);
      },
      'failed on row 1 (line 2): what was thrown has no words.',
    ],
    [
      'gives a property that throws',
      () => ({
        get id(): never {
          throw new Error('unreadable');
        },
        name: null,
      }),
      'failed on row 1 (line 2): unreadable.',
    ],
  ])('%s', async (_what, row, words) => {
    const failure = await failureWith(row);
    expect(failure.name).toBe('TransformError');
    expect(failure.happened).toContain('The transform of table "rows", on file "rows.csv",');
    expect(failure.happened).toContain(words);
    expect(failure.next).not.toBe('');
  });

  it.each<[string, Columns, Record<string, unknown>, string]>([
    ['a float for a whole number', { v: column.int32() }, { v: 1.5 }, 'expected a whole number'],
    ['a whole number as text', { v: column.int32() }, { v: '1' }, 'expected a number: row 1 (line 2) "1"'],
    ['NaN', { v: column.float64() }, { v: NaN }, '"NaN"'],
    ['a float beyond its type', { v: column.float32() }, { v: 1e39 }, 'that a 32-bit float can hold'],
    [
      'a number for a decimal',
      { v: column.decimal(6, 2) },
      { v: 1.5 },
      'expected a string: a number with at most 4 digits before the point and 2 after it',
    ],
    ['too many places', { v: column.decimal(6, 2) }, { v: '1.234' }, '"1.234"'],
    [
      'a Date',
      { v: column.date() },
      { v: new Date(0) },
      'expected a string: a date that exists, written as %Y-%m-%d: row 1 (line 2) "an object"',
    ],
    ['a date as it landed', { v: column.date({ format: '%d/%m/%Y' }) }, { v: '29/02/2024' }, '"29/02/2024"'],
    ['an empty date', { v: column.date().nullable() }, { v: '' }, 'expected a date that exists'],
    ['an empty timestamp', { v: column.timestamp() }, { v: '2024-01-01T00:00:00Z' }, 'without zone'],
    ['a text for a boolean', { v: column.boolean() }, { v: 'true' }, 'expected a boolean'],
    ['bytes as they landed', { v: column.binary({ encoding: 'hex' }) }, { v: '0f' }, 'base64'],
    ['a text that is not allowed', { v: column.oneOf(['a', 'b']) }, { v: 'c' }, '"c"'],
    ['a value below its bound', { v: column.int8().min(5) }, { v: 4 }, 'expected at least 5'],
    [
      'what a refinement refuses',
      { v: column.int8().refine((v) => v > 5, 'more than five') },
      { v: 4 },
      'more than five',
    ],
    [
      'no array',
      { v: column.array(column.int8()) },
      { v: 4 },
      'column v: 3 rows not as declared, expected an array',
    ],
    ['a hole in an array', { v: column.array(column.int8()) }, { v: new Array(1) }, 'column v[]: 3 rows'],
    [
      'a null in an array',
      { v: column.array(column.int8()) },
      { v: [1, null] },
      'column v[]: 3 rows without a value',
    ],
    ['too long an array', { v: column.array(column.int8()).max(1) }, { v: [1, 2] }, 'at most 1 elements'],
    [
      'no struct',
      { v: column.struct({ a: column.int8() }) },
      { v: [] },
      'column v: 3 rows not as declared, expected an object',
    ],
    [
      'too little of a struct',
      { v: column.struct({ a: column.int8().nullable() }) },
      { v: {} },
      'column v.a: 3 rows without this key',
    ],
    [
      'too much of a struct',
      { v: column.struct({ a: column.int8() }) },
      { v: { a: 1, b: 1 } },
      'column v.b: 3 rows with a key that is no column',
    ],
    [
      'a text in a struct',
      { v: column.struct({ a: column.int64() }) },
      { v: { a: '1' } },
      'column v.a: 3 rows not as declared, expected a bigint',
    ],
  ])('gives %s', async (_what, columns, row, words) => {
    expect((await failureWith(() => row, columns)).happened).toContain(words);
  });

  it('gives something else than rows among rows', async () => {
    const happened = async (value: unknown) =>
      (await failureWith((row) => [row, value], COLUMNS, 'changed')).happened;
    expect(await happened(undefined)).toContain('returned nothing in an array on row 1 (line 2)');
    expect(await happened(Promise.reject(new Error('x')))).toContain(
      'returned a promise in an array on row 1',
    );
    expect((await failureWith(() => 7, COLUMNS, 'changed')).happened).toContain(
      'returned a value of type number on row 1',
    );
  });

  it('has failed once, and is not called again', async () => {
    let calls = 0;
    await failureWith(() => {
      calls += 1;
      throw new Error('no such court');
    });
    expect(calls).toBe(1);
  });

  it('fails because the archived bytes are not those that were checked, which is what is told', async () => {
    const tasks = await Tasks.of(
      tableWith(() => {
        throw new Error('no such court');
      }),
    );
    const failure = await failureOf(tasks.transform(CSV, { sha256: '0'.repeat(64) }));
    expect(failure.name).toBe('IntegrityError');
  });

  it('keeps every value to itself where the table has sensitive columns', async () => {
    const columns = { id: column.int64(), name: column.string({ sensitive: true }) };
    const failures = (
      [
        ({ name }) => {
          throw new Error(name);
        },
        ({ id, name }) => ({ id: name, name: `${id}` }),
        ({ id, name }) => ({ id, name, [name]: 1 }),
        ({ id, name }) => ({ id, name, other: name }),
        ({ id, name }, { count }) => {
          count(name);
          return { id };
        },
      ] as ((row: { id: bigint; name: string }, context: { count: (name: string) => void }) => unknown)[]
    ).map(async (row) => {
      const transform = { columns: { id: column.int64(), other: column.int8() }, row } as never;
      const tasks = await Tasks.of<typeof columns>({ columns, transform });
      return failureOf(tasks.transform('id,name\n1,Ann Secret\n'));
    });
    for (const failure of await Promise.all(failures)) {
      expect(failure.name).toBe('TransformError');
      expect(`${failure.message}${failure.stack}${JSON.stringify(failure.cause)}`).not.toContain('Secret');
    }
    expect.assertions(10);
  });
});
