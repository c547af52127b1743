import type { CsvFormat } from '../definition/format';
import type { RawRow, RowFault } from './raw-row';

export interface CsvRow extends RawRow {
  fields: string[];
  /** Whether each field stood in quotes; empty when none did. */
  quoted: readonly boolean[];
}

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
/** A character that no text has. */
const NONE = -1;
/** In a batch. */
const MOST_ROWS = 10_000;
const NONE_QUOTED: readonly boolean[] = [];

export type CsvDialect = Omit<CsvFormat, 'name' | 'trailer' | 'encoding' | 'escape'> & {
  /** What a record is called whose bytes are not in the file's encoding. */
  undecodable: RowFault;
  /** Where the first record stands that it is given, if not at the beginning of the file. */
  place?: { row: number; line: number };
};

/**
 * Splits text into records as RFC 4180 has them: ended by LF or CRLF (or, where the dialect says so, CR), fields in quotes
 * holding anything, a quote in them written twice. A quote inside a bare field, text after a closing quote, a line end
 * of the other kind and a quote that never closes are faults of their record; reading goes on behind it. After a record
 * that is too large it goes on at the next line, as if no quote were open. Comments and skipped lines are no records.
 */
export class CsvScanner {
  protected readonly delimiter: number;
  protected readonly quote: number;
  protected readonly lineEnd: number;
  /** A carriage return is part of a line end, or else a line feed is a fault. */
  protected readonly otherLineEnd: number;
  private readonly comment: number;
  private readonly lineEndText: string;
  private readonly quoteText: string;
  private readonly twoQuotes: string;
  private leadingLines: number;
  protected text = '';
  private waiting: string[] = [];
  private waitingLength = 0;
  private badLines: number[] = [];
  private row: number;
  private line: number;
  private skipping = false;

  // Of the record being read; fields of the object, since returning them would make garbage for each record.
  protected fields: string[] = [];
  protected quoted: boolean[] | undefined;
  protected fault: RowFault | undefined;
  private lines = 0;

  constructor(private readonly dialect: CsvDialect) {
    const hasLineFeeds = dialect.lineEnd === 'lf-or-crlf';
    this.lineEnd = hasLineFeeds ? LINE_FEED : CARRIAGE_RETURN;
    this.otherLineEnd = hasLineFeeds ? CARRIAGE_RETURN : LINE_FEED;
    this.lineEndText = String.fromCharCode(this.lineEnd);
    this.delimiter = dialect.delimiter.charCodeAt(0);
    this.quote = dialect.quote?.charCodeAt(0) ?? NONE;
    this.quoteText = dialect.quote ?? '';
    this.twoQuotes = this.quoteText + this.quoteText;
    this.comment = dialect.comment?.charCodeAt(0) ?? NONE;
    this.leadingLines = dialect.skipLines;
    const { row, line } = dialect.place ?? { row: dialect.header ? 0 : 1, line: 1 };
    this.row = row;
    this.line = line;
  }

  /** The records that are complete by now, in batches. */
  *push(text: string, badLines: readonly number[] = []): Generator<CsvRow[]> {
    const before = this.text.length + this.waitingLength;
    for (const place of badLines) this.badLines.push(before + place);
    this.waiting.push(text);
    this.waitingLength += text.length;
    // An open record is read again only when its text has doubled, which keeps the whole linear.
    if (this.waitingLength >= this.text.length) yield* this.scan(false);
  }

  /** The records that the end of the text completes. */
  end(): Generator<CsvRow[]> {
    return this.scan(true);
  }

  private *scan(last: boolean): Generator<CsvRow[]> {
    this.text += this.waiting.join('');
    this.waiting = [];
    this.waitingLength = 0;
    let rows: CsvRow[] = [];
    let start = 0;
    while (start < this.text.length) {
      const next =
        this.skipping || this.isNoRecord(start) ? this.skipLine(start) : this.readRecord(start, last, rows);
      if (next === -1) break;
      start = next;
      // Behind a record that was too large there may be millions of them in the text.
      if (rows.length === MOST_ROWS) {
        yield rows;
        rows = [];
      }
    }
    this.text = this.text.slice(start);
    if (this.badLines.length > 0) this.badLines = this.badLines.map((place) => place - start);
    if (rows.length > 0) yield rows;
  }

  /** Whether the line that begins here is one that is left out; such a line is left out also where it is not complete. */
  private isNoRecord(start: number): boolean {
    if (this.leadingLines > 0) {
      this.leadingLines -= 1;
      return true;
    }
    const code = this.text.charCodeAt(start);
    if (code === this.comment) return true;
    if (this.dialect.blankLines === 'refused') return false;
    return (
      code === this.lineEnd || (code === CARRIAGE_RETURN && this.text.charCodeAt(start + 1) === LINE_FEED)
    );
  }

