import pl from 'nodejs-polars';
import { LandfallClient } from '../../src/client';
import { must } from '../adapters/test-buckets';
import { frameToParquet } from '../engine/frame-to-parquet';
import { startTestWorker } from '../support/run-landfall';
import { createTestPipeline } from '../support/test-pipeline';

const COLUMNS = `{ id: column.int64(), name: column.string().nullable() }`;

test('a run curates a table straight from raw-hist, beside one that is processed', async () => {
  const pipeline = await createTestPipeline({
    tables: `a: table({ format: parquet(), columns: ${COLUMNS}, curated: { source: 'raw-hist', sortBy: ['id'] } }),
      b: table({ columns: ${COLUMNS} }),`,
  });
  const client = await LandfallClient.connect();
  const worker = await startTestWorker([pipeline.module]);
  try {
    const frame = pl.DataFrame({ id: pl.Series('id', [3, 1, 2], pl.Int64), name: ['x', null, 'z'] });
    for (const file of ['one', 'two'])
      await pipeline.land(`a-data/${file}.parquet`, await frameToParquet(frame, 2));
    await pipeline.land('b-data/x.csv', 'id,name\n1,\n');
    const result = must(await client.run(pipeline.name));
    expect(result.tables).toMatchObject([
      { table: 'a', landed: 6, processed: 6, published: 6 },
      { table: 'b', landed: 1, processed: 1, published: 1 },
    ]);
    const { stages } = await client.progress(pipeline.name, result.fileLandTimestamp);
    const of = Object.fromEntries(stages.map(({ stage, ...each }) => [stage, each]));
    expect(of).toMatchObject({
      'raw-hist': { files: 3 },
      raw: { files: 1, of: 1 },
      processed: { files: 1, of: 1, note: 'curated from raw-hist: a' },
      curated: { files: 2, rows: 7 },
    });
    expect(await pipeline.list('processed')).toHaveLength(1);
    expect(await pipeline.list('raw')).toEqual([]);
    expect(await pipeline.list('rawHist')).toHaveLength(3);
  } finally {
    await worker.stop();
    await client.close();
    pipeline.remove();
  }
});
