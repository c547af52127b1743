import { createHash } from 'node:crypto';
import { jsonFormOf, type JsonForm } from '../checks/encode-json';
import type { Column } from '../definition/read-column';
import { addUnchanged, GatheredBytes, type ValueWriter } from './gathered-bytes';
import { createGzipWriter } from './file-writer';
import type { RowBatch } from './row-batch';

export interface JsonLinesWriter {
  /** Writes the rows that have passed. */
  write(batch: RowBatch): Promise<void>;
  /** @returns rows; bytes and SHA-256 (hexadecimal) of the lines before gzip */
  end(): Promise<{ rows: number; contentBytes: number; contentSha256: string }>;
}

const NULL = Buffer.from('null');
const QUOTE = Buffer.from('"');
const FIRST_BYTES = 1024 * 1024;

const addQuoted: ValueWriter = (into, { bytes }, start, end) => {
  into.add(QUOTE);
  into.add(bytes, start, end);
  into.add(QUOTE);
};
const addString: ValueWriter = (into, { bytes }, start, end) => into.addJsonString(bytes, start, end);

const WRITERS: Record<JsonForm, ValueWriter> = {
  string: addString,
  quoted: addQuoted,
  unchanged: addUnchanged,
};

/**
 * The one form of processed rows: an object a line, keys in the declared order, then what is the same in every row, null written as
 * null; gzipped into `path`.
 */
export function createJsonLinesWriter(
  path: string,
  columns: readonly Column[],
  added: readonly { column: string; value: string }[],
): JsonLinesWriter {
  const file = createGzipWriter(path);
  const hash = createHash('sha256');
  const lines = new GatheredBytes(FIRST_BYTES);
  const writers = columns.map((column) => WRITERS[jsonFormOf(column.type.name)]);
  const keys = columns.map((column, index) =>
    Buffer.from(`${index === 0 ? '{' : ','}${JSON.stringify(column.name)}:`),
  );
  const constants = added.map(({ column, value }) => `,${JSON.stringify(column)}:${JSON.stringify(value)}`);
  const lineEnd = Buffer.from(`${constants.join('')}}\n`);
  let rows = 0;
  let contentBytes = 0;

  return {
    async write(batch) {
      const { length, width, spans, passed } = batch;
      for (let index = 0; index < length; index += 1) {
        if (passed[index] === 0) continue;
        rows += 1;
        let at = index * width * 2;
        for (let column = 0; column < width; column += 1, at += 2) {
          lines.add(keys[column] as Buffer);
          const start = spans[at] as number;
          if (start < 0) lines.add(NULL);
          else (writers[column] as ValueWriter)(lines, batch, start, spans[at + 1] as number);
        }
        lines.add(lineEnd);
      }
      const bytes = lines.take();
      hash.update(bytes);
      contentBytes += bytes.length;
      await file.write(bytes);
    },
    async end() {
      await file.end();
      return { rows, contentBytes, contentSha256: hash.digest('hex') };
    },
  };
}
