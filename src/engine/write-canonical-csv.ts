import { isNested } from '../definition/column-type';
import type { Column } from '../definition/read-column';
import { addUnchanged, GatheredBytes, type ValueWriter } from './gathered-bytes';
import { createFileWriter } from './file-writer';
import { toPolarsJson } from './nested-interchange';
import type { RowBatch } from './row-batch';

export interface CanonicalCsvWriter {
  /** Bytes so far. */
  readonly bytes: number;
  /** Writes the rows that have passed; `added`: values in canonical form for the columns behind those of the rows. */
  write(batch: RowBatch, added?: readonly string[]): Promise<void>;
  end(): Promise<void>;
}

const COMMA = Buffer.from(',');
const TIME_AT = 10;
const T = 'T'.charCodeAt(0);
const FIRST_BYTES = 1024 * 1024;

const addQuoted: ValueWriter = (into, { bytes }, start, end) => into.addCsvQuoted(bytes, start, end);
/** Polars casts text to a timestamp only in this form (and silently gives null, or fails, for others). */
const addIsoTimestamp: ValueWriter = (into, { bytes }, start, end) => {
  into.add(bytes, start, end);
  into.bytes[into.used - (end - start) + TIME_AT] = T;
};

function csvWriter({ type }: Column): ValueWriter {
  if (isNested(type)) {
    const toJson = toPolarsJson(type);
    return (into, { bytes }, start, end) => {
      const json = Buffer.from(toJson(bytes.toString('utf8', start, end)));
      into.addCsvQuoted(json, 0, json.length);
    };
  }
  if (type.name === 'string' || type.name === 'binary') return addQuoted;
  return type.name === 'timestamp' ? addIsoTimestamp : addUnchanged;
}

/** Rows as Polars is to read them: null is an empty field, the empty string `""`, all else as text that loses nothing. */
export async function createCanonicalCsvWriter(
  path: string,
  columns: readonly Column[],
): Promise<CanonicalCsvWriter> {
  const file = createFileWriter(path);
  const lines = new GatheredBytes(FIRST_BYTES);
  const writers = columns.map(csvWriter);
  let bytes = 0;
  await file.write(Buffer.from(`${columns.map((column) => column.name).join(',')}\n`));
  return {
    get bytes() {
      return bytes;
    },
    async write(batch, added = []) {
      const { length, width, spans, passed } = batch;
      const lineEnd = Buffer.from(`${added.map((value) => `,${value}`).join('')}\n`);
      for (let index = 0; index < length; index += 1) {
        if (passed[index] === 0) continue;
        let at = index * width * 2;
        for (let column = 0; column < width; column += 1, at += 2) {
          if (column > 0) lines.add(COMMA);
          const start = spans[at] as number;
          if (start >= 0) (writers[column] as ValueWriter)(lines, batch, start, spans[at + 1] as number);
        }
        lines.add(lineEnd);
      }
      bytes += lines.used;
      await file.write(lines.take());
    },
    end: () => file.end(),
  };
}
