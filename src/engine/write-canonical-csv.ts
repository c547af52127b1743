import { isNested } from '../definition/column-type';
import type { Column } from '../definition/read-column';
import { createFileWriter } from './file-writer';
import { toPolarsJson } from './nested-interchange';
import type { TableValue } from './table-row';

export interface CanonicalCsvWriter {
  /** So far, in UTF-16 units. */
  readonly characters: number;
  write(rows: readonly (readonly TableValue[])[]): Promise<void>;
  end(): Promise<void>;
}

const toText = (value: string): string => value;
const toQuoted = (value: string): string => `"${value.replaceAll('"', '""')}"`;
/** Polars casts text to a timestamp only in this form (and silently gives null, or fails, for others). */
const toIsoTimestamp = (value: string): string => value.replace(' ', 'T');

function csvEncoder({ type }: Column): (value: string) => string {
  if (isNested(type)) {
    const toJson = toPolarsJson(type);
    return (value) => toQuoted(toJson(value));
  }
  if (type.name === 'string' || type.name === 'binary') return toQuoted;
  return type.name === 'timestamp' ? toIsoTimestamp : toText;
}

/** Rows as Polars is to read them: null is an empty field, the empty string `""`, all else as text that loses nothing. */
export async function createCanonicalCsvWriter(
  path: string,
  columns: readonly Column[],
): Promise<CanonicalCsvWriter> {
  const file = createFileWriter(path);
  const encoders = columns.map(csvEncoder);
  let characters = 0;
  await file.write(Buffer.from(`${columns.map((column) => column.name).join(',')}\n`));
  return {
    get characters() {
      return characters;
    },
    async write(batch) {
      let lines = '';
      for (const values of batch) {
        for (let index = 0; index < encoders.length; index += 1) {
          const value = values[index];
          if (index > 0) lines += ',';
          if (value !== null && value !== undefined)
            lines += (encoders[index] as (value: string) => string)(value);
        }
        lines += '\n';
      }
      characters += lines.length;
      await file.write(Buffer.from(lines, 'utf8'));
    },
    end: () => file.end(),
  };
}
