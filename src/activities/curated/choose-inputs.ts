import type { ObjectLocation } from '../../adapters/object-store';
import type { HeldDelivery, HeldRows, Part, ProcessedFile } from '../../engine/tasks';

/** A part whose rows can be taken as the table is declared now, and whose rows they are. */
export interface HeldPart extends ObjectLocation, Pick<Part, 'sha256'> {
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
  const chosen: (ProcessedFile | HeldRows)[] = [];
  let before: { found: Found; rows: HeldRows } | undefined;
  for (let at = 0; at < inputs.length;) {
    const input = inputs[at] as ProcessedFile;
    const found = input.isTransient ? findHeld(parts, inputs, at) : undefined;
    if (!found) {
      chosen.push(input);
      before = undefined;
      at += 1;
      continue;
    }
    const { part, place, delivery } = found;
    if (before?.found.part === part && before.found.place + 1 === place) {
      before.rows.last = delivery.fileLandTimestamp;
      before.rows.rows += delivery.rows;
      before.found = found;
    } else {
      const { fileLandTimestamp: timestamp, rows: count } = delivery;
      const { bucket, key, sha256, columns } = part;
      const range = { first: timestamp, last: timestamp, rows: count };
      const rows: HeldRows = { bucket, key, sha256, ...range, columns: [...columns] };
      before = { found, rows };
      chosen.push(rows);
    }
    at += delivery.contents.length;
  }
  return chosen;
}
