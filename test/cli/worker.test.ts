import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LandfallClient } from '../../src/client';
import { runLandfall, startTestWorker } from '../support/run-landfall';
import { createGatedPipeline } from './gated-pipeline';
import { findSurvivors, listProcessTree } from './process-tree';
import { expectNoStackTrace } from './start-landfall';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'landfall-worker-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function writeModule(name: string, source: string): string {
  const file = join(folder, name);
  writeFileSync(file, source);
  return file;
}

test.each([
  ['missing.ts', undefined, /^There is no file \S+missing\.ts\.\nGive the path of a module/],
  [
    'empty.ts',
    'export const answer = 42;\n',
    /^\S+empty\.ts exports no pipeline\.\nExport what definePipeline/,
  ],
  ['broken.ts', 'export default 1;\nconst x = ;\n', /^\S+broken\.ts:2\S* cannot be loaded: /],
  [
    'throws.ts',
    "export default 1;\n\nthrow new Error('no luck');\n",
    /^\S+throws\.ts:3\S* cannot be loaded: no luck/,
  ],
])(
  'a module that has no usable pipeline (%s) is refused with exit code 2 and its place',
  async (name, source, words) => {
    const file = source === undefined ? join(folder, name) : writeModule(name, source);
    const result = await runLandfall(['worker', file]);
    expect(result.stderr).toMatch(words);
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expectNoStackTrace(result);
  },
);

test('in production a missing IMAGE_TAG is refused with exit code 6', async () => {
  const { IMAGE_TAG: _, ...environment } = process.env;
  const result = await runLandfall(['worker', join(folder, 'any.ts')], {
    ...environment,
    NODE_ENV: 'production',
  });
  expect(result).toMatchObject({ code: 6, stdout: '' });
  expect(result.stderr).toMatch(/^IMAGE_TAG is not set, .*\nSet IMAGE_TAG to the tag of the image/);
  expectNoStackTrace(result);
});

test('SIGTERM in the middle of a run: exit code 0, nothing left running, and a successor ends the run', async () => {
  const pipeline = await createGatedPipeline();
  const client = await LandfallClient.connect();
  const worker = await startTestWorker([pipeline.module]);
  let successor;
  try {
    await pipeline.land('orders-data/data.csv', 'id\n1\n2\n');
    const taken = await client.takeDelivery(pipeline.name);
    if (taken.kind !== 'run') throw new Error('a run was expected');
    await pipeline.reached();
    const tree = listProcessTree(worker.process.pid ?? 0);
    expect(tree.filter(({ command }) => command.includes('engine-process')).length).toBeGreaterThan(0);

    await worker.stop();
    expect(worker.process).toMatchObject({ exitCode: 0, signalCode: null });
    expect(await findSurvivors(tree, 1_000)).toEqual([]);

    pipeline.open();
    successor = await startTestWorker([pipeline.module]);
    const result = await client.result(pipeline.name, taken.fileLandTimestamp);
    expect(result.tables[0]).toMatchObject({ landed: 2, published: 2 });
    expect(await pipeline.list('rawHist')).toHaveLength(1);
  } finally {
    await worker.stop();
    await successor?.stop();
    await client.close();
    pipeline.remove();
  }
});
