import type { KeyCheckRecord, Plan } from '../../src/activities/records';
import { batchRecordKey, planKey } from '../../src/layout/log-keys';
import { failureOf } from '../adapters/test-buckets';
import { Bench, FOLDERS } from './bench';
import { toDecided, toPublished } from './take-through';

const tables = (scope: string): string => `courts: table({
    files: { required: false },
    columns: { court_id: column.string(), opened: column.timestamp({ format: '%d/%m/%Y %H:%M' }) },
    primaryKey: ['court_id'],
    curated: { sortBy: ['court_id'] },
  }),
  cases: table({
    files: { required: false },
    columns: { id: column.int64(), court: column.string().nullable(), at: column.timestamp() },
    primaryKey: ['id'],
    foreignKeys: [
      { columns: ['court', 'at'], references: { table: 'courts', columns: ['court_id', 'opened'] }, in: '${scope}' },
    ],
  }),`;

let bench: Bench;
const start = async (scope: string): Promise<void> => {
  bench = await Bench.create({ tables: tables(scope) });
};
afterEach(() => bench.close());

const COURTS = 'court_id,opened\nleeds,31/01/1999 09:30\n"",01/02/2000 00:00\n';
const LEEDS = 'id,court,at\n1,leeds,1999-01-31T09:30:00\n2,,1999-01-31T09:30:00\n3,"",2000-02-01T00:00:00\n';
const HULL = 'id,court,at\n7,hull,1999-01-31T09:30:00\n8,leeds,1999-01-31T09:30:00.000001\n';

const keyChecksOf = async (files: Record<string, string>): Promise<string[]> => {
  for (const [file, body] of Object.entries(files)) await bench.land(file, body);
  return (await bench.run().planDelivery(await bench.take())).keyChecks;
};

describe('which tables are compared beyond one file', () => {
  test.each([
    ['one file of a table with a primary key alone', { 'courts-data/a.csv': COURTS }, []],
    ['two of them', { 'courts-data/a.csv': COURTS, 'courts-data/b.csv': COURTS }, ['courts']],
    ['one file of a table with a foreign key', { 'cases-data/a.csv': LEEDS }, ['cases']],
  ])('%s', async (_what, files, expected) => {
    await start('delivery');
    expect(await keyChecksOf(files)).toEqual(expected);
  });
});

describe('the decision', () => {
  test('refuses keys of two files and references to nothing, naming both places', async () => {
    await start('delivery');
    await bench.land('courts-data/a.csv', COURTS);
    await bench.land('courts-data/b.csv', 'court_id,opened\nleeds,31/01/1999 09:30\n');
    await bench.land('cases-data/a.csv', HULL);
    const delivery = await bench.take();
    const run = bench.run();
    const { message } = await failureOf(toDecided(run, delivery));
    expect(message).toContain(
      'courts-data/b.csv, column court_id: 1 row (100 %) with a key that an earlier row has: row 1 (line 2) "leeds" as in row 1 (line 2) of ',
    );
    expect(message).toContain(
      'cases-data/a.csv, column court, at: 2 rows (100 %) with a reference to a row that is not there, expected a court_id, opened of table courts in this delivery: row 1 (line 2) "hull, 1999-01-31 09:30:00.000000"',
    );
    const report = await bench.readValidationReport(run.runId);
    expect(report.findings.map(({ code }) => code)).toEqual(['duplicate-key', 'missing-reference']);
    expect(report.files.map(({ checks }) => checks.failed)).toEqual([0, 1, 1]);
    expect(await bench.keys('rawHist')).toEqual([]);
  });

  test('is not made without the comparison that the plan asks for, and takes it twice', async () => {
    await start('delivery');
    await bench.land('courts-data/a.csv', COURTS);
    await bench.land('cases-data/a.csv', HULL);
    const delivery = await bench.take();
    const run = bench.run();
    const plan = await run.planDelivery(delivery);
    for (const batch of plan.batches.keys()) await run.checkFiles({ ...delivery, batch });
    expect((await failureOf(run.decideDelivery(delivery))).message).toContain('keys/0.json is missing');
    await run.checkKeys({ ...delivery, keyCheck: 0 });
    await run.checkKeys({ ...delivery, keyCheck: 0 });
    expect((await failureOf(run.decideDelivery(delivery))).name).toBe('DeliveryRefusedError');
  });

  test('goes by a plan of an earlier release, which has no comparisons', async () => {
    await start('delivery');
    await bench.land('cases-data/a.csv', HULL);
    const delivery = await bench.take();
    const run = bench.run();
    const plan = await run.planDelivery(delivery);
    const location = { bucket: bench.pipeline.areas.log, key: planKey(FOLDERS, run.runId) };
    const { keyChecks: _, ...earlier } = JSON.parse((await bench.store.readText(location)) ?? '') as Plan;
    await bench.store.write(location, JSON.stringify(earlier));
    for (const batch of plan.batches.keys()) await run.checkFiles({ ...delivery, batch });
    await run.decideDelivery(delivery);
    expect((await run.planDelivery(delivery)).keyChecks).toEqual([]);
  });
});

describe('references to what is published', () => {
  const compare = async (body: string): Promise<KeyCheckRecord> => {
    await bench.land('cases-data/a.csv', body);
    const delivery = await bench.take();
    const run = bench.run();
    await run.planDelivery(delivery);
    await run.checkKeys({ ...delivery, keyCheck: 0 });
    const key = batchRecordKey(FOLDERS, run.runId, 'keys', 0);
    const text = await bench.store.readText({ bucket: bench.pipeline.areas.log, key });
    return JSON.parse(text ?? '') as KeyCheckRecord;
  };
  const publishCourts = async (): Promise<void> => {
    await bench.land('courts-data/a.csv', COURTS);
    await toPublished(bench.run(), await bench.take());
  };

  test('are held against the rows that readers see', async () => {
    await start('published');
    const nothing = await compare(LEEDS);
    expect(nothing.findings).toMatchObject([
      { count: 2, expected: 'a court_id, opened of table courts as it is published, which has none' },
    ]);
    await bench.erase('land', bench.landKey('cases-data/a.csv'));
    await publishCourts();
    expect((await compare(LEEDS)).findings).toEqual([]);
    const wrong = await compare(HULL);
    expect(wrong.findings).toMatchObject([
      {
        code: 'missing-reference',
        count: 2,
        expected: 'a court_id, opened of table courts as it is published',
      },
    ]);
  });

  test('or against what lands with them', async () => {
    await start('either');
    await publishCourts();
    await bench.land('courts-data/b.csv', 'court_id,opened\nhull,31/01/1999 09:30\n');
    const { findings } = await compare(`${LEEDS}4,hull,1999-01-31T09:30:00\n5,hull,1999-01-31T09:31:00\n`);
    expect(findings).toMatchObject([{ count: 1, samples: [{ row: 5 }] }]);
  });

  test('fail with words when the published file is not what was published', async () => {
    await start('published');
    await publishCourts();
    const [parquet = ''] = (await bench.keys('curated')).filter((key) => key.includes('/courts/'));
    await bench.put('curated', parquet, 'PAR1');
    const failure = await failureOf(compare(LEEDS));
    expect(failure.name).toBe('IntegrityError');
    expect(failure.message).toContain('has other content than was published');
    await bench.erase('curated', parquet);
    expect((await failureOf(compare(LEEDS))).message).toContain('is not there');
  });
});
