import { column } from '../../src/definition/column';
import type { TableDefinition } from '../../src/definition/table';
import type { TransformContext } from '../../src/definition/transform';
import { failureOf } from '../adapters/test-buckets';
import { Tasks } from './task-context';

const COLUMNS = { id: column.int64(), name: column.string().nullable() };
const CSV = 'id,name\n1,a\n2,\n3,\n';

/** A table that does this with the context of each row. */
const tableThat = (
  does: (context: TransformContext, id: bigint) => void,
  columns = COLUMNS,
): TableDefinition<typeof COLUMNS> => ({
  columns,
  transform: {
    columns,
    row: (row, context) => {
      does(context, row.id);
      return row;
    },
  },
});

describe('counters', () => {
  it('come back by name, the same each time, and are not there where nothing was counted', async () => {
    const tasks = await Tasks.of(
      tableThat(({ count }, id) => {
        if (id > 1n) count('without_name');
        count('ids', Number(id));
        count('down', -1);
        count('constructor', 0);
      }),
    );
    const { counters } = await tasks.transform(CSV);
    expect(Object.entries(counters ?? {})).toEqual([
      ['constructor', 0],
      ['down', -3],
      ['ids', 6],
      ['without_name', 2],
    ]);
    expect((await tasks.transform(CSV)).counters).toEqual(counters);
    const without = await Tasks.of(tableThat(() => undefined));
    expect(await without.transform(CSV)).not.toHaveProperty('counters');
  });

  it('are counted by transforms of frames too', async () => {
    const tasks = await Tasks.of<typeof COLUMNS>({
      columns: COLUMNS,
      transform: {
        columns: COLUMNS,
        apply: async ({ frame, columns: { name }, context }) => {
          const collected = await frame.collect();
          context.count('without_name', collected.filter(name.isNull()).height);
          return collected;
        },
      },
    });
    expect(await tasks.transform(CSV)).toMatchObject({ counters: { without_name: 2 }, rowsOut: 3 });
  });

  it.each<[string, (context: TransformContext, id: bigint) => void, RegExp]>([
    ['has no usable name', ({ count }) => count('Without Name'), /no lower snake identifier/],
    ['has a name that ends in _', ({ count }) => count('a_'), /no lower snake identifier/],
    ['has a name that is too long', ({ count }) => count('a'.repeat(65)), /at most 64 characters/],
    ['has no name', ({ count }) => count(undefined as never), /no lower snake identifier/],
    ['is by a fraction', ({ count }) => count('a', 0.5), /counts "a" by, or up to, what is no safe integer/],
    ['is by a bigint', ({ count }, id) => count('a', id as never), /counts "a" by, or up to,/],
    [
      'is beyond what is safe',
      ({ count }) => count('a', Number.MAX_SAFE_INTEGER),
      /counts "a" by, or up to,/,
    ],
    [
      'is by the 51st name',
      ({ count }) => {
        for (let name = 0; name < 51; name += 1) count(`n${name}`);
      },
      /counts by more than 50 names/,
    ],
  ])('refuse a count that %s', async (_what, does, words) => {
    const failure = await failureOf((await Tasks.of(tableThat(does))).transform(CSV));
    expect(failure.name).toBe('TransformError');
    expect(failure.happened).toMatch(words);
  });
});

describe('the log of a transform', () => {
  it('gets its lines, the first 100 of a file and how many there were beyond them', async () => {
    const tasks = await Tasks.of(
      tableThat(({ log }, id) => {
        log.warn({ id }, 'seen');
      }),
    );
    const rows = Array.from({ length: 103 }, (_, id) => `${id},x\n`);
    await tasks.transform(`id,name\n${rows.join('')}`);
    expect(tasks.logged).toHaveLength(101);
    expect(tasks.logged[0]).toEqual({ level: 'warn', words: 'seen', data: { id: '0' } });
    expect(tasks.logged[100]).toEqual({
      level: 'warn',
      words: 'Lines of the transform are left out: the first 100 of a file are shown',
      data: { leftOut: 3 },
    });
    await tasks.transform(CSV);
    expect(tasks.logged).toHaveLength(104);
  });

  it('tells what was logged before the transform failed, and nothing that comes after its end', async () => {
    let late: (() => void) | undefined;
    const tasks = await Tasks.of(
      tableThat(({ log }) => {
        log.info({}, 'begun');
        late = () => log.info({}, 'late');
        throw new Error('no such court');
      }),
    );
    await failureOf(tasks.transform(CSV));
    late?.();
    expect(tasks.logged.map(({ words }) => words)).toEqual(['begun']);
  });

  it('takes whatever it is given', async () => {
    const circular: Record<string, unknown> = { a: 1 };
    circular['self'] = circular;
    const odd: unknown[] = [
      undefined,
      null,
      7n,
      NaN,
      Symbol('s'),
      () => 1,
      circular,
      new Map([[1, 2]]),
      new Date(NaN),
      new Error('an error'),
      Object.create(null),
      Array.from({ length: 100_000 }, (_, at) => at),
      'x'.repeat(100_000),
      Object.fromEntries(Array.from({ length: 100_000 }, (_, at) => [`k${at}`, at])),
      {
        get broken(): never {
          throw new Error('no');
        },
      },
      new Proxy(
        {},
        {
          ownKeys: () => {
            throw new Error('no');
          },
        },
      ),
      {
        toJSON: () => {
          throw new Error('no');
        },
      },
      { deep: { deep: { deep: { deep: { deep: 1 } } } } },
    ];
    const tasks = await Tasks.of(
      tableThat(({ log }, id) => {
        if (id > 1n) return;
        for (const data of odd) log.info(data as never, data as never);
        log.info({ odd }, 'control\u0007\n');
      }),
    );
    await tasks.transform(CSV);
    expect(tasks.logged).toHaveLength(odd.length + 1);
    expect(tasks.logged.at(-1)?.words).toBe('control\\u{7}\\u{a}');
    for (const line of tasks.logged) {
      expect(JSON.parse(JSON.stringify(line))).toEqual(line);
      expect(JSON.stringify(line).length).toBeLessThan(10_000);
    }
  });

  it('holds nothing of a table with sensitive columns but how much there was', async () => {
    const columns = { ...COLUMNS, name: column.string({ sensitive: true }).nullable() };
    const tasks = await Tasks.of(tableThat(({ log }) => log.info({ name: 'Ann' }, 'Ann'), columns));
    await tasks.transform(CSV);
    expect(tasks.logged).toEqual([
      {
        level: 'warn',
        words: 'Lines of the transform are kept back, since the table has sensitive columns',
        data: { leftOut: 3 },
      },
    ]);
  });
});
