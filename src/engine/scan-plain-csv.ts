import type { CsvFormat } from '../definition/format';
import { doubled } from './enlarge';

const COMMA_LIKE = /^[\x20-\x7e\t]$/;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
/** A byte that no file has. */
export const NO_BYTE = -1;

/** The record is not whole yet. */
export const OPEN = -1;
/** The record is one that `CsvScanner` must judge. */
export const NOT_PLAIN = -2;

/** Whether nearly every file of the format is plain: UTF-8 as RFC 4180 has it, whatever the one-byte delimiter and quote. */
export const isPlain = (format: Omit<CsvFormat, 'name'>): boolean =>
  format.encoding === 'utf-8' &&
  format.lineEnd === 'lf-or-crlf' &&
  format.escape === 'doubled' &&
  format.comment === undefined &&
  format.skipLines === 0 &&
  format.blankLines === 'refused' &&
  format.trailer === undefined &&
  COMMA_LIKE.test(format.delimiter) &&
  (format.quote === null || COMMA_LIKE.test(format.quote));

/** 1 for the bytes at which a bare field may end, or is not plain: one look for each byte instead of four. */
export function specialBytes(delimiter: number, quote: number): Uint8Array {
  const special = new Uint8Array(256);
  for (const code of [delimiter, quote, LINE_FEED, CARRIAGE_RETURN]) if (code !== NO_BYTE) special[code] = 1;
  return special;
}

/**
 * Finds the fields of records that have no fault, among bytes that are UTF-8. It knows no fault: at the first record that
 * might have one it stops, and `CsvScanner` goes on from there.
 */
export class PlainCsvScanner {
  /** Of the record that was read. */
  count = 0;
  starts = new Int32Array(64);
  ends = new Int32Array(64);
  /** 1 where the field stood in quotes. */
  quoted = new Uint8Array(64);
  /** Lines that the record takes. */
  lines = 1;
  private readonly delimiter: number;
  private readonly quote: number;
  private readonly special: Uint8Array;
  /** Fields with a quote that is written twice. */
  private readonly escaped: number[] = [];
  private readonly largest: number;

  constructor({ delimiter, quote, limits }: Pick<CsvFormat, 'delimiter' | 'quote' | 'limits'>) {
    this.delimiter = delimiter.charCodeAt(0);
    this.quote = quote?.charCodeAt(0) ?? NO_BYTE;
    this.special = specialBytes(this.delimiter, this.quote);
    // A byte is at most one character.
    this.largest = limits.rowCharacters;
  }

  /**
   * Reads the record that begins at `from`. Quotes that are written twice become one in `bytes`, once it is whole.
   * @param last whether nothing comes behind `to`
   * @returns where the next one begins, OPEN or NOT_PLAIN
   */
  read(bytes: Buffer, from: number, to: number, last: boolean): number {
    const { delimiter, quote } = this;
    this.count = 0;
    this.lines = 1;
    let at = from;
    for (;;) {
      if (this.count === this.starts.length) this.enlarge();
      const end =
        at < to && bytes[at] === quote
          ? this.readQuoted(bytes, at, to, last)
          : this.readBare(bytes, at, to, last);
      if (end < 0) return this.stop(end === OPEN && to - from > this.largest ? NOT_PLAIN : end);
      if (end === to) return this.finish(bytes, from, to);
      const code = bytes[end] as number;
      if (code !== delimiter) return this.finish(bytes, from, code === LINE_FEED ? end + 1 : end + 2);
      at = end + 1;
      if (at === to && !last) return this.stop(to - from > this.largest ? NOT_PLAIN : OPEN);
    }
  }

  /** @returns where the field ends: at a delimiter, a line end or the end of all */
  private readBare(bytes: Buffer, start: number, to: number, last: boolean): number {
    const { special } = this;
    let at = start;
    while (at < to && special[bytes[at] as number] === 0) at += 1;
    if (at === to) {
      if (!last) return OPEN;
    } else {
      const code = bytes[at] as number;
      if (code === this.quote) return NOT_PLAIN;
      if (code === CARRIAGE_RETURN) {
        if (at + 1 === to) return last ? NOT_PLAIN : OPEN;
        if (bytes[at + 1] !== LINE_FEED) return NOT_PLAIN;
      }
    }
    this.add(start, at, 0);
    return at;
  }

  private readQuoted(bytes: Buffer, start: number, to: number, last: boolean): number {
    const { delimiter, quote } = this;
    let isEscaped = false;
    let close = start + 1;
    for (; close < to; close += 1) {
      const code = bytes[close] as number;
      if (code === LINE_FEED) this.lines += 1;
      if (code !== quote) continue;
      if (close + 1 === to || bytes[close + 1] !== quote) break;
      isEscaped = true;
      close += 1;
    }
    const after = close + 1;
    // A quote that nothing closes is a fault, which the end of the file tells.
    if (after > to) return last ? NOT_PLAIN : OPEN;
    if (after === to && !last) return OPEN;
    if (isEscaped) this.escaped.push(this.count);
    this.add(start + 1, close, 1);
    if (after === to) return after;
    const code = bytes[after] as number;
    if (code === delimiter || code === LINE_FEED) return after;
    if (code !== CARRIAGE_RETURN) return NOT_PLAIN;
    if (after + 1 === to) return last ? NOT_PLAIN : OPEN;
    return bytes[after + 1] === LINE_FEED ? after : NOT_PLAIN;
  }

  private add(start: number, end: number, quoted: number): void {
    this.starts[this.count] = start;
    this.ends[this.count] = end;
    this.quoted[this.count] = quoted;
    this.count += 1;
  }

  private stop(why: number): number {
    this.escaped.length = 0;
    return why;
  }

  private finish(bytes: Buffer, from: number, next: number): number {
    if (next - from > this.largest) return this.stop(NOT_PLAIN);
    if (this.escaped.length === 0) return next;
    for (const field of this.escaped) {
      const start = this.starts[field] as number;
      const end = this.ends[field] as number;
      let to = start;
      for (let at = start; at < end; at += 1) {
        const code = bytes[at] as number;
        bytes[to++] = code;
        if (code === this.quote) at += 1;
      }
      this.ends[field] = to;
    }
    this.escaped.length = 0;
    return next;
  }

  private enlarge(): void {
    this.starts = doubled(this.starts);
    this.ends = doubled(this.ends);
    this.quoted = doubled(this.quoted);
  }
}
