import { createHash } from 'node:crypto';
import { jsonEncoder } from '../checks/encode-json';
import type { Column } from '../definition/read-column';
import { createGzipWriter } from './file-writer';
import type { TableValue } from './table-row';

export interface JsonLinesWriter {
  write(rows: readonly (readonly TableValue[])[]): Promise<void>;
  /** @returns rows, and the SHA-256 (hexadecimal) of the lines before gzip */
  end(): Promise<{ rows: number; contentSha256: string }>;
}

/**
 * The one form of processed rows: an object a line, keys in the declared order, the version last, null written as
 * null; gzipped into `path`.
 */
export function createJsonLinesWriter(
  path: string,
  columns: readonly Column[],
  version: { column: string; value: string },
): JsonLinesWriter {
  const file = createGzipWriter(path);
  const hash = createHash('sha256');
  const encoders = columns.map((column) => jsonEncoder(column.type.name));
  const keys = columns.map((column, index) => `${index === 0 ? '{' : ','}${JSON.stringify(column.name)}:`);
  const lineEnd = `,${JSON.stringify(version.column)}:${JSON.stringify(version.value)}}\n`;
  let rows = 0;

  return {
    async write(batch) {
      let lines = '';
      for (const values of batch) {
        for (let index = 0; index < keys.length; index += 1) {
          const value = values[index];
          lines += keys[index] as string;
          lines +=
            value === null || value === undefined
              ? 'null'
              : (encoders[index] as (value: string) => string)(value);
        }
        lines += lineEnd;
      }
      rows += batch.length;
      const bytes = Buffer.from(lines, 'utf8');
      hash.update(bytes);
      await file.write(bytes);
    },
    async end() {
      await file.end();
      return { rows, contentSha256: hash.digest('hex') };
    },
  };
}
