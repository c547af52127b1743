/** One run's subject; part of every activity's input. */
export interface DeliveryRef {
  pipeline: string;
  /** UTC epoch seconds. */
  fileLandTimestamp: number;
}

/** How much of something a step has dealt with. */
export interface Amount {
  files: number;
  rows: number;
  bytes: number;
}

export const NOTHING: Amount = { files: 0, rows: 0, bytes: 0 };

export const addAmounts = (a: Amount, b: Amount): Amount => ({
  files: a.files + b.files,
  rows: a.rows + b.rows,
  bytes: a.bytes + b.bytes,
});

export type RunOutcome = 'running' | 'published' | 'refused' | 'failed' | 'cancelled';

/** What one table gained by a run, and what its readers see after it. */
export interface TableResult {
  table: string;
  files: number;
  /** Rows of this delivery in each stage. */
  landed: number;
  processed: number;
  rejected: number;
  /** Rows that transforms added (negative: left out), where the pipeline allows it: processed + rejected - landed. */
  addedByTransform: number;
  /** Rows in the published table, all deliveries together. */
  published: number;
}

/** What a run returns, to every caller alike. */
export interface RunResult extends DeliveryRef {
  outcome: 'published';
  database: string;
  /** The image's tag. */
  version: string;
  files: number;
  bytes: number;
  tables: TableResult[];
  /** `s3://…` of the whole report, as JSON. */
  report: string;
}
