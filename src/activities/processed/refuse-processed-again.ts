import type { Pipeline, Table } from '../../definition/pipeline';
import type { ProcessedFile } from '../../engine/tasks';
import { DefinitionError } from '../../errors';
import { cancellationSignal } from '../context';
import { findMergeBase, notIn } from '../curated/merge-base';
import { groupByTable } from '../curated/plan-curation';
import { listProcessed, readProcessedFiles, toIndexed } from '../curated/processed-index';
import { readPublishedSnapshots } from '../curated/published-parts';
import { readReportedSnapshots } from '../curated/reported-snapshots';
import type { Dependencies } from '../dependencies';
import type { ProcessedFileRecord } from '../records';
import { takeBack } from './take-back';

type Parts = Pick<Dependencies, 'store' | 'catalogue' | 'version'>;

const contentsOf = (files: readonly ProcessedFile[]): string =>
  files.map(({ contentSha256 }) => contentSha256).join();

/**
 * Refuses to have other rows of a delivery than those that a table with one row a key was made of, where nothing but that table
 * is left: what they superseded is nowhere. Asked before `processed.json` is replaced, so that later deliveries go on. A run
 * that is begun again before its delivery is published has the snapshot from before it.
 * @param files of the delivery, as they are processed now
 * @throws DefinitionError where the table could not be made any more
 */
export async function refuseProcessedAgain(
  parts: Parts,
  pipeline: Pipeline,
  fileLandTimestamp: number,
  files: readonly ProcessedFileRecord[],
): Promise<void> {
  const tables = pipeline.tables.filter(({ upsert }) => upsert !== undefined);
  if (tables.length === 0) return;
  const { store, version } = parts;
  const indexed = await readProcessedFiles(store, pipeline, await listProcessed(store, pipeline));
  if (!indexed.has(fileLandTimestamp)) return;
  const before = groupByTable(pipeline, indexed);
  const now = groupByTable(
    pipeline,
    new Map([...indexed, [fileLandTimestamp, files.map((file) => toIndexed(file, version))]]),
  );
  const isOfDelivery = (file: ProcessedFile): boolean => file.fileLandTimestamp === fileLandTimestamp;
  for (const table of tables) {
    const inputs = (now.get(table.name) ?? []).flat();
    const was = (before.get(table.name) ?? []).flat().filter(isOfDelivery);
    const is = inputs.filter(isOfDelivery);
    if (!inputs.some(({ isTransient }) => isTransient)) continue;
    if (contentsOf(was) === contentsOf(is) || (await canBeMade(parts, pipeline, table, inputs))) continue;
    await takeBack(
      store,
      is.filter(({ isTransient }) => isTransient),
    );
    throw processedAgain(table, fileLandTimestamp);
  }
}

/** Of a snapshot and what is in processed beside it. */
async function canBeMade(
  { store, catalogue }: Parts,
  pipeline: Pipeline,
  table: Table,
  inputs: readonly ProcessedFile[],
): Promise<boolean> {
  const reported = await readReportedSnapshots(store, pipeline, [table.name]);
  const published = await readPublishedSnapshots(catalogue, pipeline);
  const snapshots = [reported[table.name], published[table.name]];
  const base = await findMergeBase(store, pipeline, table, inputs, snapshots);
  for (const file of base ? notIn(base.record, inputs) : inputs)
    if (file.isTransient && file.rows > 0 && !(await store.head(file, { signal: cancellationSignal() })))
      return false;
  return true;
}

const processedAgain = ({ name }: Table, fileLandTimestamp: number): DefinitionError =>
  new DefinitionError({
    happened: `Table "${name}" has one row a key and is in mode 'delta': delivery ${fileLandTimestamp} is merged with others there, and was to be processed to other rows. Those that it superseded are nowhere, so that it cannot be taken out again.`,
    unchanged: 'Nothing was published: readers see the table as it was, and later deliveries go on.',
    next: 'Run the delivery with the release that processed it, or leave it as it is; what is to be corrected can come in a new delivery. To process deliveries again with other code, declare another table with a folder of its own, and land the files there again that raw-hist keeps.',
  });
