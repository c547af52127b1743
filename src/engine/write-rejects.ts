import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import type { ObjectLocation, ObjectStore } from '../adapters/object-store';
import type { RejectReason } from './capture-reasons';
import { createGzipWriter } from './file-writer';
import type { RowBatch } from './row-batch';
import type { TempPlace } from './temp-place';

export interface RejectsWriter {
  readonly rows: number;
  write(batch: RowBatch, index: number, reasons: readonly RejectReason[]): Promise<void>;
  /** Makes the object what was written; without a rejected row there is none, also where an earlier release made one. */
  store(
    store: ObjectStore,
    target: ObjectLocation,
    metadata: Readonly<Record<string, string>>,
  ): Promise<void>;
}

/**
 * Rejected rows as gzipped JSON lines, in the order of the file: `row` (of the data, from 1), `line` (of the unpacked
 * file, from 1), `reasons`, `raw` (the fields or the record as they landed; null where the line is no record) and the
 * version. The whole of the file is in raw-hist.
 */
export function createRejectsWriter(
  { tempFolder, ended }: TempPlace,
  version: { column: string; value: string },
): RejectsWriter {
  const path = join(tempFolder, 'rejects.jsonl.gz');
  const file = createGzipWriter(path, ended);
  const lineEnd = `,${JSON.stringify(version.column)}:${JSON.stringify(version.value)}}\n`;
  let rows = 0;
  return {
    get rows() {
      return rows;
    },
    async write(batch, index, reasons) {
      rows += 1;
      const why = JSON.stringify(reasons);
      const raw = batch.raw(index)?.() ?? 'null';
      const text = `{"row":${batch.rows[index]},"line":${batch.lines[index]},"reasons":${why},"raw":${raw}${lineEnd}`;
      await file.write(Buffer.from(text, 'utf8'));
    },
    async store(store, target, metadata) {
      await file.end();
      if (rows > 0) {
        await store.write(target, createReadStream(path), { contentType: 'application/gzip', metadata });
        return;
      }
      const stale = await store.head(target);
      if (stale) await store.delete(stale);
    },
  };
}
