import { createGlueCatalogue } from '../../src/adapters/glue-catalogue';
import type { Examination } from '../../src/doctor/examine';
import type { ProbeResult } from '../../src/doctor/probe';
import { expectNoStackTrace, readJson } from '../cli/start-landfall';
import { runLandfall } from '../support/run-landfall';
import { createTestPipeline, type TestPipeline } from '../support/test-pipeline';

let pipeline: TestPipeline;
let checking: string;
beforeAll(async () => {
  pipeline = await createTestPipeline();
  checking = `${pipeline.database}_checking`;
});
afterAll(() => pipeline.remove());

const declare = (more: string): void =>
  pipeline.release({ options: `readerCheck: { database: '${checking}', ${more} },` });

async function examine() {
  const result = await runLandfall(['doctor', pipeline.module, '--json']);
  expectNoStackTrace(result);
  const { probes } = readJson(result) as Examination;
  const of = (name: string): ProbeResult | undefined => probes.find((each) => each.name === name);
  return { code: result.code, of };
}

test('its workgroup, output and database are what a run needs', async () => {
  const output = `s3://${pipeline.areas.rejects}/answers/`;
  declare(`output: '${output}'`);
  const { of } = await examine();
  expect(of('glue reader check')).toMatchObject({
    verdict: 'ok',
    seen: expect.stringContaining(`${checking} is not there yet: the first check creates it`) as string,
  });
  expect(of('athena query')).toMatchObject({ verdict: 'ok', seen: `answers SELECT 1, into ${output}` });
  expect(await pipeline.list('rejects')).toEqual([]);
});

test('what it lacks is a failure, and not a warning', async () => {
  declare("workgroup: 'nobody-made-it'");
  const table = { name: 'theirs', columns: [], partitionKeys: [], location: 's3://x/', parameters: {} };
  await createGlueCatalogue().publishDatabase({ name: checking, tables: [table] });
  const { code, of } = await examine();
  expect(code).toBe(6);
  expect(of('glue reader check')).toMatchObject({
    verdict: 'failed',
    seen: `database ${checking} has tables that no check made: theirs`,
  });
  expect(of('athena workgroup')).toMatchObject({
    verdict: 'failed',
    seen: expect.stringContaining('nobody-made-it') as string,
  });

  declare("output: 's3://no-such-bucket-at-all/'");
  const { of: later } = await examine();
  expect(later('athena query')).toMatchObject({ verdict: 'failed' });
});
