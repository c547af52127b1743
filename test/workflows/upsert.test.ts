import { createAthenaQueryEngine } from '../../src/adapters/athena-query';
import { LandfallClient } from '../../src/client';
import { failureOf, must } from '../adapters/test-buckets';
import { runLandfall, startTestWorker, type TestWorker } from '../support/run-landfall';
import { createTestPipeline, type TestPipeline } from '../support/test-pipeline';

let client: LandfallClient;
let pipeline: TestPipeline;
let worker: TestWorker;

beforeAll(async () => {
  client = await LandfallClient.connect();
  pipeline = await createTestPipeline({
    hasQuarantine: true,
    tables: `a: table({ columns: { id: column.int64(), note: column.string(), gone: column.boolean() }, primaryKey: ['id'],
      curated: { upsert: { deletedWhere: 'gone' } } }),`,
  });
  pipeline.release({ options: `readerCheck: { database: '${pipeline.database}_checking' },` });
  worker = await startTestWorker([pipeline.module]);
});
afterAll(async () => {
  await worker.stop();
  await client.close();
  pipeline.remove();
});

const FIRST = 1_534_968_800;

const land = (...rows: string[]): Promise<void> =>
  pipeline.land('a-data/x.csv', ['id,note,gone', ...rows, ''].join('\n'));

async function seen(): Promise<(string | null)[][]> {
  const { rows } = await createAthenaQueryEngine().query(
    'SELECT id, note, file_land_timestamp FROM a ORDER BY id',
    { database: pipeline.database, outputLocation: `s3://${pipeline.areas.log}/athena/` },
  );
  return rows;
}

test('readers see the last row of each key, without what was deleted, also after a delivery that is accepted late', async () => {
  await land('1,old,false', '1,older still,false', '3,late,false');
  const refused = await failureOf(client.run(pipeline.name, { fileLandTimestamp: FIRST }));
  expect(refused.message).toContain('is refused');

  await land('1,new,false', '2,two,false', '3,three,false');
  await client.run(pipeline.name, { fileLandTimestamp: FIRST + 1 });
  await land('3,-,true', '9007199254740993,big,false');
  // The newest delivery with rows is not the newest delivery.
  await client.run(pipeline.name, { fileLandTimestamp: FIRST + 2 });
  await land('9007199254740993,-,true');
  await client.run(pipeline.name, { fileLandTimestamp: FIRST + 3 });
  const expected = [
    ['1', 'new', String(FIRST + 1)],
    ['2', 'two', String(FIRST + 1)],
  ];
  expect(await seen()).toEqual(expected);

  const decision = { kind: 'accept', by: 'Ann', why: 'the last row counts' } as const;
  const late = must(await client.run(pipeline.name, { fileLandTimestamp: FIRST, decision }));

  expect(await seen()).toEqual(expected);
  expect(late.tables).toMatchObject([
    { processed: 3, published: 2, merged: { processed: 9, superseded: 5, deleted: 2 } },
  ]);
  const { stdout } = await runLandfall(['run', pipeline.name, '--timestamp', String(FIRST)]);
  expect(stdout).toContain(
    'Rows of a in processed: 9, of which 2 are in the table, 5 superseded by a later row of their key, 2 deletions',
  );
});
