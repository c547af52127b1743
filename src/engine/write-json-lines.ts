import { createHash, type Hash } from 'node:crypto';
import { join } from 'node:path';
import { jsonFormOf, type JsonForm } from '../checks/encode-json';
import type { Column } from '../definition/read-column';
import { createGzipWriter, type FileWriter } from './file-writer';
import { LineWriter, type ValueForm } from './machine/line-writer';
import type { RowBatch } from './row-batch';
import type { TempPlace } from './temp-place';

/** One gzipped file of lines; the SHA-256 (hexadecimal) is of the lines. */
export interface LinesFile {
  path: string;
  rows: number;
  contentBytes: number;
  contentSha256: string;
}

export interface JsonLinesWriter {
  /** Writes the rows that have passed. */
  write(batch: RowBatch): Promise<void>;
  /** @returns the files in their order; one at least */
  end(): Promise<LinesFile[]>;
}

const FORMS: Record<JsonForm, ValueForm> = {
  string: 'json-string',
  quoted: 'quoted',
  unchanged: 'unchanged',
};
const LINE_FEED = 0x0a;

class OpenFile {
  rows = 0;
  contentBytes = 0;
  private readonly hash: Hash = createHash('sha256');
  private readonly file: FileWriter;

  constructor(
    private readonly path: string,
    ended: AbortSignal,
  ) {
    this.file = createGzipWriter(path, ended);
  }

  async write(lines: Buffer, rows: number): Promise<void> {
    this.rows += rows;
    this.contentBytes += lines.length;
    this.hash.update(lines);
    await this.file.write(lines);
  }

  async end(): Promise<LinesFile> {
    await this.file.end();
    const { path, rows, contentBytes } = this;
    return { path, rows, contentBytes, contentSha256: this.hash.digest('hex') };
  }
}

/** Of JSON no line has a line feed but at its end. */
function countLines(bytes: Buffer): number {
  let lines = 0;
  for (let at = bytes.indexOf(LINE_FEED); at !== -1; at = bytes.indexOf(LINE_FEED, at + 1)) lines += 1;
  return lines;
}

/**
 * The one form of processed rows: an object a line, keys in the declared order, then what is the same in every row, null
 * written as null; gzipped into files of the folder. A file ends with the first line that makes its lines `largest` bytes or
 * more, so that the same rows are always cut at the same places.
 */
export function createJsonLinesWriter(
  { tempFolder, ended }: TempPlace,
  columns: readonly Column[],
  added: readonly { column: string; value: string }[],
  largest: number,
): JsonLinesWriter {
  const constants = added.map(({ column, value }) => `,${JSON.stringify(column)}:${JSON.stringify(value)}`);
  const lines = new LineWriter(
    columns.map(({ name, type }, index) => ({
      prefix: `${index === 0 ? '{' : ','}${JSON.stringify(name)}:`,
      form: FORMS[jsonFormOf(type.name)],
    })),
    `${constants.join('')}}\n`,
  );
  const open = (): OpenFile => new OpenFile(join(tempFolder, `processed-${written.length}.jsonl.gz`), ended);
  const written: LinesFile[] = [];
  let file = open();

  return {
    async write(batch) {
      for (const piece of lines.write(batch)) {
        let { bytes, rows } = piece;
        while (bytes.length > 0) {
          if (file.contentBytes >= largest) {
            written.push(await file.end());
            file = open();
          }
          const room = largest - file.contentBytes;
          const cut = bytes.length <= room ? bytes.length : bytes.indexOf(LINE_FEED, room - 1) + 1;
          const before = cut === bytes.length ? rows : countLines(bytes.subarray(0, cut));
          await file.write(bytes.subarray(0, cut), before);
          bytes = bytes.subarray(cut);
          rows -= before;
        }
      }
    },
    async end() {
      return [...written, await file.end()];
    },
  };
}
