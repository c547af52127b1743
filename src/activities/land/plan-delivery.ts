import type { ObjectStore, PinnedObject } from '../../adapters/object-store';
import { publishedTables } from '../../definition/derived-table';
import type { Pipeline } from '../../definition/pipeline';
import { findPipeline } from '../../definition/load-pipelines';
import { DefinitionError, IntegrityError } from '../../errors';
import { cutIntoBatches, type Batch } from '../../layout/batches';
import type { DeliveryRef } from '../../layout/delivery';
import { planKey, type DeliveryRecord } from '../../layout/log-keys';
import { currentRunId } from '../context';
import { supersededBy } from '../deliveries';
import type { Dependencies } from '../dependencies';
import {
  findDeliveryRecord,
  readDeliveryRecord,
  readRecord,
  writeRecordOnce,
  type AcceptedRecord,
  type ArchivedFile,
  type ArchivedRecord,
  type Manifest,
  type Plan,
  type PinnedLandObject,
  type QuarantinedRecord,
} from '../records';
import { findTableOf } from './claim-file';
import { planFiles } from './plan-files';

/** What the workflow needs to know of the delivery: references and counts, never keys or rows. */
export interface DeliveryPlan {
  database: string;
  /** Of the database: also those that are derived. */
  tables: string[];
  hasRaw: boolean;
  version: string;
  hasQuarantine: boolean;
  /** Whether what is processed of some table is deleted once it is published. */
  hasDelta: boolean;
  /** Whether Athena is asked about each table that changed before readers are pointed at it. */
  hasReaderCheck: boolean;
  /**
   * `archived`: all of it was verified in raw-hist by an earlier run, and land is not read again. `refused`: an earlier
   * run refused it, and it is on its way to quarantine.
   */
  state: 'landed' | 'archived' | 'refused';
  files: number;
  bytes: number;
  batches: Batch[];
  /** The tables whose keys are compared beyond one file, once each file is checked. */
  keyChecks: string[];
  /** The tables whose files go to curated straight from raw-hist. */
  unprocessed: string[];
}

/** Finds out which table each file is of, and cuts the delivery into batches. Reads no file but the delivery's notes. */
export const planDelivery =
  ({ pipelines, store, version }: Dependencies) =>
  async (delivery: DeliveryRef): Promise<DeliveryPlan> => {
    const pipeline = findPipeline(pipelines, delivery.pipeline);
    const archived = await findDeliveryRecord<ArchivedRecord>(
      store,
      pipeline,
      delivery.fileLandTimestamp,
      'archived',
    );
    let plan: Plan;
    if (archived) {
      const files = archived.files.map((file) => ({
        ...file,
        table: requireTable(pipeline, delivery, file),
      }));
      plan = { files, batches: cutIntoBatches(files), keyChecks: [], findings: [], notes: [] };
    } else {
      const superseded = await findDeliveryRecord<{ by: number }>(
        store,
        pipeline,
        delivery.fileLandTimestamp,
        'superseded',
      );
      if (superseded) throw supersededBy(delivery.fileLandTimestamp, superseded.by);
      const manifest = await readDeliveryRecord<Manifest>(
        store,
        pipeline,
        delivery.fileLandTimestamp,
        'manifest',
      );
      plan = await planLanded(store, pipeline, manifest);
    }
    plan = await recordPlan(store, pipeline, { ...plan, ...listUnprocessed(pipeline, plan) });
    return {
      database: pipeline.database,
      tables: publishedTables(pipeline).map(({ name }) => name),
      hasRaw: pipeline.areas.raw !== undefined,
      version,
      hasQuarantine: pipeline.areas.quarantine !== undefined,
      hasDelta: pipeline.tables.some(({ mode, source }) => mode === 'delta' && source === 'processed'),
      hasReaderCheck: pipeline.readerCheck !== undefined,
      state: archived ? 'archived' : plan.refusedBefore ? 'refused' : 'landed',
      files: plan.files.length,
      bytes: plan.files.reduce((sum, { size }) => sum + size, 0),
      batches: plan.batches,
      keyChecks: plan.keyChecks ?? [],
      unprocessed: plan.unprocessed ?? [],
    };
  };

function listUnprocessed({ tables }: Pipeline, { files }: Plan): Pick<Plan, 'unprocessed'> {
  const unprocessed = tables.filter(({ source }) => source === 'raw-hist').map(({ name }) => name);
  const found = unprocessed.filter((name) => files.some(({ table }) => table === name));
  return found.length === 0 ? {} : { unprocessed: found };
}

/** The first attempt's plan is the run's: the batches of another one, of another release, would not fit its records. */
async function recordPlan(store: ObjectStore, pipeline: Pipeline, plan: Plan): Promise<Plan> {
  const { log } = pipeline.areas;
  const key = planKey(pipeline, currentRunId());
  return (await writeRecordOnce(store, log, key, plan)) === 'written'
    ? plan
    : readRecord<Plan>(store, log, key);
}

function requireTable(pipeline: Pipeline, { fileLandTimestamp }: DeliveryRef, file: ArchivedFile): string {
  const table = findTableOf(pipeline, file);
  if (table !== undefined) return table;
  throw new DefinitionError({
    happened: `Pipeline "${pipeline.name}" has no table any more for ${file.key}, which delivery ${fileLandTimestamp} archived as table "${file.table}".`,
    unchanged: 'The file is in raw-hist, and nothing of the delivery was processed.',
    next: `Declare table "${file.table}" again, or another one with its folder, until the delivery is published.`,
  });
}

/** Of what is in land or, once all of it is there, in quarantine. */
async function planLanded(store: ObjectStore, pipeline: Pipeline, manifest: Manifest): Promise<Plan> {
  const find = <T>(record: DeliveryRecord): Promise<T | undefined> =>
    findDeliveryRecord<T>(store, pipeline, manifest.fileLandTimestamp, record);
  const accepted = await find<AcceptedRecord>('accepted');
  const quarantined = await find<QuarantinedRecord>('quarantined');
  if (quarantined && !(await find('cleared')))
    return { files: [], batches: [], findings: [], notes: [], refusedBefore: true };
  const keys = new Map(quarantined?.files.map(({ key, quarantineKey }) => [key, quarantineKey]));
  const locate = async ({ key }: PinnedLandObject): Promise<{ quarantined?: PinnedObject }> =>
    quarantined ? { quarantined: await findQuarantined(store, pipeline, keys.get(key)) } : {};
  const plan = await planFiles(store, pipeline, manifest, locate);
  return { ...plan, ...(accepted ? { accepted } : {}) };
}

async function findQuarantined(
  store: ObjectStore,
  { areas, name }: Pipeline,
  key: string | undefined,
): Promise<PinnedObject> {
  const { quarantine: bucket } = areas;
  const stored = bucket !== undefined && key !== undefined ? await store.head({ bucket, key }) : undefined;
  if (bucket !== undefined && key !== undefined && stored) {
    const { etag, size, versionId } = stored;
    return { bucket, key, etag, size, ...(versionId === undefined ? {} : { versionId }) };
  }
  throw new IntegrityError({
    happened: `Pipeline "${name}": s3://${bucket ?? '(no quarantine)'}/${key ?? ''} is missing, though the delivery's records say that it is in quarantine.`,
    unchanged: 'Nothing was moved.',
    next: 'Restore it, or name the bucket of the quarantine in areas.quarantine again; or have the delivery landed anew.',
  });
}
