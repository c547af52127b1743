import pl from 'nodejs-polars';
import { column, type Columns } from '../../src/definition/column';
import { jsonLines } from '../../src/definition/format';
import type { FrameTransform } from '../../src/definition/transform';
import type { CheckFileResult } from '../../src/engine/tasks';
import { failureOf } from '../adapters/test-buckets';
import { Tasks } from './task-context';

const FORMAT = { format: jsonLines() };

describe('a fault inside an array or struct', () => {
  const shortly = ({ findings }: CheckFileResult): string[] =>
    findings.map(({ code, column: name, count, expected, samples }) =>
      [
        code,
        name ?? '-',
        count,
        ...samples.map(({ row, value }) => `${row}${value === undefined ? '' : `=${value}`}`),
        expected ?? '',
      ].join(' '),
    );
  const check = async (columns: Columns, ...lines: string[]): Promise<string[]> =>
    shortly(
      await (await Tasks.of<Columns>({ ...FORMAT, columns })).check(`${lines.join('\n')}\n`, 'rows.jsonl'),
    );

  const ORDER = {
    address: column.struct({
      postcode: column.string({ pattern: /[A-Z]{2}\d/, header: 'postCode' }),
      since: column.date().nullable(),
    }),
    items: column
      .array(
        column.struct({
          price: column.decimal(4, 2, { min: '0' }),
          note: column.string({ sensitive: true }).max(2).nullable(),
        }),
      )
      .min(1)
      .max(2),
  };

  it('is told with its path, and a row counts once', async () => {
    expect(
      await check(
        ORDER,
        '{"address":{"postCode":"AB1"},"items":[{"price":"1.00"}]}',
        '{"address":{"postCode":"ab1","since":"2024-02-30"},"items":[{"price":"banana"},{"price":"123.456"}]}',
        '{"address":{"postcode":"AB1"},"items":[{"price":-1,"note":"secret"},{"price":null}]}',
        '{"address":[],"items":{}}',
        '{"address":null,"items":[]}',
        '{"address":{"postCode":"AB1"},"items":[{"price":1},{"price":1},{"price":1}]}',
      ),
    ).toEqual([
      'pattern address.postcode 1 2=ab1 text that matches /^(?:[A-Z]{2}\\d)$/',
      'type address.since 1 2=2024-02-30 a date that exists, written as %Y-%m-%d',
      'type items[].price 1 2=banana a number with at most 2 digits before the point and 2 after it',
      'missing-column address.postcode 1 3 ',
      'unknown-column - 1 3 ',
      'min items[].price 1 3=-1 at least 0',
      'max-length items[].note 1 3 at most 2 characters',
      'null items[].price 1 3 a value',
      'type address 1 4=[…] an object',
      'type items 1 4 an array',
      'null address 1 5 a value',
      'min-length items 1 5 at least 1 elements',
      'max-length items 1 6 at most 2 elements',
    ]);
  });

  it('refinements see the values as TypeScript does', async () => {
    const columns = {
      period: column
        .struct({ from: column.date(), to: column.date({ format: '%d/%m/%Y' }) })
        .refine(({ from, to }) => from <= to, 'from must not be after to'),
      ids: column
        .array(column.int64().refine((id) => id !== 7n, 'not 7'))
        .refine((ids) => new Set(ids).size === ids.length),
    };
    expect(
      await check(
        columns,
        '{"period":{"from":"2024-01-02","to":"01/02/2024"},"ids":[1,9007199254740993]}',
        '{"period":{"from":"2024-01-02","to":"01/01/2024"},"ids":[1,1]}',
        '{"period":{"from":"2024-01-02","to":"01/02/2024"},"ids":[7]}',
      ),
    ).toEqual([
      'refinement period 1 2={"from":"2024-01-02","to":"2024-01-01"} from must not be after to',
      'refinement ids 1 2=[1,1] Invalid input',
      'refinement ids[] 1 3=7 not 7',
    ]);
  });
});

describe('a transform that gives arrays or structs', () => {
  const columns = {
    v: column.array(column.float64().nullable()),
    s: column.struct({ a: column.int32() }).nullable(),
  };
  const failing = async (apply: FrameTransform<typeof columns, typeof columns>['apply']): Promise<string> => {
    const tasks = await Tasks.of({ ...FORMAT, columns, transform: { columns, apply } });
    const failure = await failureOf(tasks.transform('{"v":[0,1.5,null],"s":{"a":1}}\n', {}, 'rows.jsonl'));
    return `${failure.name}: ${failure.happened}`;
  };

  it.each([
    [
      'NaN, which JSON has not',
      '"NaN"',
      (frame: pl.LazyDataFrame) =>
        frame
          .withColumn(pl.lit(0).cast(pl.Float64).div(pl.lit(0)).alias('n'))
          .select(pl.col('n').implode().alias('v'), pl.col('s')),
    ],
  ])('is refused for %s', async (_what, words, change) => {
    expect(await failing(({ frame }) => change(frame))).toContain(words);
  });

  it('is refused for fields that are not declared, or of other types', async () => {
    const other = await failing(({ frame, pl: polars }) =>
      frame.withColumn(polars.struct([polars.lit(1.5).alias('a'), polars.lit('x').alias('b')]).alias('s')),
    );
    expect(other).toMatch(/TransformError: .*column s\.a: .*"1\.5".*column s\.b: .*no column/);
  });
});
