import { setTimeout as delay } from 'node:timers/promises';
import type { Catalogue } from '../../src/adapters/catalogue';
import { createS3ObjectStore } from '../../src/adapters/s3-object-store';
import { LandfallClient } from '../../src/client';
import type { GcResult } from '../../src/layout/maintenance';
import { startLiveWorker } from '../reliability/live-line';
import type { TestWorker } from '../support/run-landfall';
import { createTestPipeline, PREFIX, type TestPipeline } from '../support/test-pipeline';
import { withDelivery, type History } from './history';
import type { Moment, Step } from './steps';
import { isDeclared, TABLES, toCsv, writeTables, type TableName } from './tables';

/** Longer than any reader waits between what it plans and what it reads. */
const GRACE_SECONDS = 15;
const POLL_MS = 5;

export interface PublisherFigures {
  publishes: number;
  releases: number;
  rollbacks: number;
  /** Snapshots that were swept meanwhile. */
  swept: number;
  kills: number;
  /** Of these, after which some tables were moved and others not. */
  halfMoved: number;
}

/** `landfall worker`, and whoever has it publish. */
export class Publisher {
  readonly figures: PublisherFigures = {
    ...{ publishes: 0, releases: 0, rollbacks: 0, swept: 0, kills: 0, halfMoved: 0 },
  };
  private readonly store = createS3ObjectStore();
  private release = 0;
  /** Of each delivery, in their order, the tables that it had rows for. */
  private readonly landed: (readonly TableName[])[] = [];
  /** `file_land_timestamp` of the publish at each place that is a delivery's. */
  private readonly timestamps = new Map<number, number>();
  /** What comes before was swept, or may be. */
  private keptFrom = 1;
  private typicalMs = 1_000;

  private constructor(
    readonly pipeline: TestPipeline,
    private readonly client: LandfallClient,
    private readonly history: History,
    private readonly catalogue: Catalogue,
    private worker: TestWorker,
    private readonly isGivenUp: () => boolean,
  ) {}

  static async start(history: History, catalogue: Catalogue, isGivenUp: () => boolean): Promise<Publisher> {
    const pipeline = await createTestPipeline({ tables: writeTables(0) });
    const worker = await startLiveWorker([pipeline], tagOf(0));
    const client = await LandfallClient.connect();
    return new Publisher(pipeline, client, history, catalogue, worker, isGivenUp);
  }

  async stop(): Promise<void> {
    await this.worker.stop();
    await this.client.close();
    this.pipeline.remove();
  }

  async take({ kind, back, kill }: Step): Promise<void> {
    if (kind === 'sweep') return this.sweep();
    if (kind === 'roll-back') await this.rollBack(back, kill);
    else {
      if (kind === 'release') await this.deploy();
      await this.deliver(kill);
    }
    this.figures.publishes += 1;
    return undefined;
  }

  private async deploy(): Promise<void> {
    this.release += 1;
    this.figures.releases += 1;
    this.pipeline.release({ tables: writeTables(this.release) });
    await this.worker.stop();
    await this.startWorker();
  }

  private async deliver(kill: Moment | undefined): Promise<void> {
    const declared = TABLES.filter((table) => isDeclared(table, this.release));
    this.landed.push(declared);
    for (const table of declared)
      await this.pipeline.land(`${table}-data/${table}.csv`, toCsv(table, this.release, this.landed.length));
    this.history.begin(withDelivery(this.landed, this.release));
    const result = await this.disturb(kill, () => this.client.run(this.pipeline.name));
    if (!result) throw new Error(`delivery ${this.landed.length} was not taken`);
    this.timestamps.set(this.history.begun, result.fileLandTimestamp);
    this.history.complete();
  }

  /** To a delivery's publish that no sweep has been at, and forward again with the next delivery. */
  private async rollBack(back: number, kill: Moment | undefined): Promise<void> {
    const { name } = this.pipeline;
    const places = [...this.timestamps.keys()].filter(
      (place) => place >= this.keptFrom && place < this.history.begun,
    );
    const target = places.at(-Math.min(back, places.length));
    const to = target === undefined ? undefined : this.timestamps.get(target);
    if (target === undefined || to === undefined) throw new Error('there is no publish to go back to');
    this.history.begin(this.history.publishOf(target));
    const request = { kind: 'rollback', dryRun: false, by: 'readers', why: 'the steps say so', to } as const;
    await this.disturb(kill, () => this.client.maintain(name, request));
    this.history.complete();
    this.figures.rollbacks += 1;
    await this.client.resume(name);
  }

  private async sweep(): Promise<void> {
    const request = { kind: 'gc', dryRun: false, graceSeconds: GRACE_SECONDS } as const;
    const { snapshots } = await this.client.maintain<GcResult>(this.pipeline.name, request);
    this.figures.swept += snapshots;
    this.keptFrom = this.history.begun;
  }

  /** Kills the worker in the middle of it, where that is asked for, and starts another. */
  private async disturb<T>(kill: Moment | undefined, work: () => Promise<T>): Promise<T> {
    if (!kill) {
      const began = Date.now();
      const result = await work();
      this.typicalMs = Date.now() - began;
      return result;
    }
    const before = await this.readLocations();
    const publishes = await this.countPublishes();
    const ends = work();
    const over = ends.then(
      () => undefined,
      () => undefined,
    );
    await Promise.race([over, this.comes(kill, publishes)]);
    await this.worker.kill();
    const between = await this.readLocations();
    await this.startWorker();
    const result = await ends;
    const after = await this.readLocations();
    const moved = [...after.keys()].filter((table) => after.get(table) !== before.get(table));
    const isMoved = (table: string): boolean => between.get(table) === after.get(table);
    this.figures.kills += 1;
    if (moved.some(isMoved) && !moved.every(isMoved)) this.figures.halfMoved += 1;
    return result;
  }

  private async startWorker(): Promise<void> {
    // Nobody would end it any more.
    if (this.isGivenUp()) throw new Error('given up');
    this.worker = await startLiveWorker([this.pipeline], tagOf(this.release));
  }

  private async comes(moment: Moment, publishes: number): Promise<void> {
    if (moment.kind === 'share') return delay(moment.share * this.typicalMs);
    while ((await this.countPublishes()) === publishes) await delay(POLL_MS);
    return delay(moment.afterMs);
  }

  private async countPublishes(): Promise<number> {
    let count = 0;
    for await (const _ of this.store.list(this.pipeline.areas.log, `${PREFIX}publishes/`)) count += 1;
    return count;
  }

  private async readLocations(): Promise<Map<string, string>> {
    const database = await this.catalogue.readDatabase(this.pipeline.database);
    return new Map(database?.tables.map(({ name, location }) => [name, location]));
  }
}

const tagOf = (release: number): NodeJS.ProcessEnv => ({ IMAGE_TAG: `v1.0.${release}` });
