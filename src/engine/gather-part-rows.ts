import { join } from 'node:path';
import type { Readable } from 'node:stream';
import pl, { type LazyDataFrame } from 'nodejs-polars';
import { LAND_TIMESTAMP_COLUMN } from '../definition/pipeline';
import type { Column } from '../definition/read-column';
import { damagedPart, fetchPublishedPart } from './fetch-published-part';
import { scanCanonicalCsv, scanOwnParquet, toStoredTypes } from './polars-frame';
import { readAhead } from './read-ahead';
import { readProcessedFile } from './read-processed-file';
import type { RowBatch } from './row-batch';
import type { TaskContext } from './task-context';
import type { HeldRows, ProcessedFile, WriteCuratedPartTask } from './tasks';
import { createCanonicalCsvWriter, type CanonicalCsvWriter } from './write-canonical-csv';
import { countRows } from './write-parquet';

/** Rows that are to become a part, as frames one behind the other. */
export interface GatheredRows {
  frames: LazyDataFrame[];
  rows: number;
}

/** `stored`: of processed; `given`: these, with the timestamp; `columns`: of curated. */
export interface PartColumns {
  stored: readonly Column[];
  given: readonly Column[];
  columns: readonly Column[];
  /** Makes rows of curated of those that are given, where they are not the same. */
  curate?: (frame: LazyDataFrame) => Promise<LazyDataFrame>;
  /** Leaves out what belongs to other parts. */
  select?: (batch: RowBatch, file: ProcessedFile) => void;
}

const UNCHANGED = 'Nothing was published: readers see what they saw.';
const isHeld = (input: ProcessedFile | HeldRows): input is HeldRows => 'first' in input;

/** Gathers what a part is made of, in its order, in files of the task's own. */
class PartGatherer {
  readonly frames: LazyDataFrame[] = [];
  rows = 0;
  private bytes = 0;
  private csv: CanonicalCsvWriter | undefined;
  private readonly fetched = new Map<string, string>();

  constructor(
    private readonly of: PartColumns,
    private readonly context: TaskContext,
    private readonly open: (file: ProcessedFile) => Promise<Readable | undefined>,
  ) {}

  /** Behind the lines before it, if there are any, with the timestamp of the input. */
  async addProcessed(input: ProcessedFile): Promise<void> {
    const csv = await this.openCsv();
    const timestamp = String(input.fileLandTimestamp);
    for await (const batch of readProcessedFile(input, this.of.stored, this.open)) {
      this.of.select?.(batch, input);
      await csv.write(batch, [timestamp]);
      this.rows += batch.length;
      this.context.onProgress({ bytes: this.bytes + csv.bytes, rows: this.rows });
    }
  }

  async addHeld(held: HeldRows): Promise<void> {
    await this.closeCsv();
    const timestamp = pl.col(LAND_TIMESTAMP_COLUMN);
    const path = await this.fetch(held);
    const frame = scanOwnParquet(path, this.of.columns, held).filter(
      timestamp.gtEq(pl.lit(held.first)).and(timestamp.ltEq(pl.lit(held.last))),
    );
    const found = await countRows(frame);
    if (found !== held.rows) {
      const words = `has ${found} rows of deliveries ${held.first} to ${held.last}, but ${held.rows} were published`;
      throw damagedPart(held, words, UNCHANGED);
    }
    this.frames.push(frame);
    this.rows += found;
    this.context.onProgress({ bytes: this.bytes, rows: this.rows });
  }

  async end(): Promise<GatheredRows> {
    // A part without rows has columns all the same.
    if (this.frames.length === 0) await this.openCsv();
    await this.closeCsv();
    return { frames: this.frames, rows: this.rows };
  }

  private async openCsv(): Promise<CanonicalCsvWriter> {
    this.csv ??= await createCanonicalCsvWriter(this.csvPath, this.context.ended, this.of.stored, [
      LAND_TIMESTAMP_COLUMN,
    ]);
    return this.csv;
  }

  /** Polars looks into a file as soon as it is to scan it. */
  private async closeCsv(): Promise<void> {
    if (!this.csv) return;
    await this.csv.end();
    const { given, columns, curate } = this.of;
    this.bytes += this.csv.bytes;
    const rows = scanCanonicalCsv(this.csvPath, given);
    this.frames.push(toStoredTypes(curate ? await curate(rows) : rows, columns));
    this.csv = undefined;
  }

  private get csvPath(): string {
    return join(this.context.tempFolder, `rows-${this.frames.length}.csv`);
  }

  private async fetch(held: HeldRows): Promise<string> {
    const path =
      this.fetched.get(held.key) ?? join(this.context.tempFolder, `published-${this.fetched.size}.parquet`);
    if (!this.fetched.has(held.key)) await fetchPublishedPart(held, path, UNCHANGED, this.context);
    this.fetched.set(held.key, path);
    return path;
  }
}

/**
 * All rows of the inputs, in their order, with the columns of curated.
 * @throws IntegrityError when an input is not what was recorded
 */
export async function gatherPartRows(
  { inputs }: Pick<WriteCuratedPartTask, 'inputs'>,
  columns: PartColumns,
  context: TaskContext,
): Promise<GatheredRows> {
  const processed = inputs.filter((input): input is ProcessedFile => !isHeld(input));
  const open = async (file: ProcessedFile) => (await context.store.open(file))?.body;
  const gatherer = new PartGatherer(
    columns,
    context,
    readAhead(processed, ({ bytes }) => bytes, open),
  );
  for (const input of inputs) await (isHeld(input) ? gatherer.addHeld(input) : gatherer.addProcessed(input));
  return gatherer.end();
}
