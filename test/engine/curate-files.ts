import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pl from 'nodejs-polars';
import type { Columns } from '../../src/definition/column';
import type { TableDefinition } from '../../src/definition/table';
import type { CuratedPart, ProcessedFile } from '../../src/engine/tasks';
import { writeCuratedPart } from '../../src/engine/write-curated-part';
import { must, readBytes } from '../adapters/test-buckets';
import { readParquetFooter, type ParquetFooter } from './parquet-footer';
import { store, Tasks } from './task-context';

/** Processes CSV files one after the other, as deliveries of rising timestamps. */
export async function process(
  definition: TableDefinition,
  files: string[],
): Promise<{ tasks: Tasks<Columns>; inputs: ProcessedFile[] }> {
  const tasks = await Tasks.of<Columns>(definition);
  const inputs: ProcessedFile[] = [];
  for (const [place, csv] of files.entries()) {
    const target = { bucket: tasks.bucket, key: `processed/${place}.jsonl.gz` };
    const { rowsOut: rows, contentBytes: bytes, contentSha256 } = await tasks.transform(csv, { target });
    inputs.push({ ...target, fileLandTimestamp: 1534968800 + place, rows, bytes, contentSha256 });
  }
  return { tasks, inputs };
}

export const curate = async (
  tasks: Tasks<Columns>,
  inputs: ProcessedFile[],
  content = 'content',
  key = 'curated/rows/data-part-0.parquet',
): Promise<CuratedPart> => {
  const target = { bucket: tasks.bucket, key };
  const task = { pipeline: 'things', table: 'rows', inputs, target, content, version: 'v1.2.3' };
  return must((await tasks.withContext((context) => writeCuratedPart(task, context))).files[0]);
};

export async function readParquet(tasks: Tasks<Columns>, { key }: Pick<CuratedPart, 'key'>) {
  const folder = await mkdtemp(join(tmpdir(), 'landfall-test-'));
  const path = join(folder, 'part.parquet');
  await writeFile(path, await readBytes(store, { bucket: tasks.bucket, key }));
  const frame = pl.readParquet(path);
  await rm(folder, { recursive: true });
  return frame;
}

/** What another reader finds in the file beside its rows. */
export const readFooter = async (tasks: Tasks<Columns>, { key }: CuratedPart): Promise<ParquetFooter> =>
  readParquetFooter(await readBytes(store, { bucket: tasks.bucket, key }));
