import type { Pipeline, Table } from '../../definition/pipeline';
import { isAsRecorded, recognisePart } from '../../engine/curated-part';
import type { CuratedPart, HeldDelivery, HeldRows, Part, ProcessedFile } from '../../engine/tasks';
import { DefinitionError, IntegrityError, type FailureWords } from '../../errors';
import { mapWithLimit } from '../../map-with-limit';
import { cancellationSignal } from '../context';
import type { Dependencies } from '../dependencies';
import { chooseInputs, type HeldPart } from './choose-inputs';
import { groupParts } from './group-parts';
import { whyNotMerged } from './merge-base';
import { shapeOf, whyNotTaken } from './part-shape';
import type { SnapshotRecord } from './snapshot-record';

type Storing = Pick<Dependencies, 'store'>;

/** What of a table's published snapshots can be read again, and why something cannot. */
export interface HeldParts {
  parts: HeldPart[];
  /** Of a declaration that has changed. */
  changed: string | undefined;
}

const LOOKS_AT_ONCE = 8;

/** The parts of snapshots that say whose rows they have, whose columns fit, and whose objects are as recorded. */
export async function findHeldParts(
  { store }: Storing,
  pipeline: Pipeline,
  table: Table,
  snapshots: readonly SnapshotRecord[],
  inputs: readonly ProcessedFile[],
): Promise<HeldParts> {
  if (table.curation)
    return { parts: [], changed: 'they hold rows that have not gone through curated.transform' };
  if (table.upsert) {
    // One that can be is taken as a whole, and not delivery by delivery.
    const reasons = snapshots.map((each) => whyNotMerged(pipeline, table, each, inputs));
    return { parts: [], changed: reasons.find((reason) => reason !== undefined) };
  }
  const held: HeldParts = { parts: [], changed: undefined };
  const bucket = pipeline.areas.curated;
  const wanted = shapeOf(pipeline, table);
  for (const { parts, shape } of snapshots) {
    const reason = shape && whyNotTaken(shape, wanted);
    held.changed ??= reason;
    if (!shape || reason !== undefined) continue;
    const columns = shape.columns.map(([name]) => name);
    const isThere = async ({ content, rows, ...part }: CuratedPart): Promise<boolean> => {
      if (!part.holds || content === undefined) return false;
      const stored = await store.head({ bucket, key: part.key }, { signal: cancellationSignal() });
      if (!stored || !isAsRecorded(stored, part)) return false;
      return recognisePart(stored, { content, rows }) !== undefined;
    };
    const found = await mapWithLimit(groupParts(parts), LOOKS_AT_ONCE, async (files) => {
      for (const file of files) if (!(await isThere(file))) return [];
      return [{ ...toHeldPart(bucket, files), columns }];
    });
    held.parts.push(...found.flat());
  }
  return held;
}

/** All files of one part. */
function toHeldPart(bucket: string, files: readonly CuratedPart[]): Omit<HeldPart, 'columns'> {
  const holds = new Map<number, HeldDelivery>();
  for (const { fileLandTimestamp, rows, contents } of files.flatMap((file) => file.holds ?? [])) {
    const before = holds.get(fileLandTimestamp)?.rows ?? 0;
    holds.set(fileLandTimestamp, { fileLandTimestamp, rows: before + rows, contents });
  }
  return {
    holds: [...holds.values()].sort((a, b) => a.fileLandTimestamp - b.fileLandTimestamp),
    files: files.map(({ key, sha256, partition, holds: own = [] }) => ({
      ...{ bucket, key, sha256, ...(partition && { partition }) },
      rows: new Map(own.map((each) => [each.fileLandTimestamp, each.rows])),
    })),
  };
}

/**
 * What a part is to be made of.
 * @throws DefinitionError, or IntegrityError, when something of it is neither in processed any more nor published in a form
 * that it can be taken from
 */
export async function locateInputs(
  { store }: Storing,
  table: Table,
  inputs: readonly ProcessedFile[],
  held: HeldParts,
): Promise<(ProcessedFile | HeldRows)[]> {
  const chosen = chooseInputs(inputs, held.parts);
  const processed = chosen.filter(
    (each): each is ProcessedFile => 'isTransient' in each && each.fileName === undefined,
  );
  await mapWithLimit(processed, LOOKS_AT_ONCE, async (file) => {
    if (await store.head(file, { signal: cancellationSignal() })) return;
    throw rowsOutOfReach(table, file, held);
  });
  return chosen;
}

function rowsOutOfReach(table: Table, file: ProcessedFile, { changed }: HeldParts): Error {
  const words = (why: string, next: string): FailureWords => ({
    happened: `Table "${table.name}": the rows of delivery ${file.fileLandTimestamp} are to be written anew. What was processed (s3://${file.bucket}/${file.key}) is deleted, as mode 'delta' has it, and what is published cannot be taken: ${why}.`,
    unchanged: 'Nothing was published: readers see the table as it was, and raw-hist keeps every file.',
    next,
  });
  if (changed !== undefined)
    return new DefinitionError(
      words(
        `of its Parquet files, ${changed}`,
        "Declare the table as it was, and run again: a table in mode 'delta' may gain and lose columns, its integers and decimals may become wider, and where it has no sortBy it may gain one. Otherwise declare another table with a folder of its own, and land the files there again that raw-hist keeps; nothing makes processed anew from raw-hist yet.",
      ),
    );
  return new IntegrityError(
    words(
      'no Parquet file that holds them is as it was recorded, or the table has another name by now',
      'Restore the objects of the curated area (or the name of the table), and run again. If they are lost, declare another table with a folder of its own, and land the files there again that raw-hist keeps; nothing makes processed anew from raw-hist yet.',
    ),
  );
}

/** The parts of snapshots by their content, each with all its files. */
export const byContent = (snapshots: readonly SnapshotRecord[]): Map<string, Part[]> =>
  new Map(
    snapshots.flatMap(({ parts }) =>
      groupParts(parts.filter((part): part is Part => part.content !== undefined)).map(
        (files) => [(files[0] as Part).content, files] as const,
      ),
    ),
  );
