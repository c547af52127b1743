import { doubled, withRoom } from './enlarge';
import type { TableRow, TableValue } from './table-row';

/** Where a value would begin that is null. */
export const NULL = -1;
/** Where a value would begin that is none: it is at fault, or its record is. */
export const NONE = -2;

const ROWS = 1024;
/** Beyond this much text a batch made of rows is ended. */
const LARGEST_BATCH = 1024 * 1024;
/** Of UTF-8, for one UTF-16 unit. */
const MOST_BYTES = 3;

/**
 * Judged rows of a table, each value in canonical form as a span of one buffer of UTF-8, so that what only passes through
 * never becomes a text. A batch holds until the next one is asked for.
 */
export class RowBatch {
  length = 0;
  bytes: Buffer = Buffer.alloc(0);
  /** How much of `bytes` is in use. */
  used = 0;
  /** Two numbers a value, row by row in the order of the columns: where it begins (or NULL, or NONE) and ends. */
  spans: Int32Array<ArrayBuffer>;
  /** From 1; as `line`, of the file. */
  rows = new Float64Array(ROWS);
  lines = new Float64Array(ROWS);
  /** 1 where nothing is wrong with the row. */
  passed = new Uint8Array(ROWS);
  private readonly raws = new Map<number, () => string>();

  /** @param width how many columns the table has */
  constructor(readonly width: number) {
    this.spans = new Int32Array(ROWS * width * 2);
  }

  /** Begins anew over other bytes, of which the first `used` are taken. */
  clear(bytes: Buffer, used: number): void {
    this.length = 0;
    this.bytes = bytes;
    this.used = used;
    if (this.raws.size > 0) this.raws.clear();
  }

  /** Adds a row that has passed as long as nobody says otherwise; its spans are not set. @returns where they begin */
  begin(row: number, line: number): number {
    if (this.length === this.rows.length) this.enlarge();
    const index = this.length;
    this.rows[index] = row;
    this.lines[index] = line;
    this.passed[index] = 1;
    this.length += 1;
    return index * this.width * 2;
  }

  /**
   * Adds rows that have passed, the first of them with this row and line.
   * @param spans of all their values
   * @param lines how many each of them takes
   * @returns the line behind them
   */
  add(
    count: number,
    spans: Int32Array,
    lines: Int32Array,
    { row, line }: { row: number; line: number },
  ): number {
    while (this.length + count > this.rows.length) this.enlarge();
    this.spans.set(spans.subarray(0, count * this.width * 2), this.length * this.width * 2);
    this.passed.fill(1, this.length, this.length + count);
    let next = line;
    for (let index = 0; index < count; index += 1) {
      this.rows[this.length + index] = row + index;
      this.lines[this.length + index] = next;
      next += lines[index] as number;
    }
    this.length += count;
    return next;
  }

  /** @param raw what the row holds in the file, as JSON text, asked for before the batch ends */
  refuse(index: number, raw: (() => string) | undefined): void {
    this.passed[index] = 0;
    if (raw) this.raws.set(index, raw);
  }

  raw(index: number): (() => string) | undefined {
    return this.raws.get(index);
  }

  /** Makes room for so many bytes behind those in use. */
  reserve(bytes: number): void {
    this.bytes = withRoom(this.bytes, this.used, bytes);
  }

  /** @param at where the value's span is */
  set(at: number, value: TableValue): void {
    if (typeof value !== 'string') {
      this.spans[at] = value === null ? NULL : NONE;
      return;
    }
    this.reserve(value.length * MOST_BYTES);
    this.spans[at] = this.used;
    this.used += this.bytes.write(value, this.used);
    this.spans[at + 1] = this.used;
  }

  countRefused(): number {
    let refused = 0;
    for (let index = 0; index < this.length; index += 1) if (this.passed[index] === 0) refused += 1;
    return refused;
  }

  /** Drops the rows that have not passed. @returns how many */
  keepPassed(): number {
    const { width } = this;
    let kept = 0;
    for (let index = 0; index < this.length; index += 1) {
      if (this.passed[index] === 0) continue;
      if (kept < index) {
        this.spans.copyWithin(kept * width * 2, index * width * 2, (index + 1) * width * 2);
        this.rows[kept] = this.rows[index] as number;
        this.lines[kept] = this.lines[index] as number;
        this.passed[kept] = 1;
      }
      kept += 1;
    }
    const dropped = this.length - kept;
    this.length = kept;
    this.raws.clear();
    return dropped;
  }

  text(index: number, column: number): TableValue {
    const at = (index * this.width + column) * 2;
    const start = this.spans[at] as number;
    if (start === NULL) return null;
    return start === NONE ? undefined : this.bytes.toString('utf8', start, this.spans[at + 1]);
  }

  texts(index: number): TableValue[] {
    return Array.from({ length: this.width }, (_, column) => this.text(index, column));
  }

  private enlarge(): void {
    this.spans = doubled(this.spans);
    this.rows = doubled(this.rows);
    this.lines = doubled(this.lines);
    this.passed = doubled(this.passed);
  }
}

/** Where a row of a batch stands. */
export const placeIn = (
  { rows, lines }: RowBatch,
  index: number,
  file: number,
): { file: number; row: number; line: number } => ({
  file,
  row: rows[index] as number,
  line: lines[index] as number,
});

/** Adds a row that is there as texts. */
export function addRow(batch: RowBatch, { row, line, values, passed, raw }: TableRow): void {
  const at = batch.begin(row, line);
  for (let column = 0; column < batch.width; column += 1) batch.set(at + column * 2, values[column]);
  if (!passed) batch.refuse(batch.length - 1, raw);
}

/** Rows that are there as texts, as batches of bytes. */
export async function* toRowBatches(
  rows: AsyncIterable<TableRow[]>,
  width: number,
): AsyncGenerator<RowBatch> {
  const batch = new RowBatch(width);
  for await (const some of rows) {
    batch.clear(batch.bytes, 0);
    for (const row of some) {
      addRow(batch, row);
      if (batch.used < LARGEST_BATCH) continue;
      yield batch;
      batch.clear(batch.bytes, 0);
    }
    if (batch.length > 0) yield batch;
  }
}
