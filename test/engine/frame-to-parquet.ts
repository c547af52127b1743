import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pl from 'nodejs-polars';

export async function frameToParquet(frame: pl.DataFrame, rowGroupSize: number): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'landfall-test-'));
  try {
    const path = join(folder, 'frame.parquet');
    await frame.lazy().sinkParquet(path, { rowGroupSize }).collect();
    return await readFile(path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
