/** One run's subject; part of every activity's input. */
export interface DeliveryRef {
  pipeline: string;
  /** UTC epoch seconds. */
  fileLandTimestamp: number;
}

/** A person's word on a delivery that F1 refused. */
export interface Decision {
  /** `accept`: take it in spite of what may be overlooked; `replay`: check it again, as the pipeline is by now. */
  kind: 'accept' | 'replay';
  by: string;
  why: string;
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
  /** Those that go on to curated. */
  processed: number;
  rejected: number;
  /** Rows that transforms added (negative: left out), where the pipeline allows it: processed + rejected - landed. */
  addedByTransform: number;
  /** Rows in the published table, all deliveries together. */
  published: number;
  /**
   * Where it has one row a key: the rows of processed, all deliveries together, which are published, superseded (a later
   * row has their key) or deletions, the last rows of their keys.
   */
  merged?: { processed: number; superseded: number; deleted: number };
  /** The sums of what transforms counted in files of this delivery, by name, the first 50; absent where they counted nothing. */
  counters?: Record<string, number>;
  /** How many names there are beyond those. */
  moreCounters?: number;
}

/** What the readers of a derived table see after a run. Its rows are none that landed, and not accounted for as such. */
export interface DerivedResult {
  table: string;
  rows: number;
}

/** One check that a delivery failed, in texts that are cut to a bound. */
export interface RefusalCheck {
  /** Absent where no table claims the file. */
  table?: string;
  /** Or the row check, by its name. */
  column?: string;
  check: string;
  expected?: string;
  /** How many files failed it, and in how many rows (0 where it is about whole files). */
  files: number;
  rows: number;
  /** Of the rows of the table's files, 0 to 1. */
  share?: number;
  /** Where it failed first: file, line and value. */
  first: string;
}

/** Why a delivery was refused, small enough for a workflow's history; the whole of it is in the report. */
export interface Refusal {
  files: number;
  failedFiles: number;
  /** Failed checks, each file's counted. */
  findings: number;
  checks: RefusalCheck[];
  /** Kinds of failed checks beyond those. */
  moreChecks: number;
  /** `s3://…` of the validation report, as JSON and as a page. */
  report: string;
  page: string;
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
  /** What SQL made of them. Absent where the pipeline has no derived tables. */
  derived?: DerivedResult[];
  /**
   * Where not all must pass: the tables whose files were refused and stay in land, as the next delivery; `s3://…` of the
   * validation report that says why, as JSON and as a page.
   */
  leftOut?: { tables: string[]; files: number; report: string; page: string };
  /** `s3://…` of the whole report, as JSON. */
  report: string;
  /** `s3://…` of the page with every check of every file; as JSON it is `validation.json` beside it. */
  validation: string;
}
