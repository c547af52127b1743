import { compileByteColumn, type ByteColumn } from '../checks/bytes/byte-column';
import { NUMBERS } from '../checks/compile-json-column';
import type { Column } from '../definition/read-column';
import type { JsonJudge } from './check-json-rows';
import { openSureLineReader } from './machine/open-sure-reader';
import type { SureRecordReader } from './machine/sure-records';
import { readJsonString } from './read-json-string';
import { addRow, NULL, RowBatch } from './row-batch';
import type { JsonRow } from './scan-json-lines';
import { notPlainAt, scanWindows, WINDOW } from './scan-windows';
import { setValue } from './set-value';

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const QUOTE = 34;
const COMMA = 44;
const OPEN = 123;
const CLOSE = 125;
const NULL_WORD = Buffer.from('null');
const LETTER_F = 102;
const LETTER_N = 110;
const LETTER_T = 116;

interface PlainColumn {
  /** What stands ahead of its value, from the line's beginning or the value before. */
  prefix: Buffer;
  column: ByteColumn | undefined;
  isNumber: boolean;
  isBoolean: boolean;
}

/** What is left of a file from a line on that is not plain. */
export interface NotPlainLines {
  source: AsyncIterable<Uint8Array>;
  /** Rows and lines ahead of it. */
  row: number;
  line: number;
}

const startsWith = (bytes: Buffer, at: number, prefix: Buffer): boolean => {
  for (let place = 0; place < prefix.length; place += 1)
    if (bytes[at + place] !== prefix[place]) return false;
  return true;
};

/**
 * Reads lines of JSON as Landfall writes them, and most other programs: the keys in the order of the columns, without
 * spaces between the parts. A line of which it cannot be sure that all is well is judged as text.
 */
export class PlainJsonReader {
  /** What it did not read; undefined when it read all. */
  rest: NotPlainLines | undefined;
  private readonly sure: SureRecordReader | undefined;
  private readonly plain: readonly PlainColumn[];
  private readonly batch: RowBatch;
  private row = 0;
  private line = 0;
  /** One for all, since there are millions. */
  private readonly field = { bytes: Buffer.alloc(0) as Buffer, start: 0, end: 0, quoted: true };

  constructor(
    columns: readonly Column[],
    private readonly judge: JsonJudge,
    private readonly parse: (line: string) => Omit<JsonRow, 'row' | 'line'>,
    private readonly largest: number,
    private readonly window = WINDOW,
  ) {
    this.batch = new RowBatch(columns.length);
    this.sure = openSureLineReader(columns, largest);
    this.plain = columns.map((column, index) => ({
      prefix: Buffer.from(`${index === 0 ? '{' : ','}${JSON.stringify(column.header)}:`),
      column: compileByteColumn(column),
      isNumber: NUMBERS.has(column.type.name),
      isBoolean: column.type.name === 'boolean' && column.rules.length === 0,
    }));
  }

  /** @param source without byte order mark; left where it is when a line is not plain */
  async *read(source: AsyncIterable<Uint8Array>): AsyncGenerator<RowBatch> {
    const scan = (to: number, last: boolean): number => this.scan(to, last);
    const rest = yield* scanWindows(source, this.batch, scan, this.window);
    this.rest = rest && { source: rest, row: this.row, line: this.line };
  }

  private scan(to: number, last: boolean): number {
    const { batch } = this;
    let at = 0;
    this.sure?.show(batch.bytes, at, to);
    while (at < to) {
      at = this.addSureLines(at);
      if (at === to) break;
      const { bytes } = batch;
      const found = bytes.indexOf(LINE_FEED, at);
      const isWhole = found !== -1 && found < to;
      const end = isWhole ? found : to;
      // A byte is at most one character.
      if (end - at > this.largest) return notPlainAt(at);
      if (!isWhole && !last) break;
      // What a blank line is, the text's reader knows.
      if (bytes[at] !== OPEN) return notPlainAt(at);
      const before = bytes[end - 1] === CARRIAGE_RETURN ? end - 1 : end;
      this.row += 1;
      this.line += 1;
      if (!this.addLine(bytes, at, before)) this.addAsText(bytes, at, before);
      at = isWhole ? end + 1 : end;
    }
    return at;
  }

  /** @returns where the first line begins that is not sure */
  private addSureLines(at: number): number {
    const next = this.sure?.read(this.batch, { at, row: this.row + 1, line: this.line + 1 });
    if (!next) return at;
    this.row = next.row - 1;
    this.line = next.line - 1;
    return next.at;
  }

  private addAsText(bytes: Buffer, start: number, end: number): void {
    const { row, line } = this;
    addRow(this.batch, this.judge({ row, line, ...this.parse(bytes.toString('utf8', start, end)) }));
  }

  /** @returns false, and adds nothing, when it cannot be sure */
  private addLine(bytes: Buffer, start: number, end: number): boolean {
    const { batch, plain } = this;
    const { used } = batch;
    const first = batch.begin(this.row, this.line);
    let at = start;
    for (let index = 0; index < plain.length && at >= 0; index += 1) {
      const { prefix } = plain[index] as PlainColumn;
      at = startsWith(bytes, at, prefix)
        ? this.addValue(bytes, at + prefix.length, end, index, first + index * 2)
        : -1;
    }
    if (at === end - 1 && bytes[at] === CLOSE && plain.length > 0) return true;
    batch.length -= 1;
    batch.used = used;
    return false;
  }

  /** @returns where the value ends, or -1 when it cannot be sure of it */
  private addValue(bytes: Buffer, start: number, end: number, index: number, span: number): number {
    const { column, isNumber, isBoolean } = this.plain[index] as PlainColumn;
    const { batch, field } = this;
    if (column === undefined) return -1;
    const code = bytes[start];
    if (code === QUOTE) {
      const close = readJsonString(bytes, start, end, batch, field);
      return close !== -1 && setValue(batch, span, column, field) ? close : -1;
    }
    let to = start;
    while (to < end && bytes[to] !== COMMA && bytes[to] !== CLOSE) to += 1;
    if (code === LETTER_N) {
      if (to - start !== NULL_WORD.length || !startsWith(bytes, start, NULL_WORD) || !column.nullable)
        return -1;
      batch.spans[span] = NULL;
      return to;
    }
    if (code === LETTER_T || code === LETTER_F ? !isBoolean : !isNumber) return -1;
    field.bytes = bytes;
    field.start = start;
    field.end = to;
    return setValue(batch, span, column, field) ? to : -1;
  }
}
