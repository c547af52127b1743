import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import pl from 'nodejs-polars';
import type { Column } from '../definition/read-column';
import { IntegrityError } from '../errors';
import { scanCanonicalCsv, toStoredTypes } from './polars-frame';

export interface WrittenParquet {
  path: string;
  bytes: number;
  /** Hexadecimal. */
  sha256: string;
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/**
 * A canonical CSV file as Parquet (zstd), sorted where asked, equal keys in their order.
 * @throws IntegrityError when what was written has other rows or columns than what was to be written
 */
export async function writeParquet(
  csvPath: string,
  path: string,
  columns: readonly Column[],
  { sortBy, rows }: { sortBy: readonly string[]; rows: number },
): Promise<WrittenParquet> {
  const typed = scanCanonicalCsv(csvPath, columns);
  const sorted = sortBy.length === 0 ? typed : typed.sort([...sortBy], false, false, true);
  await toStoredTypes(sorted, columns)
    .sinkParquet(path, { compression: 'zstd', maintainOrder: true })
    .collect();
  const written = pl.scanParquet(path);
  const names = written.columns;
  const counted = await written.select(pl.len().alias('rows')).collect();
  const found = Number(counted.getColumn('rows').get(0));
  const expected = columns.map((column) => column.name);
  if (found !== rows || names.join() !== expected.join()) {
    throw new IntegrityError({
      happened: `A Parquet file was written with ${found} rows of ${names.join(', ')}, but ${rows} rows of ${expected.join(', ')} were given.`,
      unchanged: 'Nothing was published.',
      next: "Run again; if it happens again, report it with the table's definition.",
    });
  }
  const { size: bytes } = await stat(path);
  return { path, bytes, sha256: await hashFile(path) };
}
