import type { Pipeline } from '../../definition/pipeline';
import type { ProcessedFile } from '../../engine/tasks';
import { IntegrityError } from '../../errors';
import { cancellationSignal, currentProgress } from '../context';
import type { Dependencies } from '../dependencies';
import { hashObject } from '../verify-stored';
import { holdingsOf } from './choose-inputs';
import { readPublishedSnapshots } from './published-parts';
import { groupParts } from './group-parts';
import { objectsOf, requireSnapshot, type SnapshotRecord } from './snapshot-record';

/** What readers see now, and whose rows it is. */
export interface PublishedHoldings {
  /**
   * Whether a table's readers see the rows of just these files; the Parquet files that have them are read back, once.
   * @param files all of one delivery, in their order
   * @throws IntegrityError when one is missing, or is not what was written
   */
  hold(table: string, files: readonly ProcessedFile[]): Promise<boolean>;
}

export async function findPublishedHoldings(
  { store, catalogue }: Pick<Dependencies, 'store' | 'catalogue'>,
  pipeline: Pipeline,
): Promise<PublishedHoldings> {
  const snapshots = await readPublishedSnapshots(catalogue, pipeline);
  const records = new Map<string, SnapshotRecord>();
  const verified = new Set<string>();
  const { curated } = pipeline.areas;

  async function read(table: string): Promise<Pick<SnapshotRecord, 'parts' | 'outcomes' | 'holds'>> {
    const snapshot = snapshots[table];
    if (snapshot === undefined) return { parts: [] };
    const record = records.get(table) ?? (await requireSnapshot(store, pipeline, table, snapshot));
    records.set(table, record);
    return record;
  }

  async function verify({ key, bytes, sha256 }: ReturnType<typeof objectsOf>[number]): Promise<void> {
    if (verified.has(key)) return;
    const signal = cancellationSignal();
    const progress = currentProgress();
    const stored = await store.head({ bucket: curated, key }, { signal });
    const found =
      stored &&
      (await hashObject(store, stored, signal, (read) => {
        progress.bytes += read;
      }));
    if (found?.sha256 !== sha256 || found.size !== bytes) throw notAsWritten(`s3://${curated}/${key}`);
    verified.add(key);
  }

  return {
    async hold(table, files) {
      const [{ fileLandTimestamp } = { fileLandTimestamp: 0 }] = files;
      const isOfDelivery = (each: { fileLandTimestamp: number }): boolean =>
        each.fileLandTimestamp === fileLandTimestamp;
      const record = await read(table);
      // Where there is one row a key, any part may have rows of the delivery, or not have what it deleted.
      const parts = record.holds
        ? record.parts
        : record.parts.filter(({ holds = [] }) => holds.some(isOfDelivery));
      // Each file of a part says what the whole of it has of a delivery.
      const inParts = record.holds ?? groupParts(parts).flatMap(([first]) => first?.holds ?? []);
      const held = inParts.filter(isOfDelivery);
      const wanted = holdingsOf(files);
      const contentsOf = (all: typeof held): string => all.flatMap(({ contents }) => contents).join();
      // Without rows it is in no file of a table with partitions, and there is nothing to lose.
      if (files.every(({ rows }) => rows === 0)) return true;
      if (contentsOf(held) !== contentsOf(wanted)) return false;
      for (const object of objectsOf({ parts, outcomes: record.outcomes ?? [] })) await verify(object);
      return true;
    },
  };
}

const notAsWritten = (object: string): IntegrityError =>
  new IntegrityError({
    happened: `${object}, which is published, is missing or is not what was written.`,
    unchanged: 'What was processed is not deleted: its rows may be nowhere else but in raw-hist.',
    next: 'Find out who changes the curated area: only Landfall may write there. The next run makes the file anew, and then deletes what was processed.',
  });
