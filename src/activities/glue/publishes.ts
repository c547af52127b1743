import type { CatalogueDatabase } from '../../adapters/catalogue';
import type { ObjectStore } from '../../adapters/object-store';
import type { Pipeline } from '../../definition/pipeline';
import { IntegrityError } from '../../errors';
import { parsePublishRecordKey, publishesPrefix, publishRecordKey } from '../../layout/log-keys';
import { findDeliveryRecord, readRecord, writeRecordOnce } from '../records';
import type { PublicationReport } from '../report/report';

/** `publishes/<number>.json`: what Glue declares from then on. Written once, before the first table moves. */
export interface PublishRecord {
  format: 1;
  kind: 'run' | 'rollback';
  /** The delivery whose run published this; of a rollback, the one that it went back to. */
  fileLandTimestamp: number;
  /** The workflow run that publishes. */
  run: string;
  /** UTC, ISO 8601. */
  at: string;
  /** The image's tag. */
  version: string;
  database: CatalogueDatabase;
  /** Of a rollback. */
  by?: string;
  why?: string;
}

/** A publish, and since when: UTC epoch seconds, by the store's clock. */
export interface ListedPublish {
  publish: number;
  since: number;
}

/** In the order in which they took place. */
export async function listPublishes(
  store: ObjectStore,
  pipeline: Pipeline,
  signal?: AbortSignal,
): Promise<ListedPublish[]> {
  const listed: ListedPublish[] = [];
  const prefix = publishesPrefix(pipeline);
  for await (const { key, lastModified } of store.list(
    pipeline.areas.log,
    prefix,
    signal ? { signal } : {},
  )) {
    const publish = parsePublishRecordKey(pipeline, key);
    if (publish !== undefined) listed.push({ publish, since: lastModified });
  }
  return listed;
}

export const findLastPublish = async (store: ObjectStore, pipeline: Pipeline): Promise<number> =>
  (await listPublishes(store, pipeline)).at(-1)?.publish ?? 0;

export const readPublish = (
  store: ObjectStore,
  pipeline: Pipeline,
  publish: number,
): Promise<PublishRecord> =>
  readRecord<PublishRecord>(store, pipeline.areas.log, publishRecordKey(pipeline, publish));

/** With its place among those of its pipeline. */
export type NumberedPublish = PublishRecord & Pick<ListedPublish, 'publish'>;

/** What was published, from the latest back; each is read only when it is asked for. */
export async function* readPublishesBack(
  store: ObjectStore,
  pipeline: Pipeline,
  listed?: readonly ListedPublish[],
): AsyncGenerator<NumberedPublish> {
  for (const { publish } of [...(listed ?? (await listPublishes(store, pipeline)))].reverse())
    yield { ...(await readPublish(store, pipeline, publish)), publish };
}

/**
 * Takes the next number for a publish, or finds that this workflow run has taken it before. An attempt that wakes up after
 * somebody else has published, or rolled back, does not get one.
 * @param after the last publish when it was planned what to publish; undefined where that was not recorded
 * @returns its number
 */
export async function claimPublish(
  store: ObjectStore,
  pipeline: Pipeline,
  wanted: PublishRecord,
  after: number | undefined,
): Promise<number> {
  const last = await findLastPublish(store, pipeline);
  if (last > 0 && (await isOf(wanted.run, store, pipeline, last))) return last;
  if (after !== undefined && last !== after) throw overtaken(pipeline, wanted, last);
  const publish = last + 1;
  const key = publishRecordKey(pipeline, publish);
  const isFirst = (await writeRecordOnce(store, pipeline.areas.log, key, wanted)) === 'written';
  // Our own write, whose answer was lost, or somebody else's.
  if (isFirst || (await isOf(wanted.run, store, pipeline, publish))) return publish;
  throw overtaken(pipeline, wanted, publish);
}

const isOf = async (run: string, store: ObjectStore, pipeline: Pipeline, publish: number): Promise<boolean> =>
  (await readPublish(store, pipeline, publish)).run === run;

const overtaken = (
  pipeline: Pipeline,
  { kind, fileLandTimestamp }: PublishRecord,
  publish: number,
): IntegrityError =>
  new IntegrityError({
    happened: `Delivery ${fileLandTimestamp} of pipeline "${pipeline.name}" is not published by this ${kind}: since it was planned, something else was published or rolled back (publish ${publish}).`,
    unchanged: 'Readers see what they saw.',
    next: 'If that is not what readers should see, do the same again: it is planned afresh.',
  });

/** Its delivery's report names it: all of its tables were moved, and its rows accounted for. */
export async function isCompleted(
  store: ObjectStore,
  pipeline: Pipeline,
  { fileLandTimestamp, publish }: NumberedPublish,
): Promise<boolean> {
  const report = await findDeliveryRecord<PublicationReport>(store, pipeline, fileLandTimestamp, 'published');
  return report?.publish === publish;
}
