import type { ObjectStore } from '../../adapters/object-store';
import type { Pipeline } from '../../definition/pipeline';
import type { CuratedPart, HeldDelivery, MergedOutcome, PublishedPart } from '../../engine/tasks';
import { IntegrityError } from '../../errors';
import { snapshotRecordKey } from '../../layout/log-keys';
import type { PartitionValues } from '../../layout/object-keys';
import { findRecord, readRecord } from '../records';
import type { CurationShape } from './curation-shape';
import type { PartShape } from './part-shape';

/** All of a snapshot is written and verified. */
export interface SnapshotRecord {
  parts: CuratedPart[];
  rows: number;
  /** How many parts were copied when it was made; absent in records of releases that copied none. */
  reused?: number;
  version: string;
  /** Absent in records of releases that did not say. */
  shape?: PartShape;
  curation?: CurationShape;
  /**
   * Of a table with one row a key, some of whose deliveries do not stay in processed: all of them, as they were processed.
   * Where it is there, deleted keys are beside the parts, and later deliveries can be merged with them.
   */
  holds?: HeldDelivery[];
  /** Of a table with one row a key, and with partitions: what each part comes to, in their order. */
  outcomes?: PartOutcome[];
  /** Its files were superseded, and are gone or about to be. */
  swept?: SweptRecord;
}

/** What a part comes to whose rows are in many files, or none. */
export interface PartOutcome extends MergedOutcome {
  content: string;
}

export interface SweptRecord {
  /** UTC, ISO 8601. */
  at: string;
  /** The workflow run that swept it. */
  run: string;
  /** All of its files are gone. */
  isComplete: boolean;
}

/** What a snapshot says of its files. */
export type SnapshotFiles = Pick<SnapshotRecord, 'parts' | 'outcomes'>;

/** What each part comes to that has the last rows of its keys, in their order; none of a table that has all rows. */
export const outcomesOf = ({ parts, outcomes }: SnapshotFiles): PartOutcome[] =>
  outcomes ??
  parts.flatMap(({ content, merged, deletedKeys }) =>
    content !== undefined && merged ? [{ content, merged, ...(deletedKeys && { deletedKeys }) }] : [],
  );

/** All objects of a snapshot: what readers see, and the deleted keys beside it. */
export const objectsOf = ({
  parts,
  outcomes = [],
}: SnapshotFiles): Pick<CuratedPart, 'key' | 'bytes' | 'sha256'>[] => [
  ...parts,
  ...[...parts, ...outcomes].flatMap(({ deletedKeys }) => deletedKeys ?? []),
];

/** Its files, for whoever reads their rows. */
export const publishedPartsOf = ({ areas }: Pipeline, { parts }: SnapshotRecord): PublishedPart[] =>
  parts.map(({ key, sha256, rows, partition }) => ({
    ...{ bucket: areas.curated, key, sha256, rows },
    ...(partition && { partition }),
  }));

/** Of its files, each as often as it has some; none of a table without partitions. */
export const partitionsOf = ({ parts }: SnapshotRecord): PartitionValues[] =>
  parts.flatMap(({ partition }) => (partition ? [partition] : []));

/** Swept or not. @returns undefined when it was never complete */
export const findSnapshot = (
  store: ObjectStore,
  pipeline: Pipeline,
  table: string,
  snapshot: string,
): Promise<SnapshotRecord | undefined> =>
  findRecord<SnapshotRecord>(store, pipeline.areas.log, snapshotRecordKey(pipeline, table, snapshot));

/** Swept or not. @throws IntegrityError when it was never complete */
export const requireSnapshot = (
  store: ObjectStore,
  pipeline: Pipeline,
  table: string,
  snapshot: string,
): Promise<SnapshotRecord> =>
  readRecord<SnapshotRecord>(store, pipeline.areas.log, snapshotRecordKey(pipeline, table, snapshot));

/** @returns undefined when it was never complete, or is swept: whoever needs it makes it anew */
export async function findKeptSnapshot(
  store: ObjectStore,
  pipeline: Pipeline,
  table: string,
  snapshot: string,
): Promise<SnapshotRecord | undefined> {
  const record = await findSnapshot(store, pipeline, table, snapshot);
  return record?.swept ? undefined : record;
}

/** What readers are to be pointed at. @throws IntegrityError when it was never complete, or is swept */
export async function readSnapshot(
  store: ObjectStore,
  pipeline: Pipeline,
  table: string,
  snapshot: string,
): Promise<SnapshotRecord> {
  const record = await requireSnapshot(store, pipeline, table, snapshot);
  if (!record.swept) return record;
  throw new IntegrityError({
    happened: `Snapshot ${snapshot} of table "${table}" was swept at ${record.swept.at}: its files are gone, or about to be.`,
    unchanged: 'Nothing was published: readers see what they saw.',
    next: `Run the pipeline again: the snapshot is made anew.`,
  });
}
