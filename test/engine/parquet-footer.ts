import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

export interface ParquetFooter {
  /** What the file says of itself, without what Arrow wants to know. */
  metadata: Record<string, string>;
  groups: {
    rows: number;
    columns: { name: string; type: string; codec: string; min: string; max: string; nulls: string }[];
  }[];
}

// Another reader than the writer's own; an ES module, which Jest does not load.
const SCRIPT = `
import { asyncBufferFromFile, parquetMetadataAsync } from 'hyparquet';
const { key_value_metadata: pairs, row_groups: groups } = await parquetMetadataAsync(await asyncBufferFromFile(process.argv[1]));
const textOf = (value) => (value instanceof Date ? value.toISOString() : String(value));
console.log(JSON.stringify({
  metadata: Object.fromEntries(pairs.filter(({ key }) => key !== 'ARROW:schema').map(({ key, value }) => [key, value])),
  groups: groups.map(({ num_rows: rows, columns }) => ({
    rows: Number(rows),
    columns: columns.map(({ meta_data: { path_in_schema: path, type, codec, statistics: { min_value, max_value, null_count } = {} } }) =>
      ({ name: path.join('.'), type, codec, min: textOf(min_value), max: textOf(max_value), nulls: textOf(null_count) })),
  })),
}));`;

export async function readParquetFooter(file: Buffer): Promise<ParquetFooter> {
  const folder = await mkdtemp(join(tmpdir(), 'landfall-test-'));
  try {
    const path = join(folder, 'part.parquet');
    await writeFile(path, file);
    const { stdout } = await promisify(execFile)('node', ['--input-type=module', '-e', SCRIPT, path]);
    return JSON.parse(stdout) as ParquetFooter;
  } finally {
    await rm(folder, { recursive: true });
  }
}
