import { join } from 'node:path';
import type { Readable } from 'node:stream';
import pl, { type LazyDataFrame } from 'nodejs-polars';
import { LAND_TIMESTAMP_COLUMN } from '../definition/pipeline';
import type { Column } from '../definition/read-column';
import { damagedPart, fetchPublishedPart } from './fetch-published-part';
import { scanArrow, scanOwnParquet, toStoredTypes } from './polars-frame';
import { isArchived, type ArchivedFile } from './read-archived-file';
import type { RowSink } from './read-archived-rows';
import { readAhead } from './read-ahead';
import { readProcessedFile } from './read-processed-file';
import type { RowBatch } from './row-batch';
import type { TaskContext } from './task-context';
import type { HeldRows, ProcessedFile, WriteCuratedPartTask } from './tasks';
import { createArrowWriter, type ArrowWriter } from './write-arrow';
import { countRows } from './write-parquet';

/** Rows that are to become a part, as frames one behind the other. */
export interface GatheredRows {
  frames: LazyDataFrame[];
  rows: number;
}

/** `own`: the table's; `stored`: of processed; `given`: these, with the timestamp; `columns`: of curated. */
export interface PartColumns {
  own: readonly Column[];
  stored: readonly Column[];
  given: readonly Column[];
  columns: readonly Column[];
  /** Makes rows of curated of those that are given, where they are not the same. */
  curate?: (frame: LazyDataFrame) => Promise<LazyDataFrame>;
  /** Leaves out what belongs to other parts. */
  select?: (batch: RowBatch, file: ProcessedFile) => void;
  /** Reads a file as it landed. */
  readArchived: (file: ArchivedFile, sink: RowSink, context: TaskContext) => Promise<void>;
  /** What the columns that Landfall adds have in rows of such a file. */
  addedTo: (file: ArchivedFile) => string[];
}

const UNCHANGED = 'Nothing was published: readers see what they saw.';
const isHeld = (input: ProcessedFile | HeldRows): input is HeldRows => 'first' in input;

/** Gathers what a part is made of, in its order, in files of the task's own. */
class PartGatherer {
  readonly frames: LazyDataFrame[] = [];
  rows = 0;
  private bytes = 0;
  private writer: ArrowWriter | undefined;
  /** How many columns come with the rows that `writer` takes. */
  private width = 0;
  private readonly fetched = new Map<string, string>();

  constructor(
    private readonly of: PartColumns,
    private readonly context: TaskContext,
    private readonly open: (file: ProcessedFile) => Promise<Readable | undefined>,
  ) {}

  /** Behind the lines before it, if there are any, with the timestamp of the input. */
  async addProcessed(input: ProcessedFile): Promise<void> {
    const writer = await this.openRows(this.of.stored);
    const values = [String(input.fileLandTimestamp)];
    for await (const batch of readProcessedFile(input, this.of.stored, this.open))
      await this.write(writer, batch, input, values);
  }

  /** The same of a file as it landed, with all that Landfall adds. */
  async addArchived(input: ArchivedFile): Promise<void> {
    const writer = await this.openRows(this.of.own);
    const values = [...this.of.addedTo(input), String(input.fileLandTimestamp)];
    const sink: RowSink = { write: (batch) => this.write(writer, batch, input, values) };
    const context = { ...this.context, onProgress: () => undefined };
    await this.of.readArchived(input, sink, context);
  }

  private async write(
    writer: ArrowWriter,
    batch: RowBatch,
    input: ProcessedFile,
    values: readonly string[],
  ): Promise<void> {
    this.of.select?.(batch, input);
    await writer.write(batch, values);
    this.rows += batch.length;
    this.context.onProgress({ bytes: this.bytes + writer.bytes, rows: this.rows });
  }

  async addHeld(held: HeldRows): Promise<void> {
    await this.closeRows();
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
    if (this.frames.length === 0 && !this.writer) await this.openRows(this.of.stored);
    await this.closeRows();
    return { frames: this.frames, rows: this.rows };
  }

  /** @param columns of the rows that come next; those behind them are the same in all rows of a file */
  private async openRows(columns: readonly Column[]): Promise<ArrowWriter> {
    if (this.writer && this.width === columns.length) return this.writer;
    await this.closeRows();
    const behind = this.of.given.slice(columns.length);
    this.width = columns.length;
    return (this.writer = createArrowWriter(this.rowsPath, this.context.ended, columns, behind));
  }

  /** Polars looks into a file as soon as it is to scan it. */
  private async closeRows(): Promise<void> {
    if (!this.writer) return;
    await this.writer.end();
    const { given, columns, curate } = this.of;
    this.bytes += this.writer.bytes;
    const rows = scanArrow(this.rowsPath, given);
    this.frames.push(toStoredTypes(curate ? await curate(rows) : rows, columns));
    this.writer = undefined;
  }

  private get rowsPath(): string {
    return join(this.context.tempFolder, `rows-${this.frames.length}.arrow`);
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
  const processed = inputs.filter((input): input is ProcessedFile => !isHeld(input) && !isArchived(input));
  const open = async (file: ProcessedFile) => (await context.store.open(file))?.body;
  const gatherer = new PartGatherer(
    columns,
    context,
    readAhead(processed, ({ bytes }) => bytes, open),
  );
  for (const input of inputs) {
    if (isHeld(input)) await gatherer.addHeld(input);
    else await (isArchived(input) ? gatherer.addArchived(input) : gatherer.addProcessed(input));
  }
  return gatherer.end();
}
