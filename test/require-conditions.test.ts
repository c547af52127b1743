import { startFaultyStore } from './adapters/faulty-store';
import { runLandfall, startTestWorker } from './support/run-landfall';
import { createTestPipeline, type TestPipeline } from './support/test-pipeline';

let pipeline: TestPipeline;
beforeAll(async () => void (pipeline = await createTestPipeline({ hasQuarantine: true })));
afterAll(() => pipeline.remove());

test('a worker does not start on a store that ignores a condition, and says which', async () => {
  const store = await startFaultyStore((request) => {
    delete request.headers['if-none-match'];
    return false;
  });
  try {
    const result = await runLandfall(['worker', pipeline.module], {
      ...process.env,
      AWS_ENDPOINT_URL: store.endpoint,
    });
    expect(result).toMatchObject({ code: 6, stdout: '' });
    expect(result.stderr).toContain(`The store of pipeline "${pipeline.name}" (${store.endpoint}) ignores`);
    expect(result.stderr).toMatch(/- PutObject with If-None-Match .*\n- CompleteMultipartUpload with/);
    expect(result.stderr).toContain('no delivery was touched');
    expect(await pipeline.list('log')).toEqual([]);
  } finally {
    await store.close();
  }
});

test('a worker waits for a store that is not up yet, and leaves nothing there', async () => {
  let refused = 0;
  const store = await startFaultyStore((_request, response) => {
    if (refused >= 4) return false;
    refused += 1;
    response.writeHead(503).end();
    return true;
  });
  try {
    const worker = await startTestWorker([pipeline.module], { AWS_ENDPOINT_URL_S3: store.endpoint });
    await worker.stop();
    expect(refused).toBe(4);
    for (const area of ['log', 'rawHist', 'raw', 'quarantine'] as const)
      expect(await pipeline.list(area)).toEqual([]);
  } finally {
    await store.close();
  }
});
