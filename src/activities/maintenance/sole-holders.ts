import type { ObjectStore } from '../../adapters/object-store';
import type { Pipeline } from '../../definition/pipeline';
import { groupParts } from '../curated/group-parts';
import { objectsOf, type SnapshotFiles, type SnapshotRecord } from '../curated/snapshot-record';
import { listProcessed, readProcessedFiles } from '../curated/processed-index';
import { findParts } from './delete-parts';

type Held = Pick<SnapshotRecord, 'parts' | 'outcomes' | 'holds'>;

/** The rows that mode `delta` has in curated alone, and which of them are known to stay there. */
export interface SoleHolders {
  /** Whether a snapshot has such rows that nothing known to stay has. */
  isSole(table: string, record: Held): boolean;
  /** Counts on the snapshot from here on: on those of its files that are there as they were recorded. */
  countOn(table: string, record: Held): Promise<void>;
}

/** By the content of what was processed, whatever the table's mode is today, and whether or not it is declared. */
export async function findSoleHolders(
  store: ObjectStore,
  pipeline: Pipeline,
  signal: AbortSignal,
): Promise<SoleHolders> {
  const processed = await readProcessedFiles(store, pipeline, await listProcessed(store, pipeline));
  const transient = new Set<string>();
  for (const [timestamp, files] of processed)
    for (const { isTransient, objects } of files)
      if (isTransient)
        for (const { contentSha256 } of objects) transient.add(`${timestamp}/${contentSha256}`);
  const staying = new Set<string>();

  const rowsOf = (table: string, { parts, holds: merged = [] }: Held): string[] =>
    [...merged, ...parts.flatMap(({ holds = [] }) => holds)]
      .flatMap(({ fileLandTimestamp, contents }) => contents.map((each) => `${fileLandTimestamp}/${each}`))
      .filter((rows) => transient.has(rows))
      .map((rows) => `${table}/${rows}`);
  const isSole = (table: string, record: Held): boolean =>
    rowsOf(table, record).some((rows) => !staying.has(rows));

  return {
    isSole,
    async countOn(table, record) {
      if (!isSole(table, record)) return;
      const { own } = await findParts(store, pipeline, record, signal);
      const there = new Set(own.map(({ key }) => key));
      const isThere = (files: SnapshotFiles): boolean => objectsOf(files).every(({ key }) => there.has(key));
      const parts = groupParts(record.parts)
        .filter((files) => isThere({ parts: files }))
        .flat();
      // A delivery that is merged may have rows in any of them.
      const holds = isThere(record) ? record.holds : undefined;
      for (const rows of rowsOf(table, { parts, ...(holds && { holds }) })) staying.add(rows);
    },
  };
}
