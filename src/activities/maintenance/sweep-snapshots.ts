import { findPipeline } from '../../definition/load-pipelines';
import type { Pipeline } from '../../definition/pipeline';
import type { GcResult } from '../../layout/maintenance';
import {
  batchRecordKey,
  parseSnapshotRecordKey,
  snapshotRecordKey,
  snapshotRecordsPrefix,
} from '../../layout/log-keys';
import { cancellationSignal, currentRunId } from '../context';
import { findSnapshot, objectsOf, requireSnapshot, type SnapshotRecord } from '../curated/snapshot-record';
import type { Dependencies } from '../dependencies';
import { writeRecord } from '../records';
import { deletePinned, findParts, sumOf } from './delete-parts';
import { findKeptSnapshots, snapshotId, type KeptSnapshots } from './kept-snapshots';
import { findSoleHolders } from './sole-holders';
import { sweepIncomplete } from './sweep-incomplete';
import { SweepReport } from './sweep-report';

export interface Sweep {
  dependencies: Dependencies;
  pipeline: Pipeline;
  dryRun: boolean;
  /** UTC epoch seconds, by the store's clock: what is younger stays. */
  cutoff: number;
  kept: KeptSnapshots;
  report: SweepReport;
  signal: AbortSignal;
}

/**
 * Deletes the files of curated snapshots that nobody reads any more, each as its record names it and only as it was
 * recorded; what no record explains is counted and stays. That a snapshot is swept is recorded before its first file goes,
 * so that nothing is ever pointed at half of it; an attempt that is made again goes on with it. The last that holds rows
 * which are in curated alone stays, whoever has superseded it.
 */
export const sweepSnapshots =
  (dependencies: Dependencies) =>
  async (request: { pipeline: string; dryRun: boolean; graceSeconds: number }): Promise<GcResult> => {
    const { store, pipelines } = dependencies;
    const { dryRun, graceSeconds } = request;
    const pipeline = findPipeline(pipelines, request.pipeline);
    const signal = cancellationSignal();
    const cutoff = (await store.readClock(pipeline.areas.log, { signal })) - graceSeconds;
    const kept = await findKeptSnapshots(dependencies, pipeline, cutoff, signal);
    const report = new SweepReport();
    const sweep: Sweep = { dependencies, pipeline, dryRun, cutoff, kept, report, signal };
    const recorded = await sweepRecorded(sweep);
    await sweepIncomplete(sweep, recorded);
    const result = report.toResult({ pipeline: pipeline.name, dryRun, graceSeconds });
    const { swept, strangers } = report;
    const key = batchRecordKey(pipeline, currentRunId(), 'gc', 0);
    await writeRecord(store, pipeline.areas.log, key, { ...result, swept, strangers });
    return result;
  };

/** The keys that a snapshot's record explains, by snapshot; none of one that is swept. */
export type RecordedKeys = ReadonlyMap<string, ReadonlySet<string>>;

async function sweepRecorded(sweep: Sweep): Promise<RecordedKeys> {
  const { dependencies, pipeline, cutoff, kept, report, signal } = sweep;
  const { store } = dependencies;
  const recorded = new Map<string, ReadonlySet<string>>();
  if (!kept.isKnown)
    report.note =
      'Nothing complete was swept: publishes are not recorded for as long as the grace goes back, so what was superseded when is not known.';
  const { log } = pipeline.areas;
  const holders = await findSoleHolders(store, pipeline, signal);
  const superseded: { table: string; snapshot: string; place: number; holds: number }[] = [];
  for await (const { key, lastModified } of store.list(log, snapshotRecordsPrefix(pipeline), { signal })) {
    const parsed = parseSnapshotRecordKey(pipeline, key);
    if (!parsed) continue;
    const { table, snapshot } = parsed;
    const record = await findSnapshot(store, pipeline, table, snapshot);
    const files = record && !record.swept?.isComplete ? objectsOf(record) : [];
    recorded.set(snapshotId(table, snapshot), new Set(files.map((each) => each.key)));
    if (!record || record.swept?.isComplete) continue;
    // A sweep that was begun is ended; its record is as young as that.
    const isOld = record.swept !== undefined || (kept.isKnown && lastModified <= cutoff);
    if (isOld && !kept.isKept(table, snapshot)) {
      // The newest first, of one second that with the most: it has the rows of those before it. What is half swept is the
      // last to count on.
      const holds = record.parts.flatMap((part) => part.holds ?? []).length;
      superseded.push({ table, snapshot, place: record.swept ? 0 : lastModified, holds });
      continue;
    }
    report.kept += 1;
    await holders.countOn(table, record);
  }
  for (const { table, snapshot } of superseded.sort((a, b) => b.place - a.place || b.holds - a.holds)) {
    const record = await requireSnapshot(store, pipeline, table, snapshot);
    if (holders.isSole(table, record)) {
      report.kept += 1;
      await holders.countOn(table, record);
    } else await sweepSnapshot(sweep, { table, snapshot, record });
  }
  return recorded;
}

async function sweepSnapshot(
  { dependencies, pipeline, dryRun, report, signal }: Sweep,
  { table, snapshot, record }: { table: string; snapshot: string; record: SnapshotRecord },
): Promise<void> {
  const { store } = dependencies;
  const { own, others } = await findParts(store, pipeline, record, signal);
  for (const other of others) report.addStranger(other);
  const at = new Date().toISOString();
  const mark = (isComplete: boolean): Promise<void> => {
    const swept = { at: record.swept?.at ?? at, run: currentRunId(), isComplete };
    const key = snapshotRecordKey(pipeline, table, snapshot);
    return writeRecord(store, pipeline.areas.log, key, { ...record, swept } satisfies SnapshotRecord);
  };
  if (!dryRun) await mark(false);
  const amount = dryRun ? sumOf(own) : await deletePinned(store, own, report, signal);
  if (!dryRun) await mark(true);
  report.swept.push({ table, snapshot, ...amount, was: 'superseded' });
}
