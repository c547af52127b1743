import { existsSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { createEngine } from '../../src/engine/engine';
import type { Engine } from '../../src/engine/tasks';
import { createBucket, land, readBytes } from '../adapters/test-buckets';
import { store } from '../engine/task-context';
import { createTestPipeline, type TestPipeline } from '../support/test-pipeline';

/** Tasks of the version `slow` stand in the middle of their temporary files until the gate opens. */
const tables = (gate: string, waiting: string): string => `orders: table({
  columns: { id: column.int64() },
  transform: {
    columns: { id: column.int64() },
    apply: ({ frame, context }) => {
      if (context.version !== 'slow') return frame;
      const { existsSync, writeFileSync } = require('node:fs');
      writeFileSync(${JSON.stringify(waiting)}, '');
      const pause = new Int32Array(new SharedArrayBuffer(4));
      while (!existsSync(${JSON.stringify(gate)})) Atomics.wait(pause, 0, 0, 20);
      return frame;
    },
  },
}),`;

let pipeline: TestPipeline;
let gate: string;
let waiting: string;
let bucket: string;
const engines: Engine[] = [];
beforeEach(async () => {
  pipeline = await createTestPipeline();
  gate = `${pipeline.module}.open`;
  waiting = `${pipeline.module}.waiting`;
  pipeline.release({ tables: tables(gate, waiting) });
  bucket = await createBucket('fault-07');
});
afterEach(async () => {
  writeFileSync(gate, '');
  await Promise.all(engines.splice(0).map((engine) => engine.close()));
  pipeline.remove();
});

function startEngine(): Engine {
  const engine = createEngine({ pipelineModules: [pipeline.module], maxProcesses: 2 });
  engines.push(engine);
  return engine;
}

/** F2 of a file that has the same name, table and timestamp as every other here. @returns its processed rows */
async function transform(engine: Engine, version: string, ids: readonly number[]): Promise<number[]> {
  const source = await land(store, { bucket, key: `${version}/data.csv` }, `id\n${ids.join('\n')}\n`);
  const about = { pipeline: pipeline.name, table: 'orders', source };
  const { sha256 } = await engine.checkFile(about);
  const target = { bucket, key: `${version}/data.jsonl.gz` };
  const names = { fileName: 'data.csv', fileLandTimestamp: 1_534_968_800 };
  await engine.transformFile({ ...about, ...names, sha256, target, version });
  const lines = gunzipSync(await readBytes(store, target))
    .toString()
    .trim()
    .split('\n');
  return lines.map((line) => (JSON.parse(line) as { id: number }).id);
}

async function toMiddle(): Promise<void> {
  while (!existsSync(waiting)) await delay(20);
}

test('two tasks of one engine keep their temporary files apart', async () => {
  const engine = startEngine();
  const slow = transform(engine, 'slow', [1, 2]);
  await toMiddle();
  expect(await transform(engine, 'quick', [3])).toEqual([3]);
  writeFileSync(gate, '');
  expect(await slow).toEqual([1, 2]);
});

test('an engine that starts and ends beside another one erases nothing of it', async () => {
  const slow = transform(startEngine(), 'slow', [1, 2]);
  await toMiddle();
  const other = startEngine();
  expect(await transform(other, 'quick', [3])).toEqual([3]);
  await other.close();
  writeFileSync(gate, '');
  expect(await slow).toEqual([1, 2]);
});
