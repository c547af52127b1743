import type { Pipeline } from '../../definition/pipeline';
import { findTable } from '../../definition/find-pipeline';
import { findPipeline } from '../../definition/load-pipelines';
import { isAsRecorded, requirePart } from '../../engine/curated-part';
import { IntegrityError } from '../../errors';
import type { HeldDelivery, MergedOutcome, Part, WrittenFile } from '../../engine/tasks';
import type { Amount, DeliveryRef } from '../../layout/delivery';
import { snapshotRecordKey } from '../../layout/log-keys';
import { curatedPartKey, snapshotPrefix } from '../../layout/object-keys';
import { mapWithLimit } from '../../map-with-limit';
import { cancellationSignal, taskOptions } from '../context';
import type { Dependencies } from '../dependencies';
import { writeRecord } from '../records';
import { accountForMerged } from './account-for-merged';
import { holdingsOf } from './choose-inputs';
import { identifyCode } from './code-identity';
import { copyPublished } from './copy-published';
import { curationShapeOf } from './curation-shape';
import { byContent, findHeldParts, locateInputs } from './held-parts';
import { basePartOf, notIn } from './merge-base';
import { shapeOf } from './part-shape';
import { inputsOf } from './plan-parts';
import { readCurations, requireCuration, type CurationRecord, type TableCuration } from './plan-curation';
import {
  findKeptSnapshot,
  findSnapshot,
  objectsOf,
  requireSnapshot,
  type PartOutcome,
  type SnapshotRecord,
} from './snapshot-record';

/** What a table's snapshot came to. */
export interface CuratedAmount extends Amount {
  /** How many of its files were copied, when it was made, from what readers saw. */
  reused: number;
}

interface MadeFile {
  part: Part;
  isCopy: boolean;
}

interface MadePart {
  files: MadeFile[];
  outcome?: PartOutcome;
}

// Copies and small files take longer to ask for than to make; the engine bounds what is made at once.
const PARTS_AT_ONCE = 8;

/**
 * Writes one table's snapshot as Parquet, beside what its readers see, or finds it complete already. Parts that are as
 * readers see them now are copied inside the store; parts that an earlier attempt made are taken.
 * @throws IntegrityError when rows are missing, or another object has a part's name
 */
export const writeCurated =
  (dependencies: Dependencies) =>
  async ({ table, ...delivery }: DeliveryRef & { table: string }): Promise<CuratedAmount> => {
    const { pipelines, store, version } = dependencies;
    const pipeline = findPipeline(pipelines, delivery.pipeline);
    const planned = await readCurations(dependencies, pipeline);
    const curation = requireCuration(planned, pipeline, table, version);
    const { log } = pipeline.areas;
    const recordKey = snapshotRecordKey(pipeline, table, curation.snapshot);
    let record = await findKeptSnapshot(store, pipeline, table, curation.snapshot);
    if (!record || !(await hasAllFiles(dependencies, pipeline, record))) {
      const published = await readSnapshots(dependencies, pipeline, table, planned);
      const made = await fillSnapshot(dependencies, pipeline, curation, published);
      const files = made.flatMap((each) => each.files);
      const parts = files.map(({ part }) => part);
      const rows = parts.reduce((sum, part) => sum + part.rows, 0);
      const outcomes = made.flatMap(({ outcome }) => outcome ?? []);
      const filled = { parts, rows, ...(outcomes.length > 0 && { outcomes }) };
      accountForMerged(table, curation.parts, filled);
      const declared = findTable(pipelines, pipeline.name, table);
      if (declared.partitionBy.length > 0) await requireNoOthers(dependencies, pipeline, curation, parts);
      const shapes = { shape: shapeOf(pipeline, declared), curation: curationShapeOf(declared) };
      const holds =
        declared.upsert && hasTransient(curation) ? holdingsOf(inputsOf(curation.parts)) : undefined;
      record = {
        ...filled,
        reused: files.filter(({ isCopy }) => isCopy).length,
        version,
        ...shapes,
        ...(holds && { holds }),
      };
      await writeRecord(store, log, recordKey, record);
    }
    const bytes = record.parts.reduce((sum, part) => sum + part.bytes, 0);
    return { files: record.parts.length, rows: record.rows, bytes, reused: record.reused ?? 0 };
  };

