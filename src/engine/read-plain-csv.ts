import { isUtf8 } from 'node:buffer';
import { compileByteColumn, type ByteColumn } from '../checks/bytes/byte-column';
import { CANONICAL, OTHER_FORM } from '../checks/bytes/byte-verdict';
import { isFault, type ValueReader } from '../checks/value-reader';
import type { CsvFormat } from '../definition/format';
import type { Column } from '../definition/read-column';
import { openBytes } from './decode-utf8';
import type { CsvJudge } from './judge-csv-rows';
import { addRow, NONE, NULL, RowBatch } from './row-batch';
import type { CsvRow } from './scan-csv';
import { NOT_PLAIN, OPEN, PlainCsvScanner } from './scan-plain-csv';

/** Bytes that are scanned at once: few enough for the processor's cache, unless a record is longer. */
const WINDOW = 256 * 1024;

/** What is left of a file from a record on that is not plain. */
export interface NotPlainRest {
  source: AsyncIterable<Uint8Array>;
  /** Of that record. */
  row: number;
  line: number;
}

/** Reads plain records from bytes to canonical values, with no text in between where that is sure to be right. */
export class PlainCsvReader {
  /** What it did not read; undefined when it read all. */
  rest: NotPlainRest | undefined;
  private readonly scanner: PlainCsvScanner;
  private readonly byteColumns: readonly (ByteColumn | undefined)[];
  private readonly batch: RowBatch;
  private row: number;
  private line = 1;

  constructor(
    format: Omit<CsvFormat, 'name'>,
    private readonly judge: CsvJudge,
    private readonly window = WINDOW,
  ) {
    this.scanner = new PlainCsvScanner(format);
    this.byteColumns = judge.columns.map(compileByteColumn);
    this.batch = new RowBatch(judge.columns.length);
    this.row = format.header ? 0 : 1;
  }

  /** @param source without byte order mark; left where it is when a record is not plain */
  async *read(source: AsyncIterable<Uint8Array>): AsyncGenerator<RowBatch> {
    const chunks = source[Symbol.asyncIterator]();
    let window: Buffer = Buffer.allocUnsafeSlow(this.window * 2);
    let filled = 0;
    let wanted = this.window;
    for (let ended = false; !ended;) {
      const next = await chunks.next();
      if (next.done) ended = true;
      else {
        window = withRoom(window, filled, next.value.length);
        window.set(next.value, filled);
        filled += next.value.length;
      }
      if (filled < wanted && !ended) continue;
      const at = this.scan(window, filled, ended);
      if (this.batch.length > 0) yield this.batch;
      if (this.batch.bytes.length > window.length) window = this.batch.bytes;
      if (at < 0) {
        const left = Buffer.from(window.subarray(-at - 1, filled));
        this.rest = { source: restOf(left, chunks), row: this.row, line: this.line };
        return;
      }
      window.copyWithin(0, at, filled);
      filled -= at;
      // What is open is read again only when it has doubled, which keeps the whole linear.
      wanted = Math.max(this.window, filled * 2);
    }
  }

  /** @returns where the first record begins that is not whole, or -1 minus where the one begins that is not plain */
  private scan(window: Buffer, filled: number, ended: boolean): number {
    const { scanner, judge, batch } = this;
    batch.clear(window, filled);
    const whole = ended ? filled : filled - openBytes(window.subarray(0, filled));
    if (!isUtf8(window.subarray(0, whole))) return -1;
    let at = 0;
    while (at < whole) {
      // Another one as soon as values in another form needed more room.
      const { bytes } = batch;
      const next = scanner.read(bytes, at, whole, ended);
      if (next === NOT_PLAIN) return -at - 1;
      if (next === OPEN) break;
      judge.hasBegun = true;
      if (judge.isReady) this.addRecord(bytes);
      else judge.readHeader(this.toRow(bytes));
      this.row += 1;
      this.line += scanner.lines;
      at = next;
    }
    return at;
  }

