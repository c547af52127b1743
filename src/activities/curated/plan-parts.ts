import { createHash } from 'node:crypto';
import { glueType } from '../../definition/column-type';
import { addedColumns } from '../../definition/added-columns';
import type { Pipeline, Table } from '../../definition/pipeline';
import type { ProcessedFile } from '../../engine/tasks';

/** One Parquet file that is to be, and all that it follows from. */
export interface PlannedPart {
  /** Hexadecimal; equal for parts of the same rows in the same columns. */
  content: string;
  rows: number;
  inputs: ProcessedFile[];
}

/** Neighbouring deliveries. */
interface Unit {
  parts: ProcessedFile[][];
  bytes: number;
  /** It is one part, and no delivery that comes later will belong to it. */
  isWhole: boolean;
}

// Raised when the way Parquet is written changes, so that parts are made anew.
const PARQUET_LAYOUT = 1;
/** Of JSON lines; what a part takes in memory and temporary space follows from it. One file is one part, however large. */
export const LARGEST_PART_BYTES = 1024 ** 3;
/** How many neighbours of one kind become one part. */
export const FAN_IN = 8;

const bytesOf = (files: readonly ProcessedFile[]): number => files.reduce((sum, { bytes }) => sum + bytes, 0);

/** Cuts a delivery where it is too large for one part. */
function toUnit(files: ProcessedFile[]): Unit {
  const parts: ProcessedFile[][] = [];
  for (const file of files) {
    const last = parts.at(-1);
    if (last && bytesOf(last) + file.bytes <= LARGEST_PART_BYTES) last.push(file);
    else parts.push([file]);
  }
  return { parts, bytes: bytesOf(files), isWhole: parts.length === 1 };
}

function join(units: readonly Unit[]): Unit {
  const bytes = units.reduce((sum, unit) => sum + unit.bytes, 0);
  const parts = units.flatMap((unit) => unit.parts);
  const isWhole =
    units.length === FAN_IN && bytes <= LARGEST_PART_BYTES && units.every((unit) => unit.isWhole);
  return { parts: isWhole ? [parts.flat()] : parts, bytes, isWhole };
}

/**
 * Cuts a table's processed files, delivery by delivery, into parts. Every eight neighbouring deliveries become one part,
 * every eight of these again, as long as they are not too large: a delivery that comes behind the others leaves most parts
 * as they are, there are few of them, and each row is written anew only a few times in its life.
 */
function cut(deliveries: readonly ProcessedFile[][]): ProcessedFile[][] {
  let units = deliveries.map(toUnit);
  while (units.length > 1) {
    const joined: Unit[] = [];
    for (let first = 0; first < units.length; first += FAN_IN)
      joined.push(join(units.slice(first, first + FAN_IN)));
    units = joined;
  }
  return units[0]?.parts ?? [];
}

/** All that a part's rows and columns follow from, as one value. */
export function contentOf(
  pipeline: Pipeline,
  { processedColumns, sortBy }: Table,
  inputs: readonly ProcessedFile[],
): string {
  const made = {
    layout: PARQUET_LAYOUT,
    columns: processedColumns.map(({ name, type }) => [name, glueType(type)]),
    added: addedColumns(pipeline).map(({ name }) => name),
    sortBy,
    inputs: inputs.map((each) => [each.fileLandTimestamp, each.rows, each.contentSha256]),
  };
  return createHash('sha256').update(JSON.stringify(made)).digest('hex');
}

/** @param deliveries the table's processed files of each, in rising order of their timestamps */
export function planParts(
  pipeline: Pipeline,
  table: Table,
  deliveries: readonly ProcessedFile[][],
): PlannedPart[] {
  const parts = cut(deliveries);
  // A table without rows is one file without rows, so that its readers find its columns.
  return (parts.length === 0 ? [[]] : parts).map((inputs) => ({
    content: contentOf(pipeline, table, inputs),
    rows: inputs.reduce((sum, { rows }) => sum + rows, 0),
    inputs,
  }));
}
