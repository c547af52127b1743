import { createHash } from 'node:crypto';
import { glueType } from '../../definition/column-type';
import { addedColumns } from '../../definition/added-columns';
import { LARGEST_PART_BYTES } from '../../definition/curation';
import type { Pipeline, Table } from '../../definition/pipeline';
import type { Column } from '../../definition/read-column';
import type { KeyBucket, ProcessedFile } from '../../engine/tasks';
import { curationShapeOf } from './curation-shape';
import { readingOf } from './reading-of';

/** One Parquet file that is to be, and all that it follows from. */
export interface PlannedPart {
  /** Hexadecimal; equal for parts of the same rows in the same columns. */
  content: string;
  /** Absent where it follows from what is merged. */
  rows?: number;
  /** Of a table with `upsert`: all that is processed, in every part. */
  inputs: ProcessedFile[];
  /** Which keys it has; absent where it has all rows of its inputs. */
  bucket?: KeyBucket;
}

/** Neighbouring deliveries. */
interface Unit {
  parts: ProcessedFile[][];
  bytes: number;
  /** It is one part, and no delivery that comes later will belong to it. */
  isWhole: boolean;
}

// Raised when the way Parquet is written changes, so that parts are made anew.
const PARQUET_LAYOUT = 2;
/** How many neighbours of one kind become one part. */
export const FAN_IN = 8;

const bytesOf = (files: readonly ProcessedFile[]): number => files.reduce((sum, { bytes }) => sum + bytes, 0);

const rowsOf = (files: readonly ProcessedFile[]): number => files.reduce((sum, { rows }) => sum + rows, 0);

/** Cuts a delivery where it is too large for one part. One processed object is one part, however large. */
function toUnit(files: ProcessedFile[], largest: number): Unit {
  const parts: ProcessedFile[][] = [];
  // What is in curated alone can only be taken again as it was cut, whatever is declared by now.
  const limit = files.some(({ isTransient }) => isTransient) ? LARGEST_PART_BYTES : largest;
  for (const file of files) {
    const last = parts.at(-1);
    if (last && bytesOf(last) + file.bytes <= limit) last.push(file);
    else parts.push([file]);
  }
  return { parts, bytes: bytesOf(files), isWhole: parts.length === 1 };
}

function join(units: readonly Unit[], largest: number): Unit {
  const bytes = units.reduce((sum, unit) => sum + unit.bytes, 0);
  const parts = units.flatMap((unit) => unit.parts);
  const isWhole = units.length === FAN_IN && bytes <= largest && units.every((unit) => unit.isWhole);
  return { parts: isWhole ? [parts.flat()] : parts, bytes, isWhole };
}

/**
 * Cuts a table's processed files, delivery by delivery, into parts. Every eight neighbouring deliveries become one part,
 * every eight of these again, as long as they are not too large: a delivery that comes behind the others leaves most parts
 * as they are, there are few of them, and each row is written anew only a few times in its life.
 */
function cut(deliveries: readonly ProcessedFile[][], largest: number): ProcessedFile[][] {
  let units = deliveries.map((files) => toUnit(files, largest));
  while (units.length > 1) {
    const joined: Unit[] = [];
    for (let first = 0; first < units.length; first += FAN_IN)
      joined.push(join(units.slice(first, first + FAN_IN), largest));
    units = joined;
  }
  return units[0]?.parts ?? [];
}

/** Of raw-hist, by today's columns and code, each time that they are another. */
const isReadAnew = ({ fileName, curatedBy }: ProcessedFile): boolean =>
  fileName !== undefined && curatedBy === undefined;

const readBy = ({ fileName, curatedBy }: ProcessedFile, code: string): string[] =>
  fileName === undefined ? [] : [fileName, curatedBy ?? code];

/**
 * All that a part's rows and columns follow from, as one value.
 * @param code what stands for the code of a curation's transform, and for that which reads archived files
 */
export function contentOf(
  pipeline: Pipeline,
  table: Table,
  { inputs, bucket }: Pick<PlannedPart, 'inputs' | 'bucket'>,
  code: string,
): string {
  const { processedColumns, curatedColumns, partitionBy, sortBy, curation } = table;
  const typesOf = (columns: readonly Column[]): [string, string][] =>
    columns.map(({ name, type }) => [name, glueType(type)]);
  const made = {
    layout: PARQUET_LAYOUT,
    columns: typesOf(curatedColumns),
    ...(curation && { transform: { from: typesOf(processedColumns), code } }),
    added: addedColumns(pipeline).map(({ name }) => name),
    ...(partitionBy.length > 0 && { partitionBy }),
    sortBy,
    curation: curationShapeOf(table),
    ...(bucket && { bucket: [bucket.place, bucket.of] }),
    ...(inputs.some(isReadAnew) && { reading: readingOf(table) }),
    inputs: inputs.map((each) => [
      each.fileLandTimestamp,
      each.rows,
      each.contentSha256,
      ...readBy(each, code),
    ]),
  };
  return createHash('sha256').update(JSON.stringify(made)).digest('hex');
}

/**
 * @param deliveries the table's processed files of each, in rising order of their timestamps
 * @param code what stands for the code of a curation's transform
 * @param base of a table with `upsert`: in how many parts published rows are that it is made of, and how large it will be
 */
export function planParts(
  pipeline: Pipeline,
  table: Table,
  deliveries: readonly ProcessedFile[][],
  code: string,
  base?: { of: number; bytes: number },
): PlannedPart[] {
  if (table.upsert) return planBuckets(pipeline, table, deliveries.flat(), code, base);
  const parts = cut(deliveries, table.parquet.maxSourceBytes);
  // A table without rows is one file without rows, so that its readers find its columns.
  return (parts.length === 0 ? [[]] : parts).map((inputs) => ({
    content: contentOf(pipeline, table, { inputs }, code),
    rows: rowsOf(inputs),
    inputs,
  }));
}

/** A row supersedes others of its key wherever they are, so that each part has all rows of some keys. */
function planBuckets(
  pipeline: Pipeline,
  table: Table,
  inputs: ProcessedFile[],
  code: string,
  base: { of: number; bytes: number } | undefined,
): PlannedPart[] {
  const needed = Math.max(1, Math.ceil((base?.bytes ?? bytesOf(inputs)) / table.parquet.maxSourceBytes));
  let of = base?.of ?? needed;
  // All keys of a part are in one part of the base.
  while (of < needed) of *= 2;
  return Array.from({ length: of }, (_, place) => {
    const part = { inputs, bucket: { place, of } };
    return { content: contentOf(pipeline, table, part, code), ...part };
  });
}

/** All that a table's parts are made of, once. */
export const inputsOf = (parts: readonly PlannedPart[]): ProcessedFile[] =>
  parts[0]?.bucket ? parts[0].inputs : parts.flatMap(({ inputs }) => inputs);

/** How many rows of processed a table's parts are made of. */
export const rowsProcessed = (parts: readonly PlannedPart[]): number => rowsOf(inputsOf(parts));
