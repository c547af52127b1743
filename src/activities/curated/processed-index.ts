import type { ObjectStore } from '../../adapters/object-store';
import type { Pipeline } from '../../definition/pipeline';
import { deliveriesPrefix, parseDeliveryRecordKey, processedIndexKey } from '../../layout/log-keys';
import { mapWithLimit } from '../../map-with-limit';
import { findRecord, readDeliveryRecord, writeRecord, type ProcessedRecord } from '../records';

/** The ETag of every delivery's `processed.json`, by timestamp. */
export type ProcessedBasis = Record<string, string>;

/** What curation needs to know of a file. */
export interface IndexedFile {
  /** In land. */
  key: string;
  /** When it was processed. */
  table: string;
  archive: IndexedArchive;
  /** In processed; none where nothing of it is processed. */
  objects: IndexedObject[];
  isTransient?: true;
  /** Of the run that recorded it. */
  version: string;
}

/** A file in raw-hist. */
export interface IndexedArchive {
  key: string;
  /** As it landed. */
  fileName: string;
  rows: number;
  bytes: number;
  sha256: string;
}

/** An object in processed. */
export interface IndexedObject {
  key: string;
  rows: number;
  /** Of its lines before gzip. */
  bytes: number;
  contentSha256: string;
}

/** Of every delivery what its record says, and which record that was. */
interface ProcessedIndex {
  layout: number;
  deliveries: Record<string, { etag: string; files: IndexedFile[] }>;
}

// Raised when what is kept of a record changes.
const LAYOUT = 4;
const READS_AT_ONCE = 8;

export async function listProcessed(store: ObjectStore, pipeline: Pipeline): Promise<ProcessedBasis> {
  const basis: ProcessedBasis = {};
  for await (const { key, etag } of store.list(pipeline.areas.log, deliveriesPrefix(pipeline))) {
    const parsed = parseDeliveryRecordKey(pipeline, key);
    if (parsed?.record === 'processed') basis[parsed.fileLandTimestamp] = etag;
  }
  return basis;
}

/**
 * The processed files of every delivery, by timestamp, in rising order. What the index knows of a record is believed only
 * where the record's ETag is still the same; the others are read, and the index is written anew.
 */
export async function readProcessedFiles(
  store: ObjectStore,
  pipeline: Pipeline,
  basis: ProcessedBasis,
): Promise<Map<number, readonly IndexedFile[]>> {
  const { log } = pipeline.areas;
  const index = await findRecord<ProcessedIndex>(store, log, processedIndexKey(pipeline));
  const known = index?.layout === LAYOUT ? index.deliveries : {};
  const timestamps = Object.keys(basis).sort((a, b) => Number(a) - Number(b));
  const isKnown = (timestamp: string): boolean => known[timestamp]?.etag === basis[timestamp];
  const unknown = timestamps.filter((timestamp) => !isKnown(timestamp));
  const read = await mapWithLimit(unknown, READS_AT_ONCE, async (timestamp) => {
    const record = await readDeliveryRecord<ProcessedRecord>(store, pipeline, Number(timestamp), 'processed');
    return [
      timestamp,
      {
        etag: basis[timestamp] as string,
        files: record.files.map((file) => toIndexed(file, record.version)),
      },
    ] as const;
  });
  const fresh = { ...known, ...Object.fromEntries(read) };
  const deliveries = Object.fromEntries(
    timestamps.map((timestamp) => [timestamp, fresh[timestamp]]),
  ) as ProcessedIndex['deliveries'];
  if (unknown.length > 0) {
    const kept: ProcessedIndex = { layout: LAYOUT, deliveries };
    await writeRecord(store, log, processedIndexKey(pipeline), kept);
  }
  return new Map(
    timestamps.map((timestamp) => [Number(timestamp), deliveries[timestamp]?.files ?? []] as const),
  );
}

export const toIndexed = (file: ProcessedRecord['files'][number], version: string): IndexedFile => ({
  ...{ key: file.key, table: file.table, version },
  archive: {
    ...{ key: file.archiveKey, fileName: file.fileName },
    ...{ rows: file.rows, bytes: file.size, sha256: file.sha256 },
  },
  objects: file.objects.map(({ key, rows, contentBytes: bytes, contentSha256 }) => ({
    ...{ key, rows, bytes, contentSha256 },
  })),
  ...(file.isTransient ? { isTransient: file.isTransient } : {}),
});
