import { randomUUID } from 'node:crypto';
import { GlueClient } from '@aws-sdk/client-glue';
import { awsSettings } from '../../src/adapters/aws-settings';
import { createGlueCatalogue } from '../../src/adapters/glue-catalogue';
import { createS3Client } from '../../src/adapters/s3-client';
import { createS3ObjectStore } from '../../src/adapters/s3-object-store';
import { DeliveryRefusedError, LandfallError } from '../../src/errors';
import type { DeliveryRef, RunResult } from '../../src/layout/delivery';
import { Bench, type Attempts } from '../activities/bench';
import { setVersioning } from '../adapters/test-buckets';
import { createEngineInProcess } from '../activities/engine-in-process';
import { toPublished } from '../activities/take-through';
import { FaultProxy, type Call, type FaultOf } from './fault-proxy';

/** As often as Temporal attempts an activity. */
const MOST_ATTEMPTS = 10;
const STALLED = Symbol('stalled');

/** What is landed, and how the pipeline is. */
export interface Scene {
  name: string;
  hasRaw: boolean;
  hasQuarantine?: boolean;
  versionedLand: boolean | 'suspended';
  /** What the pipeline says beside its areas and tables. */
  options?: string;
  tables: string;
  files: Readonly<Record<string, string>>;
  /** Uploaded before, and overwritten by the files before anybody looked. */
  overwritten?: Readonly<Record<string, string>>;
}

/** When a stopped process goes on: `when its run was given up` is when all is over, and no process takes its place. */
export type Wakes = 'when its successor has answered' | 'when all is over' | 'when its run was given up';

/** A run ended, as by a timeout or by hand, while its process was stopped. */
export class GivenUp extends Error {}

/** One life of a worker's process. */
export interface Life {
  faultOf?: FaultOf;
  /** Forgets what the activity that ends at this place (from 0) has answered: it is to be attempted again. */
  forgets?: number;
  /** Stops before a call for so long that another process takes its place, and wakes up beside it. */
  stalls?: { before: (call: Call) => boolean; wakes: Wakes };
  /** Before such a call of this life, every process that is stopped goes on to its end. */
  yieldsBefore?: (call: Call) => boolean;
}

interface Process {
  life: Life;
  stall: Stall;
  proxy: FaultProxy;
  store: ReturnType<typeof createS3ObjectStore>;
  catalogue: ReturnType<typeof createGlueCatalogue>;
}

/** A process that is stopped, and continued. */
class Stall {
  private begin: () => void = () => undefined;
  private end: () => void = () => undefined;
  readonly begun = new Promise<void>((resolve) => (this.begin = resolve));
  private readonly ended = new Promise<void>((resolve) => (this.end = resolve));

  hold(): Promise<void> {
    this.begin();
    return this.ended;
  }

  wake(): void {
    this.end();
  }
}

interface Zombie extends Process {
  /** Settles when its last attempt has come to its end. */
  attempt: Promise<unknown>;
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
  private zombies: Zombie[] = [];

  private constructor(
    readonly bench: Bench,
    private readonly disturbed: readonly Life[],
    private readonly hasQuarantine: boolean,
  ) {}

  static async create(scene: Scene, lives: readonly Life[]): Promise<DisturbedLine> {
    const { files, overwritten = {}, versionedLand, ...source } = scene;
    const bench = await Bench.create({ ...source, versionedLand: versionedLand === true });
    const { areas } = bench.pipeline;
    // So that whatever is written over can be seen.
    for (const bucket of [areas.rawHist, areas.log]) await setVersioning(bucket, 'Enabled');
    if (versionedLand === 'suspended') await setVersioning(areas.land, 'Suspended');
    for (const [file, body] of [...Object.entries(overwritten), ...Object.entries(files)])
      await bench.land(file, body);
    return DisturbedLine.over(bench, scene, lives);
  }

  /** Over what is there. */
  static over(bench: Bench, { hasQuarantine = false }: Scene, lives: readonly Life[]): DisturbedLine {
    return new DisturbedLine(bench, lives, hasQuarantine);
  }

  close(): void {
    for (const { proxy, stall } of this.zombies) {
      proxy.close();
      stall.wake();
    }
    this.current?.proxy.close();
    this.bench.close();
  }

  /** Lets every process that was stopped go on to the end of its attempt. */
  async wakeZombies(): Promise<void> {
    const zombies = this.zombies.splice(0);
    for (const { stall } of zombies) stall.wake();
    await Promise.allSettled(zombies.map(({ attempt }) => attempt));
    for (const { proxy } of zombies) proxy.close();
  }

  /** @returns undefined when nothing waits */
  async takeNext(requested?: number): Promise<RunResult | 'quarantined' | undefined> {
    const { name: pipeline } = this.bench.pipeline;
    const runId = randomUUID();
    const pinned = await this.attempt(runId, (run) =>
      run.pinDelivery({ pipeline, ...(requested === undefined ? {} : { requested }) }),
    );
    if (pinned.kind !== 'delivery') return undefined;
    const delivery: DeliveryRef = { pipeline, fileLandTimestamp: pinned.fileLandTimestamp };
    const anyLife = new Proxy({} as Attempts, {
      get: (_, name: keyof Attempts) => (input: never) =>
        this.attempt(runId, (run) => (run[name] as (of: never) => Promise<unknown>)(input)),
    });
    try {
      return await toPublished(anyLife, delivery);
    } catch (error) {
      if (!(error instanceof DeliveryRefusedError) || !this.hasQuarantine) throw error;
      await anyLife.moveToQuarantine(delivery);
      return 'quarantined';
    }
  }

  private async attempt<R>(runId: string, activity: (run: Attempts) => Promise<R>): Promise<R> {
    for (let attempts = 1; ; attempts += 1) {
      const process = (this.current ??= await this.begin());
      const { proxy, stall, store, catalogue } = process;
      const engine = createEngineInProcess({ pipelines: this.bench.pipelines, store });
      try {
        const answer = activity(this.bench.run({ store, catalogue, engine }, runId));
        // What a killed process still does reaches nobody.
        answer.catch(() => undefined);
        const result = await Promise.race([answer, proxy.crashes, stall.begun.then(() => STALLED)]);
        if (result === STALLED) {
          this.zombies.push({ ...process, attempt: answer.catch(() => undefined) });
          this.current = undefined;
          if (process.life.stalls?.wakes === 'when its run was given up') throw new GivenUp();
          continue;
        }
        if (!proxy.crashed && !this.isForgotten()) {
          if (this.zombies.some(({ life }) => life.stalls?.wakes === 'when its successor has answered'))
            await this.wakeZombies();
          return result as R;
        }
        proxy.close();
      } catch (error) {
        if (error instanceof GivenUp) throw error;
        const isFinal = attempts >= MOST_ATTEMPTS || (error instanceof LandfallError && !error.retryable);
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
    const life = this.disturbed[this.lives.length] ?? {};
    const stall = new Stall();
    const proxy = await FaultProxy.open(async (call) => {
      if (life.stalls?.before(call)) await stall.hold();
      if (life.yieldsBefore?.(call)) await this.wakeZombies();
      return life.faultOf?.(call);
    });
    this.lives.push(proxy.calls);
    const { endpoint } = proxy;
    return {
      ...{ life, stall, proxy },
      store: createS3ObjectStore({ s3: createS3Client({ endpoint }) }),
      catalogue: createGlueCatalogue({ glue: new GlueClient({ ...awsSettings(), endpoint }) }),
    };
  }
}
