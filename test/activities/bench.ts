import { createHash, randomUUID } from 'node:crypto';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import pino from 'pino';
import { createActivities, type Activities } from '../../src/activities';
import type { Dependencies } from '../../src/activities/dependencies';
import type { PinDeliveryInput } from '../../src/activities/land/pin-delivery';
import { createAthenaQueryEngine } from '../../src/adapters/athena-query';
import { createGlueCatalogue } from '../../src/adapters/glue-catalogue';
import type { ObjectStore } from '../../src/adapters/object-store';
import { createS3ObjectStore } from '../../src/adapters/s3-object-store';
import type { AreaBuckets } from '../../src/definition/pipeline';
import { protectionsOf } from '../../src/definition/protections';
import { loadPipelines } from '../../src/definition/load-pipelines';
import type { DeliveryRef } from '../../src/layout/delivery';
import { deliveryRecordKey, validationReportKey, type DeliveryRecord } from '../../src/layout/log-keys';
import type { ValidationReport } from '../../src/report/validation-report';
import { setVersioning } from '../adapters/test-buckets';
import { createTestPipeline, PREFIX, type TestPipeline } from '../support/test-pipeline';
import { createEngineInProcess } from './engine-in-process';

// Many of these tests want activities to fail.
const QUIET = new DefaultLogger('ERROR');

export const FOLDERS = {
  environment: 'production-environment',
  folder: 'my-database-data',
  curatedFolder: 'unused',
};

/** The activities of one workflow run; every call is an attempt of its own. */
export type Attempts = {
  [N in keyof Activities]: (...args: Parameters<Activities[N]>) => ReturnType<Activities[N]>;
} & { runId: string };

export interface BenchOptions {
  hasRaw?: boolean;
  hasQuarantine?: boolean;
  kept?: Partial<Record<Area, object>>;
  tables?: string;
  options?: string;
  versionedLand?: boolean;
  version?: string;
}

type Area = keyof AreaBuckets;

/** A pipeline with its buckets and real parts, whose activities are called one by one, as a workflow would. */
export class Bench {
  private constructor(
    readonly pipeline: TestPipeline,
    readonly store: ObjectStore,
    private dependencies: Dependencies,
  ) {}

  static async create({
    versionedLand = false,
    version = 'v1.2.3',
    ...source
  }: BenchOptions = {}): Promise<Bench> {
    const pipeline = await createTestPipeline(source);
    if (versionedLand) await setVersioning(pipeline.areas.land, 'Enabled');
    const pipelines = await loadPipelines([pipeline.module]);
    const store = createS3ObjectStore({ protectionOf: protectionsOf(pipelines) });
    return new Bench(pipeline, store, {
      pipelines,
      store,
      catalogue: createGlueCatalogue(),
      queries: createAthenaQueryEngine(),
      engine: createEngineInProcess({ pipelines, store }),
      version,
      logger: pino({ level: 'silent' }),
    });
  }

  get pipelines(): Dependencies['pipelines'] {
    return this.dependencies.pipelines;
  }

  close(): void {
    this.pipeline.remove();
  }

  /** A release of the pipeline's code (and image tag), from here on. */
  async release(tables: string, version = this.dependencies.version): Promise<void> {
    this.pipeline.release({ tables });
    const pipelines = await loadPipelines([this.pipeline.module]);
    const { store } = this;
    const engine = createEngineInProcess({ pipelines, store });
    this.dependencies = { ...this.dependencies, pipelines, engine, version };
  }

  /** The activities as a workflow run calls them, with parts replaced to place an event between two calls. */
  run(changes: Partial<Dependencies> = {}, runId: string = randomUUID()): Attempts {
    const activities = createActivities({ ...this.dependencies, ...changes });
    const attempt =
      (activity: (...args: unknown[]) => Promise<unknown>) =>
      (...args: unknown[]): Promise<unknown> =>
        new MockActivityEnvironment(
          { workflowExecution: { workflowId: 'run', runId } },
          { logger: QUIET },
        ).run(activity, ...args);
    const calls = Object.entries(activities).map(([name, activity]) => [
      name,
      attempt(activity as (...args: unknown[]) => Promise<unknown>),
    ]);
    return Object.assign(Object.fromEntries(calls) as Omit<Attempts, 'runId'>, { runId });
  }

  pin(input: Omit<PinDeliveryInput, 'pipeline'> = {}, changes: Partial<Dependencies> = {}) {
    return this.run(changes).pinDelivery({ pipeline: this.pipeline.name, ...input });
  }

  /** Pins what waits and says as what. */
  async take(input: Omit<PinDeliveryInput, 'pipeline'> = {}): Promise<DeliveryRef> {
    const pinned = await this.pin(input);
    if (pinned.kind !== 'delivery') throw new Error(`a delivery was expected, not ${pinned.kind}`);
    return { pipeline: this.pipeline.name, fileLandTimestamp: pinned.fileLandTimestamp };
  }

  land(file: string, body: string | Buffer): Promise<void> {
    return this.pipeline.land(file, body);
  }

  landKey(file: string): string {
    return PREFIX + file;
  }

  recordKey({ fileLandTimestamp }: DeliveryRef, record: DeliveryRecord): string {
    return deliveryRecordKey(FOLDERS, fileLandTimestamp, record);
  }

  /** What F1 found in a workflow run. */
  async readValidationReport(runId: string): Promise<ValidationReport> {
    const key = validationReportKey(FOLDERS, runId, 'json');
    const text = await this.store.readText({ bucket: this.pipeline.areas.log, key });
    return JSON.parse(text ?? '') as ValidationReport;
  }

  async readRecord<T>(delivery: DeliveryRef, record: DeliveryRecord): Promise<T | undefined> {
    const text = await this.store.readText({
      bucket: this.pipeline.areas.log,
      key: this.recordKey(delivery, record),
    });
    return text === undefined ? undefined : (JSON.parse(text) as T);
  }

  writeRecord(delivery: DeliveryRef, record: DeliveryRecord, content: object): Promise<void> {
    const location = { bucket: this.pipeline.areas.log, key: this.recordKey(delivery, record) };
    return this.store.write(location, JSON.stringify(content));
  }

  /** Takes whatever is there away, as only a person could. */
  async erase(area: Area, key: string): Promise<void> {
    const location = { bucket: this.pipeline.areas[area], key };
    const stored = await this.store.head(location);
    if (!stored) throw new Error(`there is no s3://${location.bucket}/${key}`);
    await this.store.delete(stored);
  }

  put(area: Area, key: string, body: string, metadata: Record<string, string> = {}): Promise<void> {
    return this.store.write({ bucket: this.pipeline.areas[area], key }, body, { metadata });
  }

  keys(area: Area): Promise<string[]> {
    return this.pipeline.list(area);
  }

  /** Every object of every area, and of the log what is not the business of one run only, by content. */
  async objects(): Promise<Record<string, string>> {
    const found: Record<string, string> = {};
    for (const area of ['land', 'rawHist', 'raw', 'processed', 'curated', 'log'] as const) {
      for (const key of await this.keys(area)) {
        const body = await this.pipeline.read(area, key);
        found[`${area}/${key}`] = createHash('sha256').update(body).digest('hex');
      }
    }
    return found;
  }
}
