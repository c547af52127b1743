import type { DeliveryRef } from '../../src/layout/delivery';
import { failureOf } from '../adapters/test-buckets';
import { Bench } from './bench';
import { readRows } from './read-published';
import { toPublished } from './take-through';

type Mode = 'rebuild' | 'delta';

const tableOf = (mode: Mode, columns: string): string => `a: table({
  files: { name: /.*/ }, format: jsonLines(), columns: { id: column.int64(), ${columns} }, mode: '${mode}',
}),`;

let bench: Bench;
afterEach(() => bench.close());

async function take(line: string): Promise<DeliveryRef> {
  await bench.land('a-data/x.jsonl', line);
  return bench.take();
}

/** @returns a second delivery, which lands when the columns have changed; the first is published */
async function change(
  mode: Mode,
  [before, after]: readonly [string, string],
  [first, second]: readonly [string, string],
): Promise<DeliveryRef> {
  bench = await Bench.create({ hasRaw: false, tables: tableOf(mode, before) });
  await toPublished(bench.run(), await take(`{"id":1${first}}\n`));
  await bench.release(tableOf(mode, after));
  return take(`{"id":2${second}}\n`);
}

/** Of both deliveries, what readers see in column x, as JSON; undefined where there is no such column. */
async function publishedValues(delivery: DeliveryRef): Promise<(string | undefined)[]> {
  const rows = (await readRows(bench, delivery)).filter((row) => !row.startsWith('--'));
  return rows.map((row) => /"x":(.*?),"etl_version"/.exec(row)?.[1]);
}

const X = 'x: column';
const compatible: [string, [string, string], [string, string], (string | undefined)[]][] = [
  ['added', ['', `${X}.int32().nullable()`], ['', ',"x":1'], ['null', '1']],
  ['added, not to be null from now on', ['', `${X}.int32()`], ['', ',"x":1'], ['null', '1']],
  [
    'not to be null any more',
    [`${X}.int32().nullable()`, `${X}.int32()`],
    [',"x":null', ',"x":1'],
    ['null', '1'],
  ],
  ['held to a rule', [`${X}.int32()`, `${X}.int32().min(5)`], [',"x":1', ',"x":6'], ['1', '6']],
  ['dropped', [`${X}.int32()`, ''], [',"x":1', ''], [undefined, undefined]],
  [
    'a wider integer',
    [`${X}.int8()`, `${X}.int64()`],
    [',"x":-128', ',"x":9007199254740993'],
    ['-128', '9007199254740993'],
  ],
  [
    'a longer decimal',
    [`${X}.decimal(10, 2)`, `${X}.decimal(38, 2)`],
    [',"x":"-1.25"', ',"x":"5000000000.25"'],
    ['"-1.25"', '"5000000000.25"'],
  ],
  [
    'a finer decimal',
    [`${X}.decimal(10, 2)`, `${X}.decimal(12, 4)`],
    [',"x":"-1.25"', ',"x":"5.2512"'],
    ['"-1.2500"', '"5.2512"'],
  ],
];

describe.each<Mode>(['rebuild', 'delta'])('in mode %s', (mode) => {
  test.each(compatible)('a column may be %s', async (_what, columns, values, published) => {
    const delivery = await change(mode, columns, values);
    await toPublished(bench.run(), delivery);
    expect(await publishedValues(delivery)).toEqual(published);
  });
});

test.each<[string, [string, string], [string, string], string[]]>([
  ['a narrower integer that holds it', [`${X}.int64()`, `${X}.int32()`], [',"x":1', ',"x":2'], ['1', '2']],
  ['a decimal', [`${X}.int32()`, `${X}.decimal(12, 2)`], [',"x":1', ',"x":"5.25"'], ['"1.00"', '"5.25"']],
  ['a number with a point', [`${X}.float32()`, `${X}.float64()`], [',"x":0.1', ',"x":5.25'], ['0.1', '5.25']],
])('a rebuild takes what was processed as %s', async (_what, columns, values, published) => {
  const delivery = await change('rebuild', columns, values);
  await toPublished(bench.run(), delivery);
  expect(await publishedValues(delivery)).toEqual(published);
});

test.each<[string, [string, string], [string, string], string]>([
  [
    'a narrower integer',
    [`${X}.int64()`, `${X}.int32()`],
    [',"x":5000000000', ',"x":2'],
    'row 1 (line 1) "5000000000"',
  ],
  [
    'a coarser decimal',
    [`${X}.decimal(12, 4)`, `${X}.decimal(10, 2)`],
    [',"x":"1.2345"', ',"x":"5.25"'],
    '"1.2345"',
  ],
  ['another type', [`${X}.string()`, `${X}.date()`], [',"x":"a"', ',"x":"2024-01-01"'], '"a"'],
])(
  'a rebuild refuses %s that does not hold what was processed, and says which row',
  async (_what, columns, values, row) => {
    const delivery = await change('rebuild', columns, values);
    const failure = await failureOf(toPublished(bench.run(), delivery));
    expect(failure).toMatchObject({
      name: 'DefinitionError',
      happened: expect.stringMatching(
        /^The table is declared otherwise than when its rows were processed/,
      ) as string,
      unchanged: 'What is published is as it was.',
    });
    expect(failure.message).toContain('column x: 1 row (100 %)');
    expect(failure.message).toContain(row);
  },
);

test.each<[string, [string, string], [string, string], string]>([
  [
    'narrower',
    [`${X}.int64()`, `${X}.int32()`],
    [',"x":1', ',"x":2'],
    'is of the type bigint, and is declared as int now',
  ],
  [
    'a float that was written with fewer digits',
    [`${X}.float32()`, `${X}.float64()`],
    [',"x":0.1', ',"x":5.25'],
    'float, and is declared as double',
  ],
  [
    'a decimal with less room before the point',
    [`${X}.decimal(10, 2)`, `${X}.decimal(10, 4)`],
    [',"x":"1.25"', ',"x":"5.25"'],
    'decimal(10,2), and is declared as decimal(10,4)',
  ],
  ['text', [`${X}.int32()`, `${X}.string()`], [',"x":1', ',"x":"a"'], 'int, and is declared as string'],
])('mode delta refuses a column that is %s', async (_what, columns, values, why) => {
  const delivery = await change('delta', columns, values);
  const failure = await failureOf(toPublished(bench.run(), delivery));
  expect(failure.name).toBe('DefinitionError');
  expect(failure.message).toContain(why);
});
