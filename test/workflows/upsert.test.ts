import { createAthenaQueryEngine } from '../../src/adapters/athena-query';
import { LandfallClient } from '../../src/client';
import { failureOf, must } from '../adapters/test-buckets';
import { runLandfall, startTestWorker, type TestWorker } from '../support/run-landfall';
import { createTestPipeline, type TestPipeline } from '../support/test-pipeline';

let client: LandfallClient;
const MODES = ['rebuild', 'delta'] as const;
type Mode = (typeof MODES)[number];
let pipelines: Record<Mode, TestPipeline>;
let worker: TestWorker;

async function createPipeline(mode: Mode): Promise<TestPipeline> {
  const pipeline = await createTestPipeline({
    hasQuarantine: true,
    tables: `a: table({ columns: { id: column.int64(), note: column.string(), gone: column.boolean() }, primaryKey: ['id'],
      mode: '${mode}', curated: { upsert: { deletedWhere: 'gone' } } }),`,
  });
  pipeline.release({ options: `readerCheck: { database: '${pipeline.database}_checking' },` });
  return pipeline;
}

beforeAll(async () => {
  client = await LandfallClient.connect();
  pipelines = { rebuild: await createPipeline('rebuild'), delta: await createPipeline('delta') };
  worker = await startTestWorker(Object.values(pipelines).map(({ module }) => module));
});
afterAll(async () => {
  await worker.stop();
  await client.close();
  for (const pipeline of Object.values(pipelines)) pipeline.remove();
});

const FIRST = 1_534_968_800;

async function seen(pipeline: TestPipeline): Promise<(string | null)[][]> {
  const { rows } = await createAthenaQueryEngine().query(
    'SELECT id, note, file_land_timestamp FROM a ORDER BY id',
    { database: pipeline.database, outputLocation: `s3://${pipeline.areas.log}/athena/` },
  );
  return rows;
}

test.each(MODES)(
  'readers see the last row of each key, without what was deleted, also after a delivery that is accepted late: %s',
  async (mode) => {
    const pipeline = pipelines[mode];
    const land = (...rows: string[]): Promise<void> =>
      pipeline.land('a-data/x.csv', ['id,note,gone', ...rows, ''].join('\n'));

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
    expect(await seen(pipeline)).toEqual(expected);

    const decision = { kind: 'accept', by: 'Ann', why: 'the last row counts' } as const;
    const late = must(await client.run(pipeline.name, { fileLandTimestamp: FIRST, decision }));

    expect(await seen(pipeline)).toEqual(expected);
    expect(late.tables).toMatchObject([
      { processed: 3, published: 2, merged: { processed: 9, superseded: 5, deleted: 2 } },
    ]);
    const { stdout } = await runLandfall(['run', pipeline.name, '--timestamp', String(FIRST)]);
    expect(stdout).toContain(
      'Rows of a in processed: 9, of which 2 are in the table, 5 superseded by a later row of their key, 2 deletions',
    );
    expect(await pipeline.list('processed')).toHaveLength(mode === 'delta' ? 0 : 4);
  },
);
