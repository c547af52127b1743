import type { ObjectStore } from '../adapters/object-store';
import type { Pipeline } from '../definition/pipeline';
import { SourceChangedError } from '../errors';
import {
  deliveriesPrefix,
  deliveryRecordKey,
  parseDeliveryRecordKey,
  type DeliveryRecord,
} from '../layout/log-keys';
import { findDeliveryRecord, writeRecordOnce, type ArchivedRecord, type QuarantinedRecord } from './records';

/** Which records each delivery has; a record's name alone says what was reached. */
export type KnownDeliveries = ReadonlyMap<number, ReadonlySet<DeliveryRecord>>;

export async function listDeliveries(store: ObjectStore, pipeline: Pipeline): Promise<KnownDeliveries> {
  const known = new Map<number, Set<DeliveryRecord>>();
  for await (const { key } of store.list(pipeline.areas.log, deliveriesPrefix(pipeline))) {
    const parsed = parseDeliveryRecordKey(pipeline, key);
    if (!parsed) continue;
    const records = known.get(parsed.fileLandTimestamp) ?? new Set();
    known.set(parsed.fileLandTimestamp, records.add(parsed.record));
  }
  return known;
}

/** The timestamps of deliveries whose run completed, the latest first. */
export async function listPublished(store: ObjectStore, pipeline: Pipeline): Promise<number[]> {
  const known = [...(await listDeliveries(store, pipeline))];
  return known
    .flatMap(([fileLandTimestamp, records]) => (records.has('published') ? [fileLandTimestamp] : []))
    .sort((a, b) => b - a);
}

/**
 * `settled.json`; with the record that says the same to whoever lists, so that anybody can write it. Records of earlier
 * releases have none.
 */
export type SettledRecord =
  | { as: 'archived'; record?: ArchivedRecord }
  | { as: 'quarantined'; record?: QuarantinedRecord }
  | { as: 'superseded'; by: number };

/**
 * Decides once, whoever comes first, whether a delivery is archived, quarantined or its files are taken as another
 * delivery: so no landed version is ever archived by two deliveries, however late an attempt wakes up.
 * @returns what was decided, which may be other than `wanted`
 */
export async function settleDelivery(
  store: ObjectStore,
  pipeline: Pipeline,
  fileLandTimestamp: number,
  wanted: SettledRecord,
): Promise<SettledRecord> {
  const key = deliveryRecordKey(pipeline, fileLandTimestamp, 'settled');
  if ((await writeRecordOnce(store, pipeline.areas.log, key, wanted)) === 'exists')
    return (await recordSettled(store, pipeline, fileLandTimestamp)) ?? wanted;
  await recordDecided(store, pipeline, fileLandTimestamp, wanted);
  return wanted;
}

/**
 * Has a listing tell what was decided, where whoever decided it ended before.
 * @returns undefined when nothing was decided
 */
export async function recordSettled(
  store: ObjectStore,
  pipeline: Pipeline,
  fileLandTimestamp: number,
): Promise<SettledRecord | undefined> {
  const decided = await findDeliveryRecord<SettledRecord>(store, pipeline, fileLandTimestamp, 'settled');
  if (decided) await recordDecided(store, pipeline, fileLandTimestamp, decided);
  return decided;
}

async function recordDecided(
  store: ObjectStore,
  pipeline: Pipeline,
  fileLandTimestamp: number,
  decided: SettledRecord,
): Promise<void> {
  const record = decided.as === 'superseded' ? decided : decided.record;
  if (!record) return;
  const key = deliveryRecordKey(pipeline, fileLandTimestamp, decided.as);
  await writeRecordOnce(store, pipeline.areas.log, key, record);
}

export const supersededBy = (fileLandTimestamp: number, by: number): SourceChangedError =>
  new SourceChangedError({
    happened: `Delivery ${fileLandTimestamp} was given up: what had changed in land since was taken, with the rest of it, as delivery ${by}.`,
    unchanged: 'Land is as it was, and nothing of this delivery was processed.',
    next: `Follow delivery ${by}.`,
  });
