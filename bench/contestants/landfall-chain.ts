import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createS3ObjectStore } from '../../src/adapters/s3-object-store';
import { LandfallClient } from '../../src/client';
import { startTestWorker, type TestWorker } from '../../test/support/run-landfall';
import type { Sample } from '../measure';
import { watchTree } from '../process-tree';
import { CASES_MODULE } from './landfall-steps';

const LANDINGS_AT_ONCE = 8;

const store = createS3ObjectStore();

async function sizeBelow(bucket: string, prefix: string): Promise<number> {
  let bytes = 0;
  for await (const { size } of store.list(bucket, prefix)) bytes += size;
  return bytes;
}

export interface ChainRun extends Sample {
  fileLandTimestamp: number;
}

/** A pipeline of its own with a worker of its own, which is ready; the stack runs already. */
export class LandfallChain {
  private constructor(
    readonly name: string,
    private readonly worker: TestWorker,
    private readonly client: LandfallClient,
  ) {}

  static async start(): Promise<LandfallChain> {
    const name = `bench-${randomUUID().slice(0, 8)}`;
    const worker = await startTestWorker([CASES_MODULE], { BENCH_PIPELINE: name });
    return new LandfallChain(name, worker, await LandfallClient.connect());
  }

  /** @param files paths of local files, or contents */
  async land(files: readonly { name: string; path?: string; content?: string }[]): Promise<void> {
    const waiting = [...files];
    const landNext = async (): Promise<void> => {
      for (let file = waiting.shift(); file; file = waiting.shift()) {
        const body = file.path === undefined ? (file.content ?? '') : createReadStream(file.path);
        await store.write({ bucket: 'land', key: `prod/${this.name}-data/cases-data/${file.name}` }, body);
      }
    };
    await Promise.all(Array.from({ length: LANDINGS_AT_ONCE }, landNext));
  }

  /** From the trigger until the run has told that all is published; memory and CPU are those of the worker. */
  async run(rows: number): Promise<ChainRun> {
    const watch = watchTree(this.worker.process.pid ?? 0);
    const began = performance.now();
    let used: ReturnType<typeof watch.end> | undefined;
    try {
      const result = await this.client.run(this.name);
      const seconds = (performance.now() - began) / 1000;
      used = watch.end();
      const landed = result?.tables[0]?.landed;
      if (!result || landed !== rows) throw new Error(`${rows} rows landed, and the run took ${landed ?? 0}`);
      const outputBytes = await sizeBelow('curated', `prod/${this.name}/`);
      return { seconds, ...used, outputBytes, fileLandTimestamp: result.fileLandTimestamp };
    } finally {
      if (!used) watch.end();
    }
  }

  async stop(): Promise<void> {
    await this.client.close();
    await this.worker.stop();
  }
}
