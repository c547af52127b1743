import type { Finding } from '../../checks/finding';
import type { TableCheck } from '../glue/reader-check/ask-table';
import type { AcceptedRecord } from '../records';
import type { TableVolumes } from '../../checks/judge-volumes';
import type { DeliveryRef, RunResult } from '../../layout/delivery';

/** `refused.json` in the log area: the record that the delivery is refused. Why is in the validation report. */
export interface RefusalRecord extends DeliveryRef {
  format: 1;
  outcome: 'refused';
  database: string;
  version: string;
  /** The workflow run that refused it. */
  checkedBy: string;
  /** `s3://…` of the validation report, as JSON and as a page. */
  report: string;
  page: string;
  /** Where not all must pass: only these tables stay behind. */
  leftOut?: string[];
  /** What each table came to, and what that was compared with. */
  volumes: TableVolumes[];
}

/** What became of one file, from land to processed; its rows are in the published table. */
export interface FileReport {
  table: string;
  /** The key in land. */
  file: string;
  /** The key in raw-hist. */
  archived: string;
  /** The keys in processed, where they are kept or were (mode `delta`); none where curated is made of raw-hist. */
  processed: string[];
  /** The key in the rejects area, where rows were rejected. */
  rejects?: string;
  bytes: number;
  sha256: string;
  rows: { landed: number; processed: number; rejected: number; addedByTransform: number };
  /** What the transform counted, by name; absent where it counted nothing. */
  counters?: Record<string, number>;
}

/** `published.json` in the log area: the run's report, and the record that the delivery is complete. */
export interface PublicationReport {
  format: 1;
  result: RunResult;
  files: FileReport[];
  /** Markers and suppliers' manifests: keys in land and in raw-hist. */
  notes: { file: string; archived: string; bytes: number; sha256: string }[];
  /** What each table came to, and what that was compared with when it was checked. */
  volumes: TableVolumes[];
  glue: { created: string[]; updated: string[]; unchanged: string[]; dropped: string[] };
  /** Where each table's readers are pointed. */
  locations: Record<string, string>;
  /** The number of its record in `publishes/`; absent in records of releases that kept none. */
  publish?: number;
  /** What Athena said of each table that changed, before readers were pointed at it. Only with `readerCheck`. */
  readerCheck?: TableCheck[];
  /** Who took the delivery in spite of what, and why. */
  accepted?: AcceptedRecord & { findings: Finding[] };
}
