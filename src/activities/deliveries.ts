import type { ObjectStore } from '../adapters/object-store';
import type { Pipeline } from '../definition/pipeline';
import { SourceChangedError } from '../errors';
import {
  deliveriesPrefix,
  deliveryRecordKey,
  parseDeliveryRecordKey,
  type DeliveryRecord,
} from '../layout/log-keys';
import { readDeliveryRecord, writeRecordOnce } from './records';

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

/** `settled.json`. */
export type SettledRecord = { as: 'archived' | 'quarantined' } | { as: 'superseded'; by: number };

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
  const { log } = pipeline.areas;
  const keyOf = (record: DeliveryRecord): string => deliveryRecordKey(pipeline, fileLandTimestamp, record);
  const decided =
    (await writeRecordOnce(store, log, keyOf('settled'), wanted)) === 'written'
      ? wanted
      : await readDeliveryRecord<SettledRecord>(store, pipeline, fileLandTimestamp, 'settled');
  // So that a listing tells it.
  if (decided.as === 'superseded') await writeRecordOnce(store, log, keyOf('superseded'), decided);
  return decided;
}

export const supersededBy = (fileLandTimestamp: number, by: number): SourceChangedError =>
  new SourceChangedError({
    happened: `Delivery ${fileLandTimestamp} was given up: what had changed in land since was taken, with the rest of it, as delivery ${by}.`,
    unchanged: 'Land is as it was, and nothing of this delivery was processed.',
    next: `Follow delivery ${by}.`,
  });
