import { compileByteColumn, type ByteColumn } from '../checks/bytes/byte-column';
import { isFault, type ValueReader } from '../checks/value-reader';
import type { CsvFormat } from '../definition/format';
import type { Column } from '../definition/read-column';
import type { CsvJudge } from './judge-csv-rows';
import { openSureReader } from './machine/open-sure-reader';
import type { SureRecordReader } from './machine/sure-records';
import { addRow, NONE, NULL, RowBatch } from './row-batch';
import type { CsvRow } from './scan-csv';
import { NOT_PLAIN, OPEN, PlainCsvScanner } from './scan-plain-csv';
import { notPlainAt, scanWindows, WINDOW } from './scan-windows';
import { setValue } from './set-value';

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
  private sure: SureRecordReader | undefined;
  private readonly scanner: PlainCsvScanner;
  private readonly byteColumns: readonly (ByteColumn | undefined)[];
  private readonly batch: RowBatch;
  private row: number;
  private line = 1;
  /** One for all, since there are millions. */
  private readonly field = { bytes: Buffer.alloc(0) as Buffer, start: 0, end: 0, quoted: false };

  constructor(
    private readonly format: Omit<CsvFormat, 'name'>,
    private readonly judge: CsvJudge,
    private readonly window = WINDOW,
  ) {
    this.scanner = new PlainCsvScanner(format);
    this.byteColumns = judge.columns.map(compileByteColumn);
    this.batch = new RowBatch(judge.columns.length);
    this.row = format.header ? 0 : 1;
    if (judge.isReady) this.sure = openSureReader(format, judge);
  }

  /** @param source without byte order mark; left where it is when a record is not plain */
  async *read(source: AsyncIterable<Uint8Array>): AsyncGenerator<RowBatch> {
    const scan = (to: number, last: boolean): number => this.scan(to, last);
    const rest = yield* scanWindows(source, this.batch, scan, this.window);
    this.rest = rest && { source: rest, row: this.row, line: this.line };
  }

  private scan(to: number, last: boolean): number {
    let at = 0;
    this.sure?.show(this.batch.bytes, at, to);
    while (at < to) {
      const next = this.addSureRecords(at) ?? this.addPlainRecord(at, to, last);
      if (next === NOT_PLAIN) return notPlainAt(at);
      if (next === OPEN) break;
      at = next;
    }
    return at;
  }

  /** @returns undefined when the record at `at` is not sure */
  private addSureRecords(at: number): number | undefined {
    const next = this.sure?.read(this.batch, { at, row: this.row, line: this.line });
    if (!next || next.at === at) return undefined;
    ({ row: this.row, line: this.line } = next);
    this.judge.hasBegun = true;
    return next.at;
  }

  private addPlainRecord(at: number, to: number, last: boolean): number {
    const { scanner, judge, batch } = this;
    // Another one as soon as values in another form needed more room.
    const { bytes } = batch;
    const next = scanner.read(bytes, at, to, last);
    if (next < 0) return next;
    judge.hasBegun = true;
    if (judge.isReady) this.addRecord(bytes);
    else {
      judge.readHeader(this.toRow(bytes));
      this.sure = openSureReader(this.format, judge);
      this.sure?.show(bytes, next, to);
    }
    this.row += 1;
    this.line += scanner.lines;
    return next;
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
  private addValue(bytes: Buffer, column: number, place: number, at: number): boolean {
    const { scanner, byteColumns, field } = this;
    field.bytes = bytes;
    field.start = scanner.starts[place] as number;
    field.end = scanner.ends[place] as number;
    field.quoted = scanner.quoted[place] === 1;
    const byteColumn = byteColumns[column];
    if (byteColumn && setValue(this.batch, at, byteColumn, field)) return true;
    return this.ask(column, at);
  }

  /** Judges a field by the text that it is. */
  private ask(column: number, at: number): boolean {
    const { batch, judge, row, line } = this;
    const { bytes, start, end, quoted } = this.field;
    const text = bytes.toString('utf8', start, end);
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
