import { GlueClient } from '@aws-sdk/client-glue';
import { awsSettings } from '../../src/adapters/aws-settings';
import { createGlueCatalogue } from '../../src/adapters/glue-catalogue';
import { createS3Client } from '../../src/adapters/s3-client';
import { createS3ObjectStore } from '../../src/adapters/s3-object-store';
import type { DeliveryRef, RunResult } from '../../src/layout/delivery';
import { Bench, type Attempts } from '../activities/bench';
import { createEngineInProcess } from '../activities/engine-in-process';
import { toPublished } from '../activities/take-through';
import { FaultProxy, type Call, type FaultOf } from './fault-proxy';

/** As often as Temporal attempts an activity. */
const MOST_ATTEMPTS = 10;

/** What is landed, and how the pipeline is. */
export interface Scene {
  name: string;
  hasRaw: boolean;
  versionedLand: boolean;
  tables: string;
  files: Readonly<Record<string, string>>;
}

/** One life of a worker's process. */
export interface Life {
  faultOf?: FaultOf;
  /** Forgets what the activity that ends at this place (from 0) has answered: it is to be attempted again. */
  forgets?: number;
}

interface Process {
  proxy: FaultProxy;
  store: ReturnType<typeof createS3ObjectStore>;
  catalogue: ReturnType<typeof createGlueCatalogue>;
}

/**
 * Takes deliveries from land to Glue, as the workflows do: each activity is attempted until it answers, by a new process
 * where one has been killed. The lives after the given ones are undisturbed.
 */
export class DisturbedLine {
  /** What each life called. */
  readonly lives: Call[][] = [];
  /** Activities that answered in the first life. */
  answered = 0;
  private current: Process | undefined;

  private constructor(
    readonly bench: Bench,
    private readonly disturbed: readonly Life[],
  ) {}

  static async create({ files, ...scene }: Scene, lives: readonly Life[]): Promise<DisturbedLine> {
    const bench = await Bench.create(scene);
    for (const [file, body] of Object.entries(files)) await bench.land(file, body);
    return new DisturbedLine(bench, lives);
  }

  close(): void {
    this.current?.proxy.close();
    this.bench.close();
  }

  /** @returns undefined when nothing waits */
  async takeNext(requested?: number): Promise<RunResult | undefined> {
    const { name: pipeline } = this.bench.pipeline;
    const runId = `run-${this.lives.length}-${this.answered}`;
    const pinned = await this.attempt(runId, (run) =>
      run.pinDelivery({ pipeline, ...(requested === undefined ? {} : { requested }) }),
    );
    if (pinned.kind !== 'delivery') return undefined;
    const delivery: DeliveryRef = { pipeline, fileLandTimestamp: pinned.fileLandTimestamp };
    const anyLife = new Proxy({} as Attempts, {
      get: (_, name: keyof Attempts) => (input: never) =>
        this.attempt(runId, (run) => (run[name] as (of: never) => Promise<unknown>)(input)),
    });
    return toPublished(anyLife, delivery);
  }

  private async attempt<R>(runId: string, activity: (run: Attempts) => Promise<R>): Promise<R> {
    for (let attempts = 1; ; attempts += 1) {
      const { proxy, ...parts } = (this.current ??= await this.begin());
      const engine = createEngineInProcess({ pipelines: this.bench.pipelines, store: parts.store });
      try {
        const result = await activity(this.bench.run({ ...parts, engine }, runId));
        if (!proxy.crashed && !this.isForgotten()) return result;
        proxy.close();
      } catch (error) {
        const isFinal = attempts >= MOST_ATTEMPTS || (error as { nonRetryable?: boolean }).nonRetryable;
        if (!proxy.crashed && isFinal) throw error;
      }
      if (proxy.crashed) this.current = undefined;
    }
  }

  /** Counts the answer, too. */
  private isForgotten(): boolean {
    const life = this.lives.length - 1;
    if (life > 0) return false;
    this.answered += 1;
    return this.disturbed[life]?.forgets === this.answered - 1;
  }

  private async begin(): Promise<Process> {
    const proxy = await FaultProxy.open(this.disturbed[this.lives.length]?.faultOf);
    this.lives.push(proxy.calls);
    const { endpoint } = proxy;
    return {
      proxy,
      store: createS3ObjectStore({ s3: createS3Client({ endpoint }) }),
      catalogue: createGlueCatalogue({ glue: new GlueClient({ ...awsSettings(), endpoint }) }),
    };
  }
}
