import type { PublicationReport } from '../../src/activities/report/report';
import { planPipeline } from '../../src/plan/plan-pipeline';
import { failureOf, must } from '../adapters/test-buckets';
import { toArchived, toCurated, toProcessed } from './take-through';
import {
  TABLES,
  COLUMNS,
  SQL,
  derivedOf,
  catalogue,
  bench,
  derivations,
  release,
  counting,
  landCases,
  landCourts,
  publish,
  publishFirst,
  FIRST,
  ask,
  findTable,
  derivedKeys,
} from './derived-bench';

describe('a derived table', () => {
  test('is a table like the others: typed, exact, in Glue, in the report, of no other rows than they have', async () => {
    const result = await publishFirst();
    expect(await ask()).toEqual(FIRST);
    expect(must(await findTable())).toMatchObject({
      ...{
        description: 'By region',
        location: expect.stringMatching(/\/totals\/snapshot=[0-9a-f]{16}\/$/) as string,
      },
      columns: [
        { name: 'region', type: 'string' },
        { name: 'cases', type: 'int' },
        { name: 'fees', type: 'decimal(10,2)' },
        { name: 'minutes', type: 'bigint', comment: 'In all' },
        { name: 'largest', type: 'bigint' },
        { name: 'latest', type: 'date' },
      ],
      parameters: expect.objectContaining({
        ...{ 'landfall.rows': '2', 'landfall.file_land_timestamp': '1000', primary_key: 'region' },
      }) as object,
    });
    expect(result.derived).toEqual([{ table: 'totals', rows: 2 }]);
    expect(result.tables.map(({ table }) => table)).toEqual(['cases', 'courts']);
  });

  test('is made anew when something that it reads changed, and not otherwise', async () => {
    await publishFirst();
    const [key] = await derivedKeys();
    await landCases('4,b,0.01,7,2024-03-01\n');
    await publish(2000);
    expect((await ask()).at(-1)).toEqual(['south', '2', '0.01', '12', '4', '2024-03-01']);
    expect(derivations).toBe(2);
    await release(derivedOf());
    await toCurated(counting(), { pipeline: bench.pipeline.name, fileLandTimestamp: 2000 });
    expect(derivations).toBe(2);
    expect(await derivedKeys()).toHaveLength(2);
    expect(await derivedKeys()).toContain(key);
  });

  test('the same rows are the same bytes, in whatever order SQL gives them', async () => {
    await publishFirst();
    const [key = ''] = await derivedKeys();
    const before = await bench.pipeline.read('curated', key);
    await bench.erase('curated', key);
    await toCurated(bench.run(), { pipeline: bench.pipeline.name, fileLandTimestamp: 1000 });
    expect((await bench.pipeline.read('curated', key)).equals(before)).toBe(true);
    expect(await ask()).toEqual(FIRST);
  });

  test('an attempt takes what another has written, also where it ended before it was recorded', async () => {
    await publishFirst();
    await landCourts('c,west\n');
    const delivery = await bench.take({ requested: 2000 });
    const run = counting();
    await toProcessed(run, delivery, await toArchived(run, delivery));
    for (const { table } of (await run.planCuration(delivery)).filter((step) => !step.isDerived))
      await run.writeCurated({ ...delivery, table });
    const write = () => run.writeDerived({ ...delivery, table: 'totals' });
    const both = await Promise.all([write(), write()]);
    expect(both[0]).toEqual(both[1]);
    expect(await write()).toEqual(both[0]);
    await run.publishDatabase(delivery);
    expect(await ask()).toEqual(FIRST);
  });

  test('reads no file that is not what was written', async () => {
    await publishFirst();
    await landCourts('c,west\n');
    const delivery = await bench.take({ requested: 2000 });
    const run = bench.run();
    await toProcessed(run, delivery, await toArchived(run, delivery));
    for (const { table } of (await run.planCuration(delivery)).filter((step) => !step.isDerived))
      await run.writeCurated({ ...delivery, table });
    for (const key of (await bench.keys('curated')).filter((each) => each.includes('/courts/')))
      await bench.put('curated', key, 'something else');
    const failure = await failureOf(run.writeDerived({ ...delivery, table: 'totals' }));
    expect(failure.name).toBe('IntegrityError');
    expect(failure.message).toContain('has other content than was published');
  });

  test('goes back, is dropped, and is swept together with the others', async () => {
    await publishFirst();
    const first = await findTable();
    await landCases('4,b,0.01,7,2024-03-01\n');
    await publish(2000);
    const request = { kind: 'rollback', pipeline: bench.pipeline.name, dryRun: false, to: 1000 } as const;
    const run = bench.run();
    await run.planRollback({ ...request, by: 'Ann', why: 'a test' });
    await run.rollBackTables({ ...request, by: 'Ann', why: 'a test' });
    expect(await findTable()).toEqual(first);
    expect(await ask()).toEqual(FIRST);

    const gc = () =>
      bench.run().sweepSnapshots({ pipeline: bench.pipeline.name, graceSeconds: 0, dryRun: false });
    await gc();
    expect(await derivedKeys()).toHaveLength(2);

    await release('');
    await landCourts('c,west\n');
    await publish(3000);
    expect(await findTable()).toBeUndefined();
    await gc();
    expect(await derivedKeys()).toEqual([]);
  });

  test('reads tables in partitions, also one that has no rows and so no file', async () => {
    const parted = TABLES.replace(
      'received: column.date() }',
      "$& , curated: { partitionBy: ['received'] }",
    ).replace('region: column.string() }', "$& , curated: { partitionBy: ['court'] }");
    bench.pipeline.release({
      options: derivedOf({
        columns: COLUMNS.replace('string()', 'string().nullable()'),
        sql: SQL.replace('JOIN', 'LEFT JOIN'),
        rest: '',
      }),
    });
    await bench.release(parted);
    await landCases('5,a,1.50,1,2024-02-29\n');
    await publish(500);
    expect(await ask()).toEqual([[null, '1', '1.50', '1', '5', '2024-02-29']]);
    await publishFirst();
    expect((await ask()).map(([region, cases]) => [region, cases])).toEqual([
      ['north', '3'],
      ['south', '1'],
    ]);
  });

  test('what an attempt left of it without a record is known, and swept', async () => {
    await publishFirst();
    const [key = ''] = await derivedKeys();
    const record = (await bench.keys('log')).find((each) => each.includes('/snapshots/totals/'));
    await bench.erase('log', must(record));
    await release('');
    await landCourts('c,west\n');
    await publish(2000);
    const { strangers } = await bench
      .run()
      .sweepSnapshots({ pipeline: bench.pipeline.name, graceSeconds: 0, dryRun: false });
    expect(strangers).toBe(0);
    expect(await bench.keys('curated')).not.toContain(key);
  });

  test('landfall plan tells what of it is declared otherwise', async () => {
    await publishFirst();
    const plan = () => planPipeline({ store: bench.store, catalogue }, must(bench.pipelines[0]));
    expect(await plan()).toMatchObject({ isSame: true });
    await release(derivedOf({ sql: `${SQL} HAVING COUNT(*) > 1` }));
    expect((await plan()).curated).toMatchObject([{ table: 'totals', differences: [{ name: 'sql' }] }]);
    await release('');
    expect((await plan()).glue.dropped).toEqual(['totals']);
  });

  test('is asked for through Athena before readers see it', async () => {
    const options = `readerCheck: { database: '${bench.pipeline.database}_checking' },`;
    await release(derivedOf() + options);
    const { fileLandTimestamp } = await publishFirst();
    const delivery = { pipeline: bench.pipeline.name, fileLandTimestamp };
    const { readerCheck } = must(await bench.readRecord<PublicationReport>(delivery, 'published'));
    expect(readerCheck?.at(-1)).toMatchObject({ table: 'totals', rows: 2, shortcomings: [] });
    expect(await ask()).toEqual(FIRST);
  });

  test('lists, structs, bytes, instants and truths come through SQL as they are', async () => {
    const all = `kinds: table({ format: jsonLines(), columns: {
      words: column.array(column.string()), pair: column.struct({ a: column.int32() }), raw: column.binary({ encoding: 'base64' }),
      moment: column.timestamp(), ok: column.boolean(), share: column.float64(), small: column.int8() } }),`;
    const columns = `words: column.array(column.string()), pair: column.struct({ a: column.int32() }), raw: column.binary({ encoding: 'base64' }),
      moment: column.timestamp(), ok: column.boolean(), share: column.float64(), small: column.int8()`;
    bench.pipeline.release({
      options: `derived: { copies: derivedTable({ from: ['kinds'], columns: { ${columns} }, sql: 'SELECT words, pair, raw, moment, ok, share, small FROM kinds' }) },`,
    });
    await bench.release(all);
    await bench.land(
      'kinds-data/k.jsonl',
      '{"words":["x","y"],"pair":{"a":1},"raw":"AP8=","moment":"2024-01-02T03:04:05.000006","ok":true,"share":0.5,"small":-128}\n',
    );
    await publish(1000);
    const select = (table: string) => ask(`SELECT words, pair, raw, moment, ok, share, small FROM ${table}`);
    expect(await select('copies')).toEqual(await select('kinds'));
  });
});
