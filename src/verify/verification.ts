/** What can be wrong with raw-hist or quarantine, or with what is recorded of them. */
export const PROBLEMS = {
  missing: 'recorded as archived (or in quarantine), but not there',
  altered: 'other bytes than were archived',
  metadata: 'metadata is not what was archived',
  unprotected: 'not encrypted, retained or held as the pipeline declares',
  'archived-twice': 'one uploaded version, archived by two deliveries',
  unreadable: 'could not be read, so it is not proven',
  'not-archived': 'pinned with a delivery, but not among what the delivery archived',
  record: 'a record of a delivery is missing or damaged',
  lost: 'pinned, never archived, and not in land any more',
  stranger: 'in raw-hist or quarantine, but named by no delivery',
} as const;
export type ProblemKind = keyof typeof PROBLEMS;

export interface Problem {
  kind: ProblemKind;
  /** `s3://…` of what it is about. */
  object: string;
  /** The delivery's file_land_timestamp; absent where the key has none. */
  delivery?: number;
  /** What was expected, and what was found. */
  detail: string;
}

/** A delivery that has begun and not ended: no problem while its run goes on. */
export interface UnfinishedDelivery {
  delivery: number;
  /** How far it is. */
  reached: 'pinned' | 'archived' | 'quarantined';
  detail: string;
}

export interface DeliveryCounts {
  archived: number;
  superseded: number;
  /** Refused, and neither archived nor replayed. */
  refused: number;
  /** Pinned, and none of these yet. */
  open: number;
}

/** What `landfall verify` found. */
export interface Verification {
  format: 1;
  pipeline: string;
  rawHist: string;
  /** `quick` compares existence, size and metadata; `full` the SHA-256 of every byte, too. */
  mode: 'full' | 'quick';
  /** The timestamps that were asked for, both included; absent where there was no bound. */
  from?: number;
  to?: number;
  verdict: 'sound' | 'damaged';
  deliveries: DeliveryCounts;
  /** Archived objects that were looked at, whatever was found. */
  objects: number;
  /** The same of refused ones in quarantine. */
  quarantined: number;
  /** Bytes that were read and hashed. */
  bytesRead: number;
  /** Copies of what was pinned but not archived (its delivery was given up, or goes on): known from manifests, no problem. */
  unarchivedCopies: number;
  /** How many of each kind. */
  counts: Partial<Record<ProblemKind, number>>;
  /** The first of them; `counts` has them all. */
  problems: Problem[];
  unfinished: UnfinishedDelivery[];
}

/** However much is wrong: the rest is counted. */
export const MOST_PROBLEMS = 1000;

/** How far a verification is. */
export interface VerifyProgress {
  deliveries: number;
  ofDeliveries: number;
  objects: number;
  bytes: number;
}

/** Gathers what is found, in bounded memory. */
export class Findings {
  readonly problems: Problem[] = [];
  readonly counts: Partial<Record<ProblemKind, number>> = {};
  readonly unfinished: UnfinishedDelivery[] = [];

  add(problem: Problem): void {
    this.counts[problem.kind] = (this.counts[problem.kind] ?? 0) + 1;
    if (this.problems.length < MOST_PROBLEMS) this.problems.push(problem);
  }
}
