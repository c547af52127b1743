import type { ObjectStore, PinnedObject } from '../adapters/object-store';
import type { Finding } from '../checks/finding';
import type { TableVolumes } from '../checks/judge-volumes';
import type { Pipeline } from '../definition/pipeline';
import type { ProcessedObject } from '../engine/tasks';
import { IntegrityError } from '../errors';
import type { Batch } from '../layout/batches';
import { deliveryRecordKey, type DeliveryRecord } from '../layout/log-keys';

/** A landed object, pinned. `manifest.json` is written once and never changed. */
export interface Manifest {
  pipeline: string;
  fileLandTimestamp: number;
  /** SHA-256 over keys and versions: the same land content always has the same. */
  contentDigest: string;
  objects: PinnedLandObject[];
}

export interface PinnedLandObject {
  key: string;
  versionId?: string;
  etag: string;
  size: number;
  lastModified: number;
}

/** What the supplier's manifest says of a file. */
export interface ListedFile {
  /** As it is written there. */
  file: string;
  bytes?: number;
  rows?: number;
  /** Hexadecimal. */
  md5?: string;
  /** Hexadecimal. */
  sha256?: string;
}

/** A marker or a supplier's manifest: archived and deleted with the delivery, of no table. */
export interface DeliveryNote extends PinnedLandObject {
  /** In raw-hist. */
  archiveKey: string;
  sha256: string;
  /** Where it is, when it is in quarantine and not in land. */
  quarantined?: PinnedObject;
}

/** A file of the delivery that a table has claimed. */
export interface PlannedFile extends PinnedLandObject {
  table: string;
  fileName: string;
  /** In raw-hist, and in raw. */
  archiveKey: string;
  processedKey: string;
  /** Where it is, when it is in quarantine and not in land. */
  quarantined?: PinnedObject;
  listed?: ListedFile;
}

/** What one run will do; computed by today's code, kept by workflow run. */
export interface Plan {
  files: PlannedFile[];
  batches: Batch[];
  /** The tables whose keys are compared beyond one file; absent in plans of earlier releases. */
  keyChecks?: string[];
  /** The tables of which nothing is processed; absent where there are none. */
  unprocessed?: string[];
  /** Of the delivery as a whole. */
  findings: Finding[];
  notes: DeliveryNote[];
  /** It was refused before and is on its way to quarantine; nothing of it is to be checked. */
  refusedBefore?: true;
  /** Who accepted what may be overlooked, and why. */
  accepted?: AcceptedRecord;
}

/** `accepted.json` and `replayed.json`. */
export interface AcceptedRecord {
  by: string;
  why: string;
  /** UTC, ISO 8601. */
  at: string;
}

/** `quarantined.json`: all of the delivery is verified in quarantine. Written once. */
export interface QuarantinedRecord {
  files: { key: string; quarantineKey: string; sha256: string }[];
}

/** What a run's F1 decided. */
export interface DecisionRecord {
  /** The tables whose files stay behind; 'all' when nothing moves on. */
  leftOut: string[] | 'all';
  /** What was found and overlooked, since somebody accepted it. */
  accepted: Finding[];
}

/** What comparing the keys of one table came to. */
export interface KeyCheckRecord {
  table: string;
  findings: Finding[];
}

export interface CheckedFile extends PlannedFile {
  sha256: string;
  rows: number;
  findings: Finding[];
  /** Rows that processed will leave out, as the table allows, and what is wrong with them. */
  rejected: number;
  tolerated: Finding[];
  /** How much there is beyond those; absent in records of releases that did not count it. */
  moreTolerated?: number;
  /** How many there are beyond those. */
  moreFindings: number;
}

/** `archived.json`: all of the delivery is verified in raw-hist. Written once. */
export interface ArchivedRecord {
  contentDigest: string;
  /** The workflow run that checked it, by which its validation report is found. */
  checkedBy: string;
  files: ArchivedFile[];
  /** Land keys of what was pinned with it but refused with its table. */
  leftOut?: string[];
  /** In spite of these findings. */
  accepted?: AcceptedRecord & { findings: Finding[] };
  notes: DeliveryNote[];
  volumes: TableVolumes[];
  /** The headers of each table's columns then, in their order; absent in records of releases that did not say. */
  columns?: Record<string, string[]>;
}

export interface ArchivedFile extends PlannedFile {
  sha256: string;
  /** Data rows that landed. */
  rows: number;
}

/** `processed.json`: all of the delivery is in processed, but for what curated is made of as it is archived. */
export interface ProcessedRecord {
  version: string;
  files: ProcessedFileRecord[];
}

export interface ProcessedFileRecord extends ArchivedFile {
  /** Absent in records of releases that knew no rejects. */
  rejectedRows?: number;
  /** In processed, in the order of their rows. */
  objects: ProcessedObject[];
  /** It is not processed: its rows are curated from raw-hist. Absent where it is. */
  isUnprocessed?: true;
  /** Its objects are deleted once they are published; absent where they are kept. */
  isTransient?: true;
  /** What the transform counted, by name; absent where it counted nothing, and in records of earlier releases. */
  counters?: Record<string, number>;
}

/** Reads a record that the protocol says is there. @throws IntegrityError when it is not */
export async function readRecord<T>(store: ObjectStore, bucket: string, key: string): Promise<T> {
  const record = await findRecord<T>(store, bucket, key);
  if (record !== undefined) return record;
  throw new IntegrityError({
    happened: `The record s3://${bucket}/${key} is missing.`,
    unchanged: 'Nothing was written.',
    next: 'Restore it, or find out who deletes in the log area: only Landfall may write there.',
  });
}

export async function findRecord<T>(store: ObjectStore, bucket: string, key: string): Promise<T | undefined> {
  const text = await store.readText({ bucket, key });
  return text === undefined ? undefined : (JSON.parse(text) as T);
}

export async function writeRecord(
  store: ObjectStore,
  bucket: string,
  key: string,
  record: object,
): Promise<void> {
  await store.write({ bucket, key }, JSON.stringify(record), { contentType: 'application/json' });
}

/** @returns 'exists' when one was there already, which is left as it is */
export async function writeRecordOnce(
  store: ObjectStore,
  bucket: string,
  key: string,
  record: object,
): Promise<'written' | 'exists'> {
  return store.writeOnce({ bucket, key }, JSON.stringify(record), { contentType: 'application/json' });
}

export const readDeliveryRecord = <T>(
  store: ObjectStore,
  pipeline: Pipeline,
  fileLandTimestamp: number,
  record: DeliveryRecord,
): Promise<T> =>
  readRecord<T>(store, pipeline.areas.log, deliveryRecordKey(pipeline, fileLandTimestamp, record));

export const findDeliveryRecord = <T>(
  store: ObjectStore,
  pipeline: Pipeline,
  fileLandTimestamp: number,
  record: DeliveryRecord,
): Promise<T | undefined> =>
  findRecord<T>(store, pipeline.areas.log, deliveryRecordKey(pipeline, fileLandTimestamp, record));
