import type { ObjectLocation } from '../../adapters/object-store';
import type { HeldDelivery, HeldRows, Part, ProcessedFile } from '../../engine/tasks';

/** One of a held part's files. `rows`: of each delivery that it has rows of. */
export interface HeldFile extends ObjectLocation, Pick<Part, 'sha256' | 'partition'> {
  rows: ReadonlyMap<number, number>;
}

/** A part whose rows can be taken as the table is declared now, and whose rows they are. */
export interface HeldPart {
  files: readonly HeldFile[];
  holds: readonly HeldDelivery[];
  /** The names of its columns. */
  columns: readonly string[];
}

interface Found {
  part: HeldPart;
  /** Where among those that the part holds. */
  place: number;
  delivery: HeldDelivery;
}

/** Neighbouring deliveries of one part. */
interface Run {
  part: HeldPart;
  /** Of the last of them. */
  place: number;
  timestamps: number[];
}

/** Whose rows a part has that is made of these. */
export function holdingsOf(inputs: readonly ProcessedFile[]): HeldDelivery[] {
  const holds: HeldDelivery[] = [];
  for (const { fileLandTimestamp, rows, contentSha256 } of inputs) {
    let last = holds.at(-1);
    if (last?.fileLandTimestamp !== fileLandTimestamp)
      holds.push((last = { fileLandTimestamp, rows: 0, contents: [] }));
    last.rows += rows;
    last.contents.push(contentSha256);
  }
  return holds;
}

/** A part that holds all of the delivery whose files begin at `from`. */
function findHeld(
  parts: readonly HeldPart[],
  wanted: readonly ProcessedFile[],
  from: number,
): Found | undefined {
  const next = wanted[from];
  for (const part of parts) {
    const place = part.holds.findIndex(
      ({ fileLandTimestamp, contents }) =>
        fileLandTimestamp === next?.fileLandTimestamp &&
        contents.every(
          (content, at) =>
            wanted[from + at]?.contentSha256 === content &&
            wanted[from + at]?.fileLandTimestamp === fileLandTimestamp,
        ),
    );
    const delivery = part.holds[place];
    if (delivery) return { part, place, delivery };
  }
  return undefined;
}

/**
 * What a part is made of: of what is transient, the rows that a published part holds, as far as one does, and otherwise what
 * is processed. Only rows of the very content that is wanted are taken, in the order that is wanted.
 */
export function chooseInputs(
  inputs: readonly ProcessedFile[],
  parts: readonly HeldPart[],
): (ProcessedFile | HeldRows)[] {
  const chosen: (ProcessedFile | Run)[] = [];
  for (let at = 0; at < inputs.length;) {
    const input = inputs[at] as ProcessedFile;
    const found = input.isTransient ? findHeld(parts, inputs, at) : undefined;
    if (!found) {
      // Without rows it may be in no file of a table with partitions, and there is nothing to take.
      if (!input.isTransient || input.rows > 0) chosen.push(input);
      at += 1;
      continue;
    }
    const { part, place, delivery } = found;
    const before = chosen.at(-1);
    if (before && 'timestamps' in before && before.part === part && before.place + 1 === place) {
      before.timestamps.push(delivery.fileLandTimestamp);
      before.place = place;
    } else chosen.push({ part, place, timestamps: [delivery.fileLandTimestamp] });
    at += delivery.contents.length;
  }
  return chosen.flatMap<ProcessedFile | HeldRows>((each) => ('timestamps' in each ? toHeldRows(each) : each));
}

/** From each file that has rows of them; one, without rows, where none has. */
function toHeldRows({ part: { files, columns }, timestamps }: Run): HeldRows[] {
  const range = { first: timestamps[0] as number, last: timestamps.at(-1) as number };
  const taken = files.map(({ bucket, key, sha256, partition, rows: counts }) => ({
    ...{ bucket, key, sha256, ...range },
    rows: timestamps.reduce((sum, each) => sum + (counts.get(each) ?? 0), 0),
    columns: [...columns],
    ...(partition && { partition }),
  }));
  const filled = taken.filter(({ rows }) => rows > 0);
  return filled.length > 0 ? filled : taken.slice(0, 1);
}
