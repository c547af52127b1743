import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { toCanonicalColumn, withoutRules } from '../checks/compile-column';
import { glueType, isNested } from '../definition/column-type';
import { LAND_TIMESTAMP_COLUMN } from '../definition/pipeline';
import { findPipeline, findTable } from '../definition/find-pipeline';
import type { Column } from '../definition/read-column';
import { IntegrityError } from '../errors';
import { writeParquet, type WrittenParquet } from './curated-part';
import { readProcessedFile } from './read-processed-file';
import type { TaskContext } from './task-context';
import type { CuratedPart, ProcessedFile, WriteCuratedResult, WriteCuratedTask } from './tasks';
import { createCanonicalCsvWriter } from './write-canonical-csv';

/** Beyond this much CSV a part is ended, at the end of a processed file, which bounds memory and temporary space. */
const LARGEST_PART_BYTES = 512 * 1024 * 1024;

const addedColumn = (name: string, type: Column['type']): Column => ({
  name,
  header: name,
  aliases: [],
  type,
  nullable: false,
  nullTexts: [],
  sensitive: false,
  unique: false,
  description: undefined,
  rules: [],
  refinement: undefined,
});

interface OpenPart {
  inputs: ProcessedFile[];
  rows: number;
  csvPath: string;
  csv: Awaited<ReturnType<typeof createCanonicalCsvWriter>>;
}

/** What the part is made of, in one value: equal ids mean equal rows in equal columns. */
function contentId(
  inputs: readonly ProcessedFile[],
  columns: readonly Column[],
  sortBy: readonly string[],
): string {
  const made = [
    inputs.map(({ fileLandTimestamp, contentSha256 }) => [fileLandTimestamp, contentSha256]),
    columns.map(({ name, type }) => [name, isNested(type) ? glueType(type) : type]),
    sortBy,
  ];
  return createHash('sha256').update(JSON.stringify(made)).digest('hex');
}

/**
 * Writes all rows of a table as Parquet: the processed columns, the version, and `file_land_timestamp` as a 64-bit
 * integer. Parts are written only where nothing is; one that is there already is taken when it holds the same rows.
 *
 * @throws IntegrityError when an input or an existing part is not what was recorded
 */
export async function writeCurated(
  task: WriteCuratedTask,
  context: TaskContext,
): Promise<WriteCuratedResult> {
  const { versionColumn } = findPipeline(context.pipelines, task.pipeline);
  const table = findTable(context.pipelines, task.pipeline, task.table);
  // Rules were held when the rows were processed, perhaps by an earlier version of them.
  const processed = table.processedColumns.map((column) => withoutRules(toCanonicalColumn(column)));
  const stored = [...processed, addedColumn(versionColumn, { name: 'string' })];
  const columns = [...stored, addedColumn(LAND_TIMESTAMP_COLUMN, { name: 'int64' })];
  const parts: CuratedPart[] = [];
  let bytes = 0;
  let totalRows = 0;

  const openPart = async (): Promise<OpenPart> => {
    const csvPath = join(context.tempFolder, `part-${parts.length}.csv`);
    return { inputs: [], rows: 0, csvPath, csv: await createCanonicalCsvWriter(csvPath, columns) };
  };

  const closePart = async ({ inputs, rows, csvPath, csv }: OpenPart): Promise<void> => {
    await csv.end();
    const path = join(context.tempFolder, `part-${parts.length}.parquet`);
    const written = await writeParquet(csvPath, path, columns, { sortBy: table.sortBy, rows });
    const key = `${task.target.prefix}data-part-${parts.length}.parquet`;
    parts.push(await storePart(key, written, rows, contentId(inputs, columns, table.sortBy)));
    await Promise.all([csvPath, path].map((each) => rm(each)));
  };

  const storePart = async (
    key: string,
    written: WrittenParquet,
    rows: number,
    content: string,
  ): Promise<CuratedPart> => {
    const location = { bucket: task.target.bucket, key };
    const metadata = {
      'landfall-sha256': written.sha256,
      'landfall-content': content,
      'landfall-rows': String(rows),
      'landfall-version': encodeURIComponent(task.version),
    };
    const contentType = 'application/vnd.apache.parquet';
    const outcome = await context.store.writeOnce(location, createReadStream(written.path), {
      contentType,
      metadata,
    });
    if (outcome === 'written') return { key, bytes: written.bytes, sha256: written.sha256, rows };
    const existing = await context.store.head(location);
    if (
      existing?.metadata['landfall-content'] !== content ||
      existing.metadata['landfall-rows'] !== String(rows)
    ) {
      throw new IntegrityError({
        happened: `s3://${location.bucket}/${key} is there already and holds other rows than table "${table.name}" has now.`,
        unchanged: 'It was left as it is; what is published is as it was.',
        next: 'Run again: a publish writes to a folder of its own, so this one was used by something else.',
      });
    }
    return { key, bytes: existing.size, sha256: existing.metadata['landfall-sha256'] ?? '', rows };
  };

  let part = await openPart();
  for (const input of task.inputs) {
    if (part.csv.bytes > LARGEST_PART_BYTES) {
      await closePart(part);
      part = await openPart();
    }
    const timestamp = String(input.fileLandTimestamp);
    for await (const batch of readProcessedFile(input, stored, context)) {
      const before = part.csv.bytes;
      await part.csv.write(batch, [timestamp]);
      part.rows += batch.length;
      totalRows += batch.length;
      bytes += part.csv.bytes - before;
      context.onProgress({ bytes, rows: totalRows });
    }
    part.inputs.push(input);
  }
  await closePart(part);
  return { parts, rows: totalRows };
}
