import { pipelinePrefix, type PipelineFolders } from './object-keys';

/**
 * What a delivery has reached, each recorded once all of it is there: `manifest` (pinned), `settled` (whether it is
 * archived or superseded, decided once), `archived` (all of it verified in raw-hist), `superseded` (its files were taken
 * as another delivery), `processed`, `published` (the run's report), `refused` (the report of what F1 refused),
 * `quarantined` (all of it verified in quarantine), `cleared` (and gone from land), `accepted` and `replayed` (by whom, and
 * why), `emptied` (what of processed is transient is deleted; the rows are published).
 */
export const DELIVERY_RECORDS = [
  'manifest',
  'settled',
  'archived',
  'superseded',
  'processed',
  'published',
  'refused',
  'quarantined',
  'cleared',
  'accepted',
  'replayed',
  'emptied',
] as const;
export type DeliveryRecord = (typeof DELIVERY_RECORDS)[number];

export const deliveriesPrefix = (folders: PipelineFolders): string => `${pipelinePrefix(folders)}deliveries/`;

export const deliveryRecordKey = (
  folders: PipelineFolders,
  fileLandTimestamp: number,
  record: DeliveryRecord,
): string => `${deliveriesPrefix(folders)}file_land_timestamp=${fileLandTimestamp}/${record}.json`;

/** @returns undefined when the key is no delivery's record */
export function parseDeliveryRecordKey(
  folders: PipelineFolders,
  key: string,
): { fileLandTimestamp: number; record: DeliveryRecord } | undefined {
  const match = /^file_land_timestamp=(\d+)\/([a-z]+)\.json$/.exec(
    key.slice(deliveriesPrefix(folders).length),
  );
  const record = DELIVERY_RECORDS.find((name) => name === match?.[2]);
  return match && record ? { fileLandTimestamp: Number(match[1]), record } : undefined;
}

/** What one batch of one run's stage found; kept by workflow run, so that no attempt of another run can mix in. */
export const batchRecordKey = (
  folders: PipelineFolders,
  runId: string,
  step: string,
  batch: number,
): string => `${pipelinePrefix(folders)}runs/${runId}/${step}/${batch}.json`;

export const planKey = (folders: PipelineFolders, runId: string): string =>
  `${pipelinePrefix(folders)}runs/${runId}/plan.json`;

/** Which tables a run left out, as F1 refused them. */
export const decisionKey = (folders: PipelineFolders, runId: string): string =>
  `${pipelinePrefix(folders)}runs/${runId}/decision.json`;

export const snapshotRecordKey = (folders: PipelineFolders, table: string, snapshot: string): string =>
  `${pipelinePrefix(folders)}snapshots/${table}/${snapshot}.json`;

export const snapshotRecordsPrefix = (folders: PipelineFolders): string =>
  `${pipelinePrefix(folders)}snapshots/`;

/** @returns undefined when the key is no snapshot's record */
export function parseSnapshotRecordKey(
  folders: PipelineFolders,
  key: string,
): { table: string; snapshot: string } | undefined {
  const match = /^([^/]+)\/([0-9a-f]{16})\.json$/.exec(key.slice(snapshotRecordsPrefix(folders).length));
  return match ? { table: match[1] as string, snapshot: match[2] as string } : undefined;
}

export const publishesPrefix = (folders: PipelineFolders): string => `${pipelinePrefix(folders)}publishes/`;

const PUBLISH_DIGITS = 9;

/** What a publish has Glue declare, and who publishes; numbered from 1, written once, before the first table moves. */
export const publishRecordKey = (folders: PipelineFolders, publish: number): string =>
  `${publishesPrefix(folders)}${String(publish).padStart(PUBLISH_DIGITS, '0')}.json`;

/** @returns undefined when the key is no publish's record */
export function parsePublishRecordKey(folders: PipelineFolders, key: string): number | undefined {
  const match = /^(\d{9})\.json$/.exec(key.slice(publishesPrefix(folders).length));
  return match ? Number(match[1]) : undefined;
}

export const runsPrefix = (folders: PipelineFolders): string => `${pipelinePrefix(folders)}runs/`;

/** What is known of every delivery's processed files, so that each record is read once; may be deleted at any time. */
export const processedIndexKey = (folders: PipelineFolders): string =>
  `${pipelinePrefix(folders)}processed-index.json`;

/** What F1 found, for programs and for people; kept by workflow run, like what it was made of. */
export const validationReportKey = (
  folders: PipelineFolders,
  runId: string,
  format: 'json' | 'html',
): string => `${pipelinePrefix(folders)}runs/${runId}/validation.${format}`;

/** When uploads were first seen to go on after a delivery was pinned; written once. */
export const unrestKey = (folders: PipelineFolders, latest: number): string =>
  `${pipelinePrefix(folders)}intake/unrest-after-${latest}.json`;

/** Where objects are tried out: each is deleted as soon as it has shown what the store does with it. */
export const probesPrefix = (folders: PipelineFolders): string => `${pipelinePrefix(folders)}probes/`;
