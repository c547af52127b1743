import { failureOf } from '../adapters/test-buckets';
import type { Plan } from '../../src/activities/records';
import type { RefusalRecord } from '../../src/activities/report/report';
import { planKey } from '../../src/layout/log-keys';
import { Bench, FOLDERS, type Attempts } from './bench';
import { toArchived, toDecided } from './take-through';

const TABLES = `a: table({ files: { max: 2 }, columns: { id: column.int64() }, primaryKey: ['id'] }),
  b: table({ files: { required: false, min: 2 }, columns: { id: column.int64() } }),
  c_csv: table({ folder: 'c-data', files: { required: false }, columns: { id: column.int64() } }),
  c_any: table({ folder: 'c-data', files: { required: false }, columns: { id: column.int64() } }),
  d: table({ files: { required: false }, format: jsonLines(), columns: { id: column.int64() } }),`;

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.create({ tables: TABLES });
});
afterEach(() => bench.close());

async function readPlan(run: Attempts): Promise<Plan> {
  const key = planKey(FOLDERS, run.runId);
  const text = await bench.store.readText({ bucket: bench.pipeline.areas.log, key });
  return JSON.parse(text ?? '') as Plan;
}

async function planOf(files: Record<string, string>): Promise<Plan> {
  for (const [file, body] of Object.entries(files)) await bench.land(file, body);
  const run = bench.run();
  await run.planDelivery(await bench.take());
  return readPlan(run);
}

describe('the plan', () => {
  test('gives every file its table and its keys, and findings to nobody', async () => {
    const plan = await planOf({
      'd-data/x.jsonl': '{"id":1}',
      'a-data/x.csv': 'id\n1',
      'a-data/y.csv.gz': 'id\n1',
    });
    expect(plan.findings).toEqual([]);
    expect(plan.files.map(({ key, table }) => [key.slice(bench.landKey('').length), table])).toEqual([
      ['a-data/x.csv', 'a'],
      ['a-data/y.csv.gz', 'a'],
      ['d-data/x.jsonl', 'd'],
    ]);
    expect(plan.batches).toMatchObject([
      { table: 'a', first: 0, files: 2 },
      { table: 'd', first: 2, files: 1 },
    ]);
  });

  test.each([
    ['a folder of no table', 'z-data/x.csv', 'unknown-file'],
    ['another format', 'a-data/x.jsonl', 'unknown-file'],
    ['no table folder', 'x.csv', 'unknown-file'],
    ['a timestamp of milliseconds', 'a-data/file_land_timestamp=1534968800000/x.csv', 'unknown-file'],
    ['a name that Athena would not see', 'a-data/_x.csv', 'unsafe-key'],
    ['a name that walks up', 'a-data/../x.csv', 'unsafe-key'],
    ['a name with a character that nobody sees', 'a-data/x\u200b.csv', 'unsafe-key'],
    ['a name that is too long with its suffix', `a-data/${'x'.repeat(940)}.csv`, 'unsafe-key'],
    ['a name that is too long in metadata', `a-data/${'ü'.repeat(270)}.csv`, 'unsafe-key'],
    ['two tables', 'c-data/c.csv', 'two-tables'],
  ])('finds fault with a file of %s, and goes on', async (_what, file, code) => {
    const plan = await planOf({ 'a-data/x.csv': 'id\n1', [file]: 'id\n1' });
    expect(plan.findings).toMatchObject([{ code, file: bench.landKey(file) }]);
    expect(plan.files).toHaveLength(1);
  });

  test.each([
    ['one name packed and plain', { 'a-data/x.csv': '', 'a-data/x.csv.gz': '' }, 'same-archive-key'],
    ['one name in two cases', { 'a-data/x.csv': '', 'a-data/X.csv': '' }, 'twin-file'],
    ['one name in two Unicode forms', { 'a-data/\u00e9.csv': '', 'a-data/e\u0301.csv': '' }, 'twin-file'],
    ['two white spaces that look alike', { 'a-data/x y.csv': '', 'a-data/x\u00a0y.csv': '' }, 'twin-file'],
    ['no file of a required table', { 'd-data/x.jsonl': '' }, 'missing-table'],
    [
      'more files than allowed',
      { 'a-data/1.csv': '', 'a-data/2.csv': '', 'a-data/3.csv': '' },
      'too-many-files',
    ],
    ['fewer files than wanted', { 'a-data/x.csv': '', 'b-data/x.csv': '' }, 'too-few-files'],
  ])('finds fault with %s', async (_what, files, code) => {
    expect((await planOf(files)).findings).toMatchObject([{ code }]);
  });

  test('names both of two files that cannot be told apart', async () => {
    const plan = await planOf({ 'a-data/x.csv': '', 'a-data/X.csv.gz': '' });
    const [one, other] = ['a-data/X.csv.gz', 'a-data/x.csv'].map((file) => bench.landKey(file));
    expect(plan.findings).toMatchObject([{ code: 'twin-file', file: other, received: one }]);
  });

  test('stays the first attempt’s when another release plans the same run again', async () => {
    await bench.land('a-data/x.csv', 'id\n1\n');
    const delivery = await bench.take();
    const { runId, planDelivery } = bench.run();
    const first = await planDelivery(delivery);
    await bench.release(`other: table({ folder: 'a-data', columns: { id: column.int64() } }),`);
    expect((await bench.run({}, runId).planDelivery(delivery)).batches).toEqual(first.batches);
    expect((await readPlan(bench.run({}, runId))).files).toMatchObject([{ table: 'a' }]);
  });

  test('of what is archived does not look at land', async () => {
    await bench.land('a-data/x.csv', 'id\n1\n');
    const delivery = await bench.take();
    await toArchived(bench.run(), delivery);
    await bench.land('a-data/x.csv', 'id\nother\n');
    expect(await bench.run().planDelivery(delivery)).toMatchObject({ state: 'archived', files: 1, bytes: 5 });
  });
});

