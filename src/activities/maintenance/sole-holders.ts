import type { ObjectStore } from '../../adapters/object-store';
import type { Pipeline } from '../../definition/pipeline';
import type { CuratedPart } from '../../engine/tasks';
import { groupParts } from '../curated/group-parts';
import { listProcessed, readProcessedFiles } from '../curated/processed-index';
import { findParts } from './delete-parts';

/** The rows that mode `delta` has in curated alone, and which of them are known to stay there. */
export interface SoleHolders {
  /** Whether a snapshot has such rows that nothing known to stay has. */
  isSole(table: string, parts: readonly CuratedPart[]): boolean;
  /** Counts on the snapshot from here on: on those of its files that are there as they were recorded. */
  countOn(table: string, parts: readonly CuratedPart[]): Promise<void>;
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

  const rowsOf = (table: string, parts: readonly CuratedPart[]): string[] =>
    parts
      .flatMap(({ holds = [] }) => holds)
      .flatMap(({ fileLandTimestamp, contents }) => contents.map((each) => `${fileLandTimestamp}/${each}`))
      .filter((rows) => transient.has(rows))
      .map((rows) => `${table}/${rows}`);
  const isSole = (table: string, parts: readonly CuratedPart[]): boolean =>
    rowsOf(table, parts).some((rows) => !staying.has(rows));

  return {
    isSole,
    async countOn(table, parts) {
      if (!isSole(table, parts)) return;
      const { own } = await findParts(store, pipeline, parts, signal);
      const there = new Set(own.map(({ key }) => key));
      const found = groupParts(parts)
        .filter((files) => files.every(({ key }) => there.has(key)))
        .flat();
      for (const rows of rowsOf(table, found)) staying.add(rows);
    },
  };
}
