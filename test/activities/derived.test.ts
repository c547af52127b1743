import { createAthenaQueryEngine } from '../../src/adapters/athena-query';
import { createGlueCatalogue } from '../../src/adapters/glue-catalogue';
import type { PublicationReport } from '../../src/activities/report/report';
import type { RunResult } from '../../src/layout/delivery';
import { planPipeline } from '../../src/plan/plan-pipeline';
import { failureOf, must } from '../adapters/test-buckets';
import { Bench } from './bench';
import { createEngineInProcess } from './engine-in-process';
import { toArchived, toCurated, toProcessed, toPublished } from './take-through';

const TABLES = `
  cases: table({ files: { required: false }, primaryKey: ['id'], columns: {
    id: column.int64(), court: column.string(), fee: column.decimal(8, 2).nullable(),
    minutes: column.int32(), received: column.date() } }),
  courts: table({ files: { required: false }, columns: { court: column.string(), region: column.string() } }),`;

const COLUMNS = `region: column.string(), cases: column.int32(), fees: column.decimal(10, 2).nullable(),
  minutes: column.int64({ description: 'In all' }), largest: column.int64(), latest: column.date()`;
const SQL = `SELECT courts.region, COUNT(*) AS cases, SUM(cases.fee) AS fees, SUM(cases.minutes) AS minutes,
    MAX(cases.id) AS largest, MAX(cases.received) AS latest
  FROM cases JOIN courts ON cases.court = courts.court GROUP BY courts.region`;

const derivedOf = ({
  columns = COLUMNS,
  sql = SQL,
  rest = `primaryKey: ['region'], description: 'By region',`,
} = {}) =>
  `derived: { totals: derivedTable({ from: ['cases', 'courts'], columns: { ${columns} }, ${rest} sql: \`${sql}\` }) },`;

const catalogue = createGlueCatalogue();
let bench: Bench;
let derivations = 0;

beforeEach(async () => {
  derivations = 0;
  bench = await Bench.create({ tables: TABLES, options: derivedOf() });
});
afterEach(() => bench.close());

async function release(options: string): Promise<void> {
  bench.pipeline.release({ options });
  await bench.release(TABLES);
}

function counting() {
  const engine = createEngineInProcess({ pipelines: bench.pipelines, store: bench.store });
  return bench.run({
    engine: {
      ...engine,
      deriveTable: (task, options) => {
        derivations += 1;
        return engine.deriveTable(task, options);
      },
    },
  });
}

const landCases = (rows: string) => bench.land('cases-data/c.csv', `id,court,fee,minutes,received\n${rows}`);
const landCourts = (rows: string) => bench.land('courts-data/c.csv', `court,region\n${rows}`);

async function publish(requested: number, run = counting()): Promise<RunResult> {
  return toPublished(run, await bench.take({ requested }));
}

async function publishFirst(): Promise<RunResult> {
  await landCases(
    '9007199254740993,a,999999.99,2147483647,2024-02-29\n2,a,999999.99,1,2023-01-01\n3,b,,5,2024-01-01\n',
  );
  await landCourts('a,north\nb,south\n');
  return publish(1000);
}

const FIRST = [
  ['north', '2', '1999999.98', '2147483648', '9007199254740993', '2024-02-29'],
  ['south', '1', '0.00', '5', '3', '2024-01-01'],
];

async function ask(sql = 'SELECT * FROM totals ORDER BY region') {
  const { rows } = await createAthenaQueryEngine().query(sql, {
    database: bench.pipeline.database,
    outputLocation: `s3://${bench.pipeline.areas.log}/athena/`,
  });
  return rows;
}

const findTable = async () =>
  must(await catalogue.readDatabase(bench.pipeline.database)).tables.find(({ name }) => name === 'totals');
const derivedKeys = async () => (await bench.keys('curated')).filter((key) => key.includes('/totals/'));

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