describe('between archive and processing', () => {
  const archiveOne = async () => {
    await bench.land('a-data/x.csv', 'id\n1\n');
    const delivery = await bench.take();
    await toArchived(bench.run(), delivery);
    return delivery;
  };

  test('a table that was renamed is found by its folder', async () => {
    const delivery = await archiveOne();
    await bench.release(`renamed: table({ folder: 'a-data', columns: { id: column.int64() } }),`);
    const run = bench.run();
    expect((await run.planDelivery(delivery)).batches).toMatchObject([{ table: 'renamed', files: 1 }]);
    await run.copyToRaw({ ...delivery, batch: 0 });
    expect(await run.transformFiles({ ...delivery, batch: 0 })).toMatchObject({ files: 1, rows: 1 });
  });

  test('a table that was removed stops the delivery with words, and loses nothing', async () => {
    const delivery = await archiveOne();
    await bench.release(`z: table({ columns: { id: column.int64() } }),`);
    const failure = await failureOf(bench.run().planDelivery(delivery));
    expect(failure.name).toBe('DefinitionError');
    expect(failure.message).toMatch(/no table any more for .*a-data\/x\.csv.*Declare table "a" again/s);
    expect(await bench.keys('rawHist')).toHaveLength(1);
  });
});

describe('the decision', () => {
  test('is for all or nothing, and tells all that is wrong with all of it', async () => {
    await bench.land('a-data/1.csv', 'id\nbanana\n2\n');
    await bench.land('a-data/2.csv', 'id\n1\n1\n');
    await bench.land('z-data/x.csv', 'id\n1\n');
    await bench.land('d-data/good.jsonl', '{"id":1}\n');
    const delivery = await bench.take();
    const before = await bench.keys('land');
    const run = bench.run();
    const failure = await failureOf(toDecided(run, delivery));
    expect(failure.name).toBe('DeliveryRefusedError');
    for (const words of [
      'z-data/x.csv',
      'a-data/1.csv, column id',
      'a-data/2.csv',
      'banana',
      'Nothing was moved',
    ])
      expect(failure.message).toContain(words);
    const report = await bench.readValidationReport(run.runId);
    expect(report.findings.map(({ code }) => code).sort()).toEqual(['duplicate-key', 'type', 'unknown-file']);
    expect(report.files).toHaveLength(3);
    expect(await bench.keys('land')).toEqual(before);
    expect(await bench.keys('rawHist')).toEqual([]);

    const again = await failureOf(run.decideDelivery(delivery));
    expect(again.message).toBe(failure.message);
    expect(await bench.readValidationReport(run.runId)).toEqual(report);
    const record = await bench.readRecord<RefusalRecord>(delivery, 'refused');
    expect(record).toEqual({
      format: 1,
      ...delivery,
      outcome: 'refused',
      database: bench.pipeline.database,
      version: 'v1.2.3',
      checkedBy: run.runId,
      report: expect.stringMatching(`/runs/${run.runId}/validation\\.json$`) as string,
      page: expect.stringMatching(`/runs/${run.runId}/validation\\.html$`) as string,
      volumes: expect.any(Array) as unknown,
    });
  });

  test('is not made without every file’s check', async () => {
    await bench.land('a-data/1.csv', 'id\n1\n');
    await bench.land('d-data/good.jsonl', '{"id":1}\n');
    const delivery = await bench.take();
    const run = bench.run();
    await run.planDelivery(delivery);
    await run.checkFiles({ ...delivery, batch: 0 });
    expect((await failureOf(run.decideDelivery(delivery))).message).toContain('check/1.json is missing');
  });

  test('a file that fails its check is not copied, even if somebody asks for it', async () => {
    await bench.land('a-data/1.csv', 'id\nbanana\n');
    const delivery = await bench.take();
    const run = bench.run();
    await toDecided(run, delivery).catch(() => undefined);
    await expect(run.copyToRawHist({ ...delivery, batch: 0 })).rejects.toThrow('did not pass its check');
    await expect(bench.run().copyToRawHist({ ...delivery, batch: 0 })).rejects.toThrow('is missing');
    expect(await bench.keys('rawHist')).toEqual([]);
  });
});
