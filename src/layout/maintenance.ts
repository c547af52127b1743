/** What a person has done with what was published; never while a run is under way. */
export type MaintenanceRequest =
  | { kind: 'rollback'; dryRun: boolean; by: string; why: string; to?: number }
  | { kind: 'gc'; dryRun: boolean; graceSeconds: number }
  | { kind: 'recreate'; dryRun: boolean };

export type MaintenanceKind = MaintenanceRequest['kind'];

/** Names of tables. */
export interface TableChanges {
  created: string[];
  updated: string[];
  unchanged: string[];
  dropped: string[];
}

interface OfDatabase {
  pipeline: string;
  database: string;
  dryRun: boolean;
  /** The `file_land_timestamp` of the delivery whose publish Glue has declared since. */
  fileLandTimestamp: number;
  tables: TableChanges;
  /** Of all the tables' snapshots: looked at, not changed. */
  files: number;
  bytes: number;
}

export interface RollbackResult extends OfDatabase {
  kind: 'rollback';
  /** What was published before; null where Glue was as no publish had it. */
  from: number | null;
}

export interface RecreateResult extends OfDatabase {
  kind: 'recreate';
}

export interface SweptSnapshot {
  table: string;
  snapshot: string;
  files: number;
  bytes: number;
  /** `incomplete`: an attempt left it, and no publish ever had it. */
  was: 'superseded' | 'incomplete';
}

export interface GcResult {
  kind: 'gc';
  pipeline: string;
  dryRun: boolean;
  graceSeconds: number;
  files: number;
  bytes: number;
  /** How many snapshots were swept (or would be), and the first of them. */
  snapshots: number;
  swept: SweptSnapshot[];
  /** How many snapshots stay. */
  kept: number;
  /** How many objects no record explains, and the first of them as `s3://…`: they stay. */
  strangers: number;
  named: string[];
  /** Files that retention or a legal hold keeps, hidden by a delete marker. */
  locked: number;
  /** Why nothing could be judged superseded yet, where that is so. */
  note?: string;
}

export type MaintenanceResult = RollbackResult | RecreateResult | GcResult;

/** What the intake says to whoever asks for maintenance. */
export type BegunMaintenance =
  | { kind: 'begun'; workflowId: string; runId: string; attached: boolean }
  /** Not while this delivery's run is under way. */
  | { kind: 'under-way'; fileLandTimestamp: number }
  /** Not while this workflow is at it. */
  | { kind: 'busy'; workflowId: string };