async function fillSnapshot(
  dependencies: Dependencies,
  pipeline: Pipeline,
  curation: TableCuration,
  snapshots: readonly SnapshotRecord[],
): Promise<MadePart[]> {
  const { table, snapshot, parts } = curation;
  const { store, engine, version } = dependencies;
  const { curated: bucket } = pipeline.areas;
  const known = byContent(snapshots);
  const declared = findTable([pipeline], pipeline.name, table);
  const isTransient = hasTransient(curation);
  const held =
    isTransient && (await findHeldParts(dependencies, pipeline, declared, snapshots, inputsOf(parts)));
  const base =
    curation.base === undefined ? undefined : await requireSnapshot(store, pipeline, table, curation.base);
  const code = identifyCode(version);
  const isInFolders = declared.partitionBy.length > 0;
  return mapWithLimit(parts, PARTS_AT_ONCE, async (planned, place) => {
    const target = { bucket, key: curatedPartKey(pipeline, table, snapshot, place) };
    const { content, rows, bucket: keys } = planned;
    const wanted = { table, content, rows };
    // Rows that went through a curation cannot be taken back, nor those that are the last of their keys: they are not what is processed.
    const holds = declared.curation || declared.upsert ? undefined : holdingsOf(planned.inputs);
    const toMade = (files: readonly WrittenFile[], outcome?: MergedOutcome): MadePart => ({
      files: files.map(({ isCopy = false, ...file }) => ({ part: withHoldings(file, holds), isCopy })),
      ...(outcome && { outcome: { content, ...outcome } }),
    });
    // In which folders a part has files is known only by making it.
    const stored = isInFolders ? undefined : await store.head(target, { signal: cancellationSignal() });
    if (stored) {
      const part = requirePart(stored, target, wanted);
      await requireDeletedKeys(dependencies, table, bucket, part);
      return toMade([part]);
    }
    // Of one row a key each part has all deliveries, so that no other snapshot has it.
    const published = keys ? undefined : known.get(content);
    const copies = await copyPublished(dependencies, published, target, { table, content });
    if (copies) return toMade(copies.map((copy) => ({ ...copy, isCopy: true })));
    const rest = base ? notIn(base, planned.inputs) : planned.inputs;
    const inputs = held ? await locateInputs(dependencies, declared, rest, held) : rest;
    const before = base && keys && basePartOf(pipeline, declared, base, { ...planned, bucket: keys }, code);
    const { files, outcome } = await engine.writeCuratedPart(
      {
        ...{ pipeline: pipeline.name, table, inputs, ...(keys && { bucket: keys }) },
        ...{ ...(before && { base: before }), ...(keys && isTransient && { keepsDeleted: true }) },
        ...{ target, content, version },
      },
      taskOptions(),
    );
    const written = files.reduce((sum, file) => sum + file.rows, 0);
    if (rows !== undefined && written !== rows) throw rowsLost(table, rows, written);
    return toMade(files, outcome);
  });
}

/** They are stored before their part, and so are there unless somebody has taken them away. */
async function requireDeletedKeys(
  { store }: Dependencies,
  table: string,
  bucket: string,
  { deletedKeys }: Part,
): Promise<void> {
  if (!deletedKeys) return;
  const stored = await store.head({ bucket, key: deletedKeys.key }, { signal: cancellationSignal() });
  if (stored && isAsRecorded(stored, deletedKeys)) return;
  throw new IntegrityError({
    happened: `Table "${table}": s3://${bucket}/${deletedKeys.key}, which has the deleted keys of a part that is there, is missing or another object.`,
    unchanged: 'Nothing was published: readers see the table as it was.',
    next: 'Restore it, and run again; find out who changes the curated area: only Landfall may write there.',
  });
}

const hasTransient = ({ parts }: TableCuration): boolean =>
  inputsOf(parts).some(({ isTransient }) => isTransient);

/** Of a file in a partition only the deliveries that it has rows of, with these rows. */
function withHoldings(
  { deliveries, ...part }: Omit<WrittenFile, 'isCopy'>,
  holds: HeldDelivery[] | undefined,
): Part {
  // A copy in a partition has what it was made with.
  if (!holds || part.holds) return part;
  if (!deliveries) return { ...part, holds };
  const rows = new Map(deliveries.map((each) => [each.fileLandTimestamp, each.rows]));
  return {
    ...part,
    holds: holds.flatMap((each) => {
      const own = rows.get(each.fileLandTimestamp);
      return own === undefined ? [] : [{ ...each, rows: own }];
    }),
  };
}

/**
 * Readers see whatever is in a snapshot's folders; a part that was made in other ones before, by code that is not pure,
 * would be there beside itself.
 */
export async function requireNoOthers(
  { store }: Dependencies,
  pipeline: Pipeline,
  { table, snapshot }: Pick<TableCuration, 'table' | 'snapshot'>,
  parts: readonly Part[],
): Promise<void> {
  const own = new Set(parts.map(({ key }) => key));
  const { curated } = pipeline.areas;
  const prefix = snapshotPrefix(pipeline, table, snapshot);
  for await (const { key } of store.list(curated, prefix, { signal: cancellationSignal() }))
    if (!own.has(key)) throw otherFile(table, `s3://${curated}/${key}`);
}

/** What readers saw, behind what the last run published; without those that are not recorded. */
async function readSnapshots(
  { store }: Dependencies,
  pipeline: Pipeline,
  table: string,
  { published, reported = {} }: CurationRecord,
): Promise<SnapshotRecord[]> {
  const names = new Set([reported[table], published[table]]);
  const records: SnapshotRecord[] = [];
  for (const name of names) {
    if (name === undefined) continue;
    const record = await findSnapshot(store, pipeline, table, name);
    if (record) records.push(record);
  }
  return records;
}

/** Whether every file of a snapshot is there as it was recorded. */
export async function hasAllFiles(
  { store }: Dependencies,
  { areas }: Pipeline,
  record: SnapshotRecord,
): Promise<boolean> {
  const there = await mapWithLimit(objectsOf(record), PARTS_AT_ONCE, async (part) => {
    const stored = await store.head(
      { bucket: areas.curated, key: part.key },
      { signal: cancellationSignal() },
    );
    return stored !== undefined && isAsRecorded(stored, part);
  });
  return !there.includes(false);
}

function rowsLost(table: string, expected: number, rows: number): IntegrityError {
  return new IntegrityError({
    happened: `Table "${table}": ${expected} rows are processed, but ${rows} were written to curated.`,
    unchanged: 'Nothing was published: readers see the table as it was.',
    next: 'Please report this: Landfall counts every row so that this cannot pass unseen.',
  });
}

function otherFile(table: string, object: string): IntegrityError {
  return new IntegrityError({
    happened: `Table "${table}": ${object} is in the folder of the snapshot that is being made, and is no part of it: another attempt made other rows of the same input, or somebody else writes there.`,
    unchanged: 'Nothing was published: readers see the table as it was.',
    next: 'See that what curated.transform (or sql) gives follows from its rows alone (no clock, no random number), delete the object, and run again.',
  });
}
