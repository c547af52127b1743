import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import pl, { type LazyDataFrame } from 'nodejs-polars';
import type { ParquetOptions } from '../definition/curation';
import type { Column } from '../definition/read-column';
import { IntegrityError } from '../errors';

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

export async function countRows(frame: LazyDataFrame): Promise<number> {
  const counted = await frame.select(pl.len().alias('rows')).collect();
  return Number(counted.getColumn('rows').get(0));
}

export interface ParquetWriting {
  sortBy: readonly string[];
  rows: number;
  parquet: Omit<ParquetOptions, 'maxSourceBytes'>;
  /** What the file says of itself, by key. */
  metadata: Readonly<Record<string, string>>;
}

interface SinkPlan {
  Sink: { payload: { File: { file_format: { Parquet: Record<string, unknown> } } } };
}

/** nodejs-polars takes no metadata and no row group of more than 32,767 rows, so that these are given in Polars' own words. */
function toSink(frame: LazyDataFrame, path: string, { parquet, metadata }: ParquetWriting): LazyDataFrame {
  const sink = frame.sinkParquet(path, {
    compression: parquet.compression,
    statistics: parquet.statistics ?? true,
    maintainOrder: true,
  });
  const plan = JSON.parse(String(sink.serialize('json'))) as SinkPlan;
  Object.assign(plan.Sink.payload.File.file_format.Parquet, {
    row_group_size: parquet.rowGroupRows,
    key_value_metadata: { Static: Object.entries(metadata) },
  });
  return pl.LazyDataFrame.deserialize(Buffer.from(JSON.stringify(plan)), 'json');
}

/**
 * Frames, one behind the other, as Parquet, sorted where asked, equal keys in their order.
 * @throws IntegrityError when what was written has other rows or columns than what was to be written
 */
export async function writeParquet(
  frames: LazyDataFrame[],
  path: string,
  columns: readonly Column[],
  writing: ParquetWriting,
): Promise<WrittenParquet> {
  const { sortBy, rows } = writing;
  const [first] = frames;
  const whole = first && frames.length === 1 ? first : pl.concat(frames);
  const sorted = sortBy.length === 0 ? whole : whole.sort([...sortBy], false, false, true);
  await toSink(sorted, path, writing).collect();
  const written = pl.scanParquet(path);
  const names = written.columns;
  const found = await countRows(written);
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
