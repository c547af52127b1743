import { isNested } from '../definition/column-type';
import type { Column } from '../definition/read-column';
import { createFileWriter } from './file-writer';
import { LineWriter, type ValueForm } from './machine/line-writer';
import { toPolarsJson } from './nested-interchange';
import type { RowBatch } from './row-batch';

export interface CanonicalCsvWriter {
  /** Bytes so far. */
  readonly bytes: number;
  /** Writes the rows that have passed; `values`, in canonical form, of the columns that were added. */
  write(batch: RowBatch, values?: readonly string[]): Promise<void>;
  end(): Promise<void>;
}

/** Polars casts text to a timestamp only with a T (and silently gives null, or fails, without). */
function formOf({ type }: Column): ValueForm {
  if (type.name === 'string' || type.name === 'binary' || isNested(type)) return 'csv-string';
  return type.name === 'timestamp' ? 'iso-timestamp' : 'unchanged';
}

/** Puts nested values into the form that Polars reads. */
function nestedWriter(columns: readonly Column[]): (batch: RowBatch) => void {
  const nested = columns.flatMap(({ type }, column) =>
    isNested(type) ? [{ column, toJson: toPolarsJson(type) }] : [],
  );
  return (batch) => {
    for (let index = 0; index < batch.length; index += 1) {
      if (batch.passed[index] === 0) continue;
      for (const { column, toJson } of nested) {
        const text = batch.text(index, column);
        if (typeof text === 'string') batch.set((index * batch.width + column) * 2, toJson(text));
      }
    }
  };
}

/**
 * Rows as Polars is to read them: null is an empty field, the empty string `""`, all else as text that loses nothing.
 * @param added names of columns behind those of the rows
 */
export async function createCanonicalCsvWriter(
  path: string,
  ended: AbortSignal,
  columns: readonly Column[],
  added: readonly string[] = [],
): Promise<CanonicalCsvWriter> {
  const file = createFileWriter(path, ended);
  const lines = new LineWriter(
    columns.map((column, index) => ({ prefix: index === 0 ? '' : ',', form: formOf(column) })),
    '',
    '\n',
  );
  const writeNested = nestedWriter(columns);
  let bytes = 0;
  await file.write(Buffer.from(`${[...columns.map(({ name }) => name), ...added].join(',')}\n`));
  return {
    get bytes() {
      return bytes;
    },
    async write(batch, values = []) {
      writeNested(batch);
      lines.endLinesWith(`${values.map((value) => `,${value}`).join('')}\n`);
      for (const piece of lines.write(batch)) {
        bytes += piece.bytes.length;
        await file.write(piece.bytes);
      }
    },
    end: () => file.end(),
  };
}
