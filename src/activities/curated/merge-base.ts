import type { ObjectStore } from '../../adapters/object-store';
import type { Pipeline, Table } from '../../definition/pipeline';
import type { KeyBucket, MergedPart, ProcessedFile } from '../../engine/tasks';
import { isCompleted, readPublishesBack } from '../glue/publishes';
import { holdingsOf } from './choose-inputs';
import { shapeOf, whyNotTaken } from './part-shape';
import { contentOf, type PlannedPart } from './plan-parts';
import { snapshotsOf } from './published-parts';
import { findKeptSnapshot, outcomesOf, type SnapshotRecord } from './snapshot-record';

/** A snapshot with one row a key that the next is made of, together with the deliveries that it does not have. */
export interface MergeBase {
  snapshot: string;
  record: SnapshotRecord;
}

type Holding = Pick<SnapshotRecord, 'holds'>;

const namesOf = (deliveries: readonly { fileLandTimestamp: number; contents: string[] }[]): Set<string> =>
  new Set(deliveries.map(({ fileLandTimestamp, contents }) => [fileLandTimestamp, ...contents].join()));

/** Those of deliveries that a base does not have. */
export function notIn({ holds = [] }: Holding, inputs: readonly ProcessedFile[]): ProcessedFile[] {
  const held = new Set(holds.map(({ fileLandTimestamp }) => fileLandTimestamp));
  return inputs.filter(({ fileLandTimestamp }) => !held.has(fileLandTimestamp));
}

/** In words; @returns undefined where it can be merged with what it does not have */
export function whyNotMerged(
  pipeline: Pipeline,
  table: Table,
  { holds, shape }: SnapshotRecord,
  inputs: readonly ProcessedFile[],
): string | undefined {
  if (!holds || !shape) return 'they were not written to be merged with the rows of later runs';
  const wanted = namesOf(holdingsOf(inputs));
  const other = holds.find((each) => [...namesOf([each])].some((name) => !wanted.has(name)));
  if (other)
    return `they have delivery ${other.fileLandTimestamp} as it was processed before, and the rows that it superseded are nowhere`;
  return whyNotTaken(shape, shapeOf(pipeline, table));
}

/**
 * The first snapshot that can be merged: of those that are given, by their names, and of those that were published since, and
 * by, the latest complete run. A run that ended between its publish and its report, and is made again by another release,
 * goes on from what was before it.
 */
export async function findMergeBase(
  store: ObjectStore,
  pipeline: Pipeline,
  table: Table,
  inputs: readonly ProcessedFile[],
  snapshots: readonly (string | undefined)[],
): Promise<MergeBase | undefined> {
  if (!table.upsert || !inputs.some(({ isTransient }) => isTransient)) return undefined;
  for await (const snapshot of candidates(store, pipeline, table, snapshots)) {
    if (snapshot === undefined) continue;
    const record = await findKeptSnapshot(store, pipeline, table.name, snapshot);
    if (record && whyNotMerged(pipeline, table, record, inputs) === undefined) return { snapshot, record };
  }
  return undefined;
}

async function* candidates(
  store: ObjectStore,
  pipeline: Pipeline,
  { name }: Table,
  snapshots: readonly (string | undefined)[],
): AsyncGenerator<string | undefined> {
  yield* new Set(snapshots);
  for await (const record of readPublishesBack(store, pipeline)) {
    if (record.kind !== 'run') continue;
    yield snapshotsOf(record.database.tables)[name];
    if (await isCompleted(store, pipeline, record)) return;
  }
}

/** How many parts a base has, and how many bytes of processed it would take to say what is to be merged. */
export function measureBase(
  { record }: MergeBase,
  inputs: readonly ProcessedFile[],
): { of: number; bytes: number } {
  const rowsOf = (files: readonly ProcessedFile[]): number => files.reduce((sum, { rows }) => sum + rows, 0);
  const bytes = inputs.reduce((sum, file) => sum + file.bytes, 0);
  const outcomes = outcomesOf(record);
  const deleted = outcomes.reduce((sum, { merged }) => sum + merged.deleted, 0);
  const entries = record.rows + deleted + rowsOf(notIn(record, inputs));
  return { of: outcomes.length, bytes: (entries * bytes) / Math.max(1, rowsOf(inputs)) };
}

/** What of a base a part is made of. There are as many parts as the base has, or a multiple, so that it is one of them. */
export function basePartOf(
  pipeline: Pipeline,
  table: Table,
  { holds = [], shape, ...record }: SnapshotRecord,
  { inputs, bucket }: PlannedPart & { bucket: KeyBucket },
  code: string,
): MergedPart | undefined {
  const outcomes = outcomesOf(record);
  const isWider = outcomes.length !== bucket.of;
  const outcome = outcomes[bucket.place % outcomes.length];
  const [first, last] = [holds[0], holds.at(-1)];
  if (!outcome || !shape || !first || !last) return undefined;
  const fresh = new Set(notIn({ holds }, inputs));
  const before = { inputs: inputs.filter((each) => !fresh.has(each)), bucket };
  const { content, merged, deletedKeys } = outcome;
  const files = record.parts.filter((each) => each.content === content);
  return {
    bucket: pipeline.areas.curated,
    files: files.map(({ key, sha256, rows, bytes, partition }) => ({
      ...{ key, sha256, rows, bytes, ...(partition && { partition }) },
    })),
    ...(deletedKeys && { deletedKeys }),
    columns: shape.columns.map(([name]) => name),
    merged: bucket.place < outcomes.length ? merged : { ...merged, superseded: 0 },
    ...{ first: first.fileLandTimestamp, last: last.fileLandTimestamp, isWider },
    isAlike: !isWider && contentOf(pipeline, table, before, code) === content,
  };
}