  /** @returns where the next record begins, or -1 when this one is not complete */
  private readRecord(start: number, last: boolean, rows: CsvRow[]): number {
    const largestRow = this.dialect.limits.rowCharacters;
    this.fields = [];
    this.quoted = undefined;
    this.fault = undefined;
    this.lines = 1;
    const end = this.readFields(start, last);
    if (end === -1 ? this.text.length - start > largestRow : end - start > largestRow) {
      rows.push(this.toRow('row-too-large'));
      this.lines = 0;
      this.skipping = true;
      return this.skipLine(start + largestRow, start);
    }
    if (end === -1) return -1;
    if (this.badLines.length > 0 && (this.badLines[0] ?? end) < end) {
      this.badLines = this.badLines.filter((place) => place >= end);
      this.fault = this.dialect.undecodable;
    }
    rows.push(this.toRow(this.fault));
    this.line += this.lines;
    return end;
  }

  private toRow(fault: RowFault | undefined): CsvRow {
    const row = { row: this.row, line: this.line, fields: this.fields, quoted: this.quoted ?? NONE_QUOTED };
    this.row += 1;
    return fault === undefined ? row : { ...row, fault, fields: [] };
  }

  /** Goes behind the next line end at or after `from`, counting those since `counted`. */
  private skipLine(from: number, counted = from): number {
    const found = this.text.indexOf(this.lineEndText, from);
    const end = found === -1 ? this.text.length : found + 1;
    this.line += this.countLines(counted, end);
    this.badLines = this.badLines.filter((place) => place >= end);
    this.skipping = found === -1;
    return end;
  }

  private countLines(from: number, to: number): number {
    let count = 0;
    for (
      let at = this.text.indexOf(this.lineEndText, from);
      at !== -1 && at < to;
      at = this.text.indexOf(this.lineEndText, at + 1)
    )
      count += 1;
    return count;
  }

  /** @returns behind the record's line end, or -1 when the text stops before it */
  private readFields(start: number, last: boolean): number {
    const { text, delimiter } = this;
    let at = start;
    for (;;) {
      const end =
        text.charCodeAt(at) === this.quote ? this.readQuoted(at, last) : this.readBare(at, at, last);
      if (end === -1) return -1;
      if (end === text.length) return end;
      const code = text.charCodeAt(end);
      if (code !== delimiter) return code === this.lineEnd ? end + 1 : end + 2;
      at = end + 1;
      if (at === text.length) {
        if (!last) return -1;
        this.fields.push('');
        return at;
      }
    }
  }

  /** @returns where the field ends: at a delimiter, a line end or the end of the text; -1 when it is not complete */
  protected readBare(fieldStart: number, from: number, last: boolean): number {
    const { text, delimiter, quote, lineEnd, otherLineEnd } = this;
    const { length } = text;
    let at = from;
    for (; at < length; at += 1) {
      const code = text.charCodeAt(at);
      if (code === delimiter || code === lineEnd) break;
      if (code === quote) this.fault = 'bad-quote';
      else if (code === otherLineEnd) {
        if (this.isCrLf(at)) break;
        if (at + 1 === length && !last) return -1;
        this.fault = 'bad-quote';
      }
    }
    if (at === length && !last) return -1;
    this.fields.push(text.slice(fieldStart, at));
    return at;
  }

  /** Whether a line ends here with two characters. */
  protected isCrLf(at: number): boolean {
    return this.text.charCodeAt(at) === CARRIAGE_RETURN && this.text.charCodeAt(at + 1) === this.lineEnd;
  }

  protected readQuoted(start: number, last: boolean): number {
    const { text, quote } = this;
    const { length } = text;
    let close = text.indexOf(this.quoteText, start + 1);
    let escaped = false;
    while (close !== -1 && text.charCodeAt(close + 1) === quote) {
      escaped = true;
      close = text.indexOf(this.quoteText, close + 2);
    }
    if (close === -1) return this.endOpenQuote(last);
    if (close + 1 === length && !last) return -1;
    const value = text.slice(start + 1, close);
    return this.endQuoted(
      start,
      close,
      escaped ? value.replaceAll(this.twoQuotes, this.quoteText) : value,
      last,
    );
  }

  /** A quote that nothing closes in what has been read so far. */
  protected endOpenQuote(last: boolean): number {
    if (!last) return -1;
    this.fault = 'bad-quote';
    return this.text.length;
  }

  /** Takes a field whose closing quote is found, if what stands behind that may end a field. */
  protected endQuoted(start: number, close: number, value: string, last: boolean): number {
    const { text } = this;
    const { length } = text;
    this.lines += this.countLines(start, close);
    const after = text.charCodeAt(close + 1);
    const ended = close + 1 === length || after === this.delimiter || after === this.lineEnd;
    if (ended || this.isCrLf(close + 1)) {
      (this.quoted ??= [])[this.fields.length] = true;
      this.fields.push(value);
      return close + 1;
    }
    if (after === this.otherLineEnd && close + 2 === length && !last) return -1;
    this.fault = 'bad-quote';
    return this.readBare(start, close + 1, last);
  }
}
