import { createS3ObjectStore } from '../../src/adapters/s3-object-store';
import { LandfallClient } from '../../src/client';
import type { RunResult } from '../../src/layout/delivery';
import { must } from '../adapters/test-buckets';
import { startTestWorker, type TestWorker } from '../support/run-landfall';
import { createTestPipeline, type TestPipeline } from '../support/test-pipeline';

const store = createS3ObjectStore();
let client: LandfallClient;
let pipeline: TestPipeline;
let worker: TestWorker;

beforeEach(async () => {
  client = await LandfallClient.connect();
  pipeline = await createTestPipeline({
    tables: `a: table({ columns: { id: column.int64() }, mode: 'delta' }),`,
  });
  worker = await startTestWorker([pipeline.module]);
});
afterEach(async () => {
  await worker.stop();
  await client.close();
  pipeline.remove();
});

async function runNext(id: number): Promise<RunResult> {
  await pipeline.land('a-data/x.csv', `id\n${id}\n`);
  return must(await client.run(pipeline.name));
}

async function noteOfProcessed({ fileLandTimestamp }: RunResult): Promise<string | undefined> {
  const { stages } = await client.progress(pipeline.name, fileLandTimestamp);
  return stages.find(({ stage }) => stage === 'processed')?.note;
}

test('a run deletes what it processed when it is published, and says so; a clean-up that fails is not the delivery’s', async () => {
  const first = await runNext(1);
  expect(await pipeline.list('processed')).toEqual([]);
  expect(await noteOfProcessed(first)).toBe('1 deleted after the publish was verified');

  // As if the first run had not come to its end, and its file had been spoilt since.
  const [key = ''] = await pipeline.list('curated');
  const part = must(await store.head({ bucket: pipeline.areas.curated, key }));
  await store.write(part, 'x'.repeat(part.size), { metadata: part.metadata });
  const record = must((await pipeline.list('log')).find((each) => each.endsWith('/emptied.json')));
  await store.delete(must(await store.head({ bucket: pipeline.areas.log, key: record })));

  const second = await runNext(2);
  expect(second).toMatchObject({ outcome: 'published', tables: [{ table: 'a', landed: 1, published: 2 }] });
  expect(await noteOfProcessed(second)).toMatch(
    /^published, but not deleted yet; the next run tries again: .* is missing or is not what was written/,
  );
  expect(await pipeline.list('processed')).toHaveLength(1);
});