  private addRecord(window: Buffer): void {
    const { batch, judge, scanner, row, line } = this;
    if (scanner.count !== judge.width) {
      addRow(batch, judge.judge(this.toRow(window)));
      return;
    }
    const { columns, places } = judge;
    const first = batch.begin(row, line);
    const index = batch.length - 1;
    let passed = true;
    for (let column = 0; column < columns.length; column += 1) {
      const place = places[column];
      const at = first + column * 2;
      if (typeof place === 'number') passed = this.addValue(window, column, place, at) && passed;
      else {
        batch.spans[at] = place === null ? NULL : NONE;
        passed &&= place === null;
      }
    }
    passed &&= judge.rowPasses?.({ row, line, values: batch.texts(index) }) ?? true;
    if (!passed) batch.refuse(index, this.rawOf(window));
  }

  /** @returns whether it has passed */
  private addValue(window: Buffer, column: number, place: number, at: number): boolean {
    const { batch, scanner, byteColumns } = this;
    const start = scanner.starts[place] as number;
    const end = scanner.ends[place] as number;
    const quoted = scanner.quoted[place] === 1;
    const bytes = byteColumns[column];
    if (bytes === undefined) return this.ask(column, start, end, quoted, at);
    const isNull = quoted ? bytes.emptyIsNull && start === end : bytes.isNull(window, start, end);
    if (isNull) {
      if (!bytes.nullable) return this.ask(column, start, end, quoted, at);
      batch.spans[at] = NULL;
      return true;
    }
    const verdict = bytes.read(window, start, end);
    if (verdict === CANONICAL && bytes.passes(window, start, end)) {
      batch.spans[at] = start;
      batch.spans[at + 1] = end;
      return true;
    }
    if (verdict === OTHER_FORM) {
      batch.reserve(bytes.mostWritten);
      const from = batch.used;
      const to = bytes.write(window, start, end, batch.bytes, from);
      if (bytes.passes(batch.bytes, from, to)) {
        batch.spans[at] = from;
        batch.spans[at + 1] = batch.used = to;
        return true;
      }
    }
    return this.ask(column, start, end, quoted, at);
  }

  /** Judges a field by the text that it is. */
  private ask(column: number, start: number, end: number, quoted: boolean, at: number): boolean {
    const { batch, judge, row, line } = this;
    const text = batch.bytes.toString('utf8', start, end);
    const value = (judge.readers[column] as ValueReader)(text, quoted);
    if (!isFault(value)) {
      batch.set(at, value);
      return true;
    }
    judge.findings.addValue(value, judge.columns[column] as Column, row, line, text);
    batch.set(at, undefined);
    return false;
  }

  private toRow(window: Buffer): CsvRow {
    const { scanner, row, line } = this;
    const fields: string[] = [];
    const quoted: boolean[] = [];
    for (let place = 0; place < scanner.count; place += 1) {
      fields.push(window.toString('utf8', scanner.starts[place], scanner.ends[place]));
      if (scanner.quoted[place] === 1) quoted[place] = true;
    }
    return { row, line, fields, quoted };
  }

  /** The fields as JSON text, while the batch holds. */
  private rawOf(window: Buffer): () => string {
    const { count, starts, ends } = this.scanner;
    const [from, to] = [starts.slice(0, count), ends.slice(0, count)];
    return () =>
      JSON.stringify(Array.from(from, (start, place) => window.toString('utf8', start, to[place])));
  }
}

function withRoom(window: Buffer, filled: number, more: number): Buffer {
  if (filled + more <= window.length) return window;
  const larger = Buffer.allocUnsafeSlow((filled + more) * 2);
  window.copy(larger, 0, 0, filled);
  return larger;
}

/** Bytes that were read already, and all that comes behind them. */
function restOf(left: Buffer, chunks: AsyncIterator<Uint8Array>): AsyncIterable<Uint8Array> {
  let begun = left.length === 0;
  return {
    [Symbol.asyncIterator]: () => ({
      next: () => {
        if (begun) return chunks.next();
        begun = true;
        return Promise.resolve({ done: false as const, value: left });
      },
    }),
  };
}
