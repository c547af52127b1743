import type { RawRow, RowFault } from './raw-row';

export interface CsvRow extends RawRow {
  fields: string[];
  /** Whether each field stood in quotes; empty when none did. */
  quoted: readonly boolean[];
}

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const NONE_QUOTED: readonly boolean[] = [];

export interface CsvDialect {
  delimiter: string;
  quote: string;
  /** In UTF-16 units. */
  largestRow: number;
}

/**
 * Splits text into records as RFC 4180 has them: ended by LF or CRLF, fields in quotes holding anything, a quote in
 * them written twice. A quote inside a bare field, text after a closing quote, a carriage return alone and a quote
 * that never closes are faults of their record; reading goes on behind it. After a record that is too large it goes on
 * at the next line, as if no quote were open.
 */
export class CsvScanner {
  private readonly delimiter: number;
  private readonly quote: number;
  private readonly twoQuotes: string;
  private text = '';
  private waiting: string[] = [];
  private waitingLength = 0;
  private badLines: number[] = [];
  private row = 0;
  private line = 1;
  private skipping = false;

  // Of the record being read; fields of the object, since returning them would make garbage for each record.
  private fields: string[] = [];
  private quoted: boolean[] | undefined;
  private fault: RowFault | undefined;
  private lines = 0;

  constructor(private readonly dialect: CsvDialect) {
    this.delimiter = dialect.delimiter.charCodeAt(0);
    this.quote = dialect.quote.charCodeAt(0);
    this.twoQuotes = dialect.quote + dialect.quote;
  }

  /** The records that are complete by now. */
  push(text: string, badLines: readonly number[] = []): CsvRow[] {
    const before = this.text.length + this.waitingLength;
    for (const place of badLines) this.badLines.push(before + place);
    this.waiting.push(text);
    this.waitingLength += text.length;
    // An open record is read again only when its text has doubled, which keeps the whole linear.
    return this.waitingLength >= this.text.length ? this.scan(false) : [];
  }

  /** The records that the end of the text completes. */
  end(): CsvRow[] {
    return this.scan(true);
  }

  private scan(last: boolean): CsvRow[] {
    this.text += this.waiting.join('');
    this.waiting = [];
    this.waitingLength = 0;
    const rows: CsvRow[] = [];
    let start = 0;
    while (start < this.text.length) {
      const next = this.skipping ? this.skipLine(start) : this.readRecord(start, last, rows);
      if (next === -1) break;
      start = next;
    }
    this.text = this.text.slice(start);
    if (this.badLines.length > 0) this.badLines = this.badLines.map((place) => place - start);
    return rows;
  }

  /** @returns where the next record begins, or -1 when this one is not complete */
  private readRecord(start: number, last: boolean, rows: CsvRow[]): number {
    const { largestRow } = this.dialect;
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
      this.fault = 'not-utf-8';
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

  /** Goes behind the next line feed at or after `from`, counting those since `counted`. */
  private skipLine(from: number, counted = from): number {
    const found = this.text.indexOf('\n', from);
    const end = found === -1 ? this.text.length : found + 1;
    this.line += this.countLines(counted, end);
    this.badLines = this.badLines.filter((place) => place >= end);
    this.skipping = found === -1;
    return end;
  }

  private countLines(from: number, to: number): number {
    let count = 0;
    for (let at = this.text.indexOf('\n', from); at !== -1 && at < to; at = this.text.indexOf('\n', at + 1))
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
      if (code !== delimiter) return code === LINE_FEED ? end + 1 : end + 2;
      at = end + 1;
      if (at === text.length) {
        if (!last) return -1;
        this.fields.push('');
        return at;
      }
    }
  }

  /** @returns where the field ends: at a delimiter, a line end or the end of the text; -1 when it is not complete */
  private readBare(fieldStart: number, from: number, last: boolean): number {
    const { text, delimiter, quote } = this;
    const { length } = text;
    let at = from;
    for (; at < length; at += 1) {
      const code = text.charCodeAt(at);
      if (code === delimiter || code === LINE_FEED) break;
      if (code === quote) this.fault = 'bad-quote';
      else if (code === CARRIAGE_RETURN) {
        if (text.charCodeAt(at + 1) === LINE_FEED) break;
        if (at + 1 === length && !last) return -1;
        this.fault = 'bad-quote';
      }
    }
    if (at === length && !last) return -1;
    this.fields.push(text.slice(fieldStart, at));
    return at;
  }

  private readQuoted(start: number, last: boolean): number {
    const { text, quote } = this;
    const { length } = text;
    let close = text.indexOf(this.dialect.quote, start + 1);
    let escaped = false;
    while (close !== -1 && text.charCodeAt(close + 1) === quote) {
      escaped = true;
      close = text.indexOf(this.dialect.quote, close + 2);
    }
    if (close === -1 || close + 1 === length) {
      if (!last) return -1;
      if (close === -1) {
        this.fault = 'bad-quote';
        return length;
      }
    }
    const value = text.slice(start + 1, close);
    this.lines += this.countLines(start, close);
    const after = text.charCodeAt(close + 1);
    const ended = close + 1 === length || after === this.delimiter || after === LINE_FEED;
    if (ended || (after === CARRIAGE_RETURN && text.charCodeAt(close + 2) === LINE_FEED)) {
      (this.quoted ??= [])[this.fields.length] = true;
      this.fields.push(escaped ? value.replaceAll(this.twoQuotes, this.dialect.quote) : value);
      return close + 1;
    }
    if (after === CARRIAGE_RETURN && close + 2 === length && !last) return -1;
    this.fault = 'bad-quote';
    return this.readBare(start, close + 1, last);
  }
}
