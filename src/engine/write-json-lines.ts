import { createHash } from 'node:crypto';
import { jsonFormOf, type JsonForm } from '../checks/encode-json';
import type { Column } from '../definition/read-column';
import { createGzipWriter } from './file-writer';
import { LineWriter, type ValueForm } from './machine/line-writer';
import type { RowBatch } from './row-batch';

export interface JsonLinesWriter {
  /** Writes the rows that have passed. */
  write(batch: RowBatch): Promise<void>;
  /** @returns rows; bytes and SHA-256 (hexadecimal) of the lines before gzip */
  end(): Promise<{ rows: number; contentBytes: number; contentSha256: string }>;
}

const FORMS: Record<JsonForm, ValueForm> = {
  string: 'json-string',
  quoted: 'quoted',
  unchanged: 'unchanged',
};

/**
 * The one form of processed rows: an object a line, keys in the declared order, then what is the same in every row, null
 * written as null; gzipped into `path`.
 */
export function createJsonLinesWriter(
  path: string,
  columns: readonly Column[],
  added: readonly { column: string; value: string }[],
): JsonLinesWriter {
  const file = createGzipWriter(path);
  const hash = createHash('sha256');
  const constants = added.map(({ column, value }) => `,${JSON.stringify(column)}:${JSON.stringify(value)}`);
  const lines = new LineWriter(
    columns.map(({ name, type }, index) => ({
      prefix: `${index === 0 ? '{' : ','}${JSON.stringify(name)}:`,
      form: FORMS[jsonFormOf(type.name)],
    })),
    'null',
    `${constants.join('')}}\n`,
  );
  let rows = 0;
  let contentBytes = 0;

  return {
    async write(batch) {
      for (const piece of lines.write(batch)) {
        rows += piece.rows;
        hash.update(piece.bytes);
        contentBytes += piece.bytes.length;
        await file.write(piece.bytes);
      }
    },
    async end() {
      await file.end();
      return { rows, contentBytes, contentSha256: hash.digest('hex') };
    },
  };
}
