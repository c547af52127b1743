import type { ObjectLocation, PinnedObject } from '../adapters/object-store';
import type { Finding } from '../checks/finding';
import type { PartitionValues } from '../layout/object-keys';
import type { TransformLogLine } from './transform-log';

/** The work that touches rows. It runs in the engine's processes, so tasks and results are plain data. */
export interface CheckFileTask {
  pipeline: string;
  table: string;
  source: LandedFile;
  /** Somebody accepted the delivery's rejected rows, however many they are. */
  rejectsAccepted?: boolean;
  /** Also wanted; SHA-256 always is. */
  md5?: boolean;
}

export interface CheckFileResult {
  /** Of the very bytes that were checked, as they lie in land. */
  bytes: number;
  /** Hexadecimal. */
  sha256: string;
  /** Hexadecimal, where it was asked for. */
  md5?: string;
  /** Data rows: without header, malformed ones included. */
  rows: number;
  /** Empty when the file passed; the first 200. */
  findings: Finding[];
  /** Rows that are left out of a file that passed, as its table allows. */
  rejected: number;
  /** What is wrong with them. */
  tolerated: Finding[];
  /** How much there is beyond those. */
  moreTolerated: number;
  /** How many there are beyond those. */
  moreFindings: number;
}

/** A file to check, in land or in quarantine. */
export interface LandedFile extends PinnedObject {
  /** As it landed; its key in quarantine has a suffix. @default the last part of the key */
  fileName?: string;
}

export interface CheckKeysTask {
  pipeline: string;
  table: string;
  /** All files of the table in the delivery, in land, in their order. */
  files: LandedFile[];
  /** What each foreign key of the table may refer to, in their order. */
  references: ReferencedRows[];
}

export interface ReferencedRows {
  /** Files of the referenced table in the delivery, where the key looks there. */
  landed: LandedFile[];
  /** The Parquet files that the referenced table's readers see, where the key looks there. */
  published: PublishedPart[];
}

export interface PublishedPart extends ObjectLocation {
  /** Hexadecimal. */
  sha256: string;
  rows: number;
  partition?: PartitionValues;
}

export interface CheckKeysResult {
  /** That were read once more. */
  rows: number;
  findings: Finding[];
}

export interface TransformFileTask {
  pipeline: string;
  table: string;
  /** In raw or raw-hist; its content is held against `sha256`. */
  source: ObjectLocation;
  /** Hexadecimal; what the check saw. */
  sha256: string;
  /** In processed; ends with `.jsonl.gz`. What is too large for one object goes on in others beside it. */
  target: ObjectLocation;
  /** In the rejects area; where the table allows rejects. */
  rejectsTarget?: ObjectLocation;
  rejectsAccepted?: boolean;
  /** The landed file's name, without timestamp. */
  fileName: string;
  fileLandTimestamp: number;
  version: string;
}

export interface TransformFileResult {
  rowsIn: number;
  rowsOut: number;
  rejected: number;
  /** In the order of their rows; one at least, which is without rows where the file is. */
  objects: ProcessedObject[];
  /** What the transform counted, by name; absent where it counted nothing. */
  counters?: Record<string, number>;
}

/** One object in processed, with all or some of the rows of a file. */
export interface ProcessedObject {
  key: string;
  rows: number;
  /** As it is stored. */
  bytes: number;
  /** Of its lines before gzip. */
  contentBytes: number;
  /** Of its lines before gzip, hexadecimal: what the same input, code and version always give. */
  contentSha256: string;
}

/** What rows of a part are read from: an object of processed or, where it has a `fileName`, a file in raw-hist. */
export interface ProcessedFile extends ObjectLocation {
  fileLandTimestamp: number;
  rows: number;
  /** Of its lines before gzip; of a file in raw-hist, as it lies there. */
  bytes: number;
  contentSha256: string;
  /** Its rows are taken from what is published, if that has them: in processed it is deleted then. */
  isTransient?: true;
  /** As it landed. */
  fileName?: string;
  /** Of a file in raw-hist whose rows stay as they were first curated: the release that did it. */
  curatedBy?: string;
}

/** Rows of neighbouring deliveries in a published Parquet file of the same table. */
export interface HeldRows extends ObjectLocation {
  /** Of the whole file, hexadecimal. */
  sha256: string;
  /** The `file_land_timestamp` of the first and the last of the deliveries; the file has no others in between. */
  first: number;
  last: number;
  /** Of these deliveries. */
  rows: number;
  /** Those that the file has; the others are null in its rows, or in its folders. */
  columns: string[];
  partition?: PartitionValues;
}

export interface WriteCuratedPartTask {
  pipeline: string;
  table: string;
  /** What the part is made of, in order; of one with a `base`, beside that. May be empty. */
  inputs: (ProcessedFile | HeldRows)[];
  /** Of a table with `upsert`: which keys the part has. */
  bucket?: KeyBucket;
  /** Of a table with `upsert`: what other deliveries came to, of which nothing else is left. */
  base?: MergedPart;
  /** The next part is to be made of this one, so that its deleted keys are kept beside it. */
  keepsDeleted?: true;
  /** In curated; written once. Of a table with partitions: but for the folders. */
  target: ObjectLocation;
  /** All that the part's rows and columns follow from, as one value, hexadecimal: parts of equal content are alike. */
  content: string;
  version: string;
}

