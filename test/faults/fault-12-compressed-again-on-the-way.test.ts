import { gzipSync } from 'node:zlib';
import { LandfallClient } from '../../src/client';
import { startTestWorker } from '../support/run-landfall';
import { createTestPipeline } from '../support/test-pipeline';

test('fault 12: a .csv.gz is in raw-hist byte for byte as it landed, and never compressed again', async () => {
  const pipeline = await createTestPipeline();
  const worker = await startTestWorker([pipeline.module]);
  const client = await LandfallClient.connect();
  try {
    const landed = gzipSync('id,name,price,day\n1,a,1.50,2024-02-29\n');
    await pipeline.land('orders-data/data.csv.gz', landed);
    expect(await client.run(pipeline.name)).toMatchObject({ outcome: 'published' });
    const [key = ''] = await pipeline.list('rawHist');
    expect(key).toMatch(/data_\d+\.csv\.gz$/);
    expect((await pipeline.read('rawHist', key)).equals(landed)).toBe(true);

    await pipeline.land('orders-data/data.csv.gz', gzipSync(landed));
    await expect(client.run(pipeline.name)).rejects.toThrow('is compressed twice (gzip inside gzip)');
    expect(await pipeline.list('rawHist')).toEqual([key]);
  } finally {
    await worker.stop();
    await client.close();
    pipeline.remove();
  }
});
