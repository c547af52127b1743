import { failureOf } from '../adapters/test-buckets';
import { toArchived, toProcessed } from './take-through';
import {
  TABLES,
  COLUMNS,
  SQL,
  derivedOf,
  bench,
  release,
  landCases,
  landCourts,
  publish,
  publishFirst,
  FIRST,
  ask,
} from './derived-bench';

describe('SQL at fault publishes nothing', () => {
  test.each<[string, Parameters<typeof derivedOf>[0], string]>([
    ['not SQL', { sql: 'SELEC 1' }, 'is not understood: '],
    ['a table that from does not name', { sql: 'SELECT * FROM judges' }, "relation 'judges' was not found"],
    ['a column that is not there', { sql: 'SELECT cost FROM cases' }, 'unable to find column "cost"'],
    [
      'other columns',
      { sql: 'SELECT region, COUNT(*) AS n FROM courts GROUP BY region' },
      'gave no column "cases", "fees", "minutes", "largest", "latest" and gave "n", which its columns do not declare',
    ],
    [
      'another type',
      { sql: SQL.replace('MAX(cases.received)', 'MAX(cases.court)') },
      'gave column "latest" as String, not Date',
    ],
    [
      'another scale',
      { columns: COLUMNS.replace('decimal(10, 2)', 'decimal(10, 1)') },
      'gave column "fees" as Decimal(38, 2), not Decimal(10, 1)',
    ],
    [
      'a decimal that is too large',
      { columns: COLUMNS.replace('decimal(10, 2)', 'decimal(8, 2)') },
      'gave 1 value in column "fees" that decimal(8,2) cannot hold',
    ],
    [
      'an integer that is too large',
      { columns: COLUMNS.replace('minutes: column.int64', 'minutes: column.int32') },
      'gave 1 value in column "minutes" that int cannot hold',
    ],
    [
      'nulls',
      { columns: COLUMNS.replace('.nullable()', ''), sql: SQL.replace('SUM(cases.fee)', 'MIN(cases.fee)') },
      'gave 1 null in column "fees", which is not nullable',
    ],
    [
      'a key twice',
      {
        rest: "primaryKey: ['latest'],",
        sql: SQL.replace('MAX(cases.received)', "CAST('2024-01-01' AS DATE)"),
      },
      'gave more than one row for 1 value of its primaryKey "latest"',
    ],
    [
      'a value that cannot be cast',
      { sql: SQL.replace('MAX(cases.id)', 'MAX(CAST(cases.court AS BIGINT))') },
      'conversion from `str` to `i64` failed',
    ],
  ])('%s', async (_what, changes, words) => {
    await publishFirst();
    await release(derivedOf(changes));
    await landCourts('d,west\n');
    const failure = await failureOf(publish(2000));
    expect(failure.name).toBe('TransformError');
    expect(failure.message).toContain('The SQL of derived table "totals" (from cases, courts)');
    expect(failure.message).toContain(words);
    expect(await ask()).toEqual(FIRST);
    expect(await ask('SELECT court FROM courts ORDER BY court')).toEqual([['a'], ['b']]);
  });

  test('values of sensitive columns are not told', async () => {
    bench.pipeline.release({
      options: derivedOf({ sql: SQL.replace('MAX(cases.id)', 'MAX(CAST(cases.court AS BIGINT))') }),
    });
    await bench.release(
      TABLES.replaceAll('court: column.string()', 'court: column.string({ sensitive: true })'),
    );
    await landCases('1,hidden,,1,2024-01-01\n');
    await landCourts('hidden,north\n');
    const failure = await failureOf(publish(1000));
    expect(failure.name).toBe('TransformError');
    expect(JSON.stringify(failure, Object.getOwnPropertyNames(failure))).not.toContain('hidden');
  });

  test('a release in the middle of a run publishes nothing of two codes', async () => {
    await landCourts('a,north\n');
    const delivery = await bench.take({ requested: 1000 });
    const run = bench.run();
    await toProcessed(run, delivery, await toArchived(run, delivery));
    await run.planCuration(delivery);
    await release(derivedOf({ sql: `${SQL} LIMIT 1` }));
    const later = bench.run({}, run.runId);
    const failure = await failureOf(later.writeDerived({ ...delivery, table: 'totals' }));
    expect(failure.message).toContain('another release was deployed meanwhile');
  });
});