/** The keys whose hash is `place`, modulo `of`. */
export interface KeyBucket {
  place: number;
  of: number;
}

/** A published part with one row a key, and what is needed to go on from there. */
export interface MergedPart {
  /** Of S3. */
  bucket: string;
  /** One, or as many as it has partitions, which may be none. */
  files: MergedFile[];
  deletedKeys?: DeletedKeys;
  /** Those that the files have, or their folders. */
  columns: string[];
  /** What it comes to; superseded rows are 0 where another part counts them. */
  merged: Merged;
  /** The first and the last of the deliveries that it was made of. */
  first: number;
  last: number;
  /** It has more keys than those of the part that is to be. */
  isWider: boolean;
  /** With no rows beside it, the part is this one. */
  isAlike: boolean;
}

export type MergedFile = Pick<Part, 'key' | 'sha256' | 'rows' | 'bytes' | 'partition'>;

/** The keys that deliveries have deleted, each with the timestamp of the last that did: beside a part, for no reader. */
export type DeletedKeys = Pick<Part, 'key' | 'bytes' | 'sha256' | 'rows'>;

/** What became of the rows of processed that are not in a part with one row a key. */
export interface Merged {
  /** A later row has their key. */
  superseded: number;
  /** The last rows of their keys, which delete them. */
  deleted: number;
  /** The newest `file_land_timestamp` of the part's rows; null where it has none. */
  newest: number | null;
}

/** What a part with one row a key comes to. */
export interface MergedOutcome {
  merged: Merged;
  /** Absent where there are none, or they are not kept. */
  deletedKeys?: DeletedKeys;
}

export interface DeriveTableTask {
  pipeline: string;
  /** A derived one. */
  table: string;
  /** Each table that it reads, as one snapshot has it. */
  from: { table: string; snapshot: string; parts: PublishedPart[] }[];
  /** In curated; written once. Of a table with partitions: but for the folders. */
  target: ObjectLocation;
  /** All that its rows and columns follow from, as one value, hexadecimal. */
  content: string;
  version: string;
}

/** A Parquet file of curated: a part, or what it has in one partition, if the table has any. */
export interface CuratedPart {
  key: string;
  bytes: number;
  sha256: string;
  rows: number;
  /** The same in all files of a part. Absent in records of releases that knew none. */
  content?: string;
  /** Whose rows it has, in order; absent in records of releases that did not say. */
  holds?: HeldDelivery[];
  partition?: PartitionValues;
  /** Of a table with `upsert` and without partitions: what the part, which is this file, comes to. */
  merged?: Merged;
  deletedKeys?: DeletedKeys;
}

/** What a part has of one delivery. */
export interface HeldDelivery {
  fileLandTimestamp: number;
  /** In this file. */
  rows: number;
  /** The `contentSha256` of its processed files, in order. */
  contents: string[];
}

/** A part as it is written now. */
export type Part = CuratedPart & { content: string };

/** A part that was written, or found. */
export interface WrittenPart {
  /** One, or as many as it has partitions, which are none where it has no rows. */
  files: WrittenFile[];
  /** Of a table with `upsert` and partitions. */
  outcome?: MergedOutcome;
}

export type WrittenFile = Part & {
  /** Of one in a partition: how many rows it has of each, where it has any. */
  deliveries?: Pick<HeldDelivery, 'fileLandTimestamp' | 'rows'>[];
  /** Of its base, to which nothing came. */
  isCopy?: true;
};

/** How far a task is; sent at least every second while it works. */
export interface TaskProgress {
  bytes: number;
  rows: number;
}

export interface TaskOptions {
  /** Aborting kills the process that does the task, which leaves nothing visible behind. */
  signal?: AbortSignal;
  onProgress?: (progress: TaskProgress) => void;
  /** Of a transform: at most 101 lines a file. */
  onLog?: (line: TransformLogLine) => void;
}

/** Checks, transforms and writes rows in processes of its own, so that the caller's event loop stays free. */
export interface Engine {
  /** Has a process ready for the first task, which starts one otherwise and waits for it. */
  start(): void;
  checkFile(task: CheckFileTask, options?: TaskOptions): Promise<CheckFileResult>;
  checkKeys(task: CheckKeysTask, options?: TaskOptions): Promise<CheckKeysResult>;
  transformFile(task: TransformFileTask, options?: TaskOptions): Promise<TransformFileResult>;
  writeCuratedPart(task: WriteCuratedPartTask, options?: TaskOptions): Promise<WrittenPart>;
  /** @returns its files: one, or as many as it has partitions */
  deriveTable(task: DeriveTableTask, options?: TaskOptions): Promise<Part[]>;
  /** Ends the processes; resolves when they are gone. */
  close(): Promise<void>;
}
