import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { createTestPipeline, type TestPipeline } from '../support/test-pipeline';

/** A pipeline whose runs wait in their transform, so that a test can say when they go on. */
export interface GatedPipeline extends TestPipeline {
  /** Resolves when a run waits at the gate. */
  reached(): Promise<void>;
  open(): void;
  close(): void;
}

export async function createGatedPipeline(): Promise<GatedPipeline> {
  const pipeline = await createTestPipeline();
  const gate = pipeline.module.replace(/\.ts$/, '.open');
  const waiting = pipeline.module.replace(/\.ts$/, '.waiting');
  pipeline.release({
    tables: `orders: table({
      columns: { id: column.int64() },
      transform: {
        columns: { id: column.int64() },
        apply: ({ frame }) => {
          const { existsSync, writeFileSync } = require('node:fs');
          writeFileSync(${JSON.stringify(waiting)}, '');
          const pause = new Int32Array(new SharedArrayBuffer(4));
          while (!existsSync(${JSON.stringify(gate)})) Atomics.wait(pause, 0, 0, 20);
          return frame;
        },
      },
    }),`,
  });
  return {
    ...pipeline,
    reached: async () => {
      const deadline = Date.now() + 30_000;
      while (!existsSync(waiting)) {
        if (Date.now() > deadline) throw new Error('No run came to the gate.');
        await delay(20);
      }
    },
    open: () => writeFileSync(gate, ''),
    close: () => {
      for (const file of [gate, waiting]) rmSync(file, { force: true });
    },
    remove: () => {
      for (const file of [gate, waiting]) rmSync(file, { force: true });
      pipeline.remove();
    },
  };
}
