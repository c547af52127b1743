import type { FlatRecordParser } from './parse-flat-record';
import type { ContentLimits } from '../definition/format';
import type { RawRow } from './raw-row';
import { parseRecord, type JsonRow } from './scan-json-lines';

const CODE = {
  quote: 34,
  backslash: 92,
  lineFeed: 10,
  comma: 44,
  openBrace: 123,
  closeBrace: 125,
  openBracket: 91,
  closeBracket: 93,
};
const isSpace = (code: number): boolean => code === 32 || code === 10 || code === 13 || code === 9;

type Expecting = 'array' | 'first-or-end' | 'element' | 'comma-or-end' | 'nothing';

/**
 * Splits one array into its elements without holding more than one of them, and reads each as an object. What breaks
 * the array itself (text around it, a comma too many, no end) is a fault after which nothing more can be read.
 */
export class JsonArrayScanner {
  private text = '';
  private at = 0;
  private expecting: Expecting = 'array';
  private depth = 0;
  private inString = false;
  private start = -1;
  private row = 0;
  private line = 1;
  private startLine = 1;
  private badLines: number[] = [];
  private broken = false;

  constructor(
    private readonly parseFlat: FlatRecordParser,
    private readonly limits: Pick<ContentLimits, 'rowCharacters' | 'depth'>,
  ) {}

  push(text: string, badLines: readonly number[] = []): JsonRow[] {
    if (this.broken) return [];
    const keep = this.start === -1 ? this.at : this.start;
    this.badLines = this.badLines.map((place) => place - keep);
    const rest = this.text.slice(keep);
    this.badLines.push(...badLines.map((place) => place + rest.length));
    this.text = rest + text;
    this.at -= keep;
    if (this.start !== -1) this.start = 0;
    const rows: JsonRow[] = [];
    // A break leaves no text.
    while (this.at < this.text.length) this.step(rows);
    if (this.start !== -1 && this.at - this.start > this.limits.rowCharacters)
      this.breakWith('row-too-large', rows);
    return rows;
  }

  end(): JsonRow[] {
    const rows: JsonRow[] = [];
    if (!this.broken && this.expecting !== 'nothing') this.breakWith('malformed-json', rows);
    return rows;
  }

  private step(rows: JsonRow[]): void {
    const code = this.text.charCodeAt(this.at);
    if (code === CODE.lineFeed) this.line += 1;
    if (this.start !== -1) this.stepInElement(code, rows);
    else if (!isSpace(code)) this.stepBetween(code, rows);
    this.at += 1;
  }

  private stepBetween(code: number, rows: JsonRow[]): void {
    const { expecting } = this;
    if (expecting === 'array' && code === CODE.openBracket) this.expecting = 'first-or-end';
    else if (expecting === 'comma-or-end' && code === CODE.comma) this.expecting = 'element';
    else if ((expecting === 'comma-or-end' || expecting === 'first-or-end') && code === CODE.closeBracket)
      this.expecting = 'nothing';
    else if ((expecting === 'element' || expecting === 'first-or-end') && code === CODE.openBrace) {
      this.start = this.at;
      this.startLine = this.line;
      this.depth = 1;
    } else this.breakWith('malformed-json', rows);
  }

  private stepInElement(code: number, rows: JsonRow[]): void {
    if (this.inString) {
      if (code === CODE.backslash) this.at += 1;
      else if (code === CODE.quote) this.inString = false;
      return;
    }
    if (code === CODE.quote) this.inString = true;
    else if (code === CODE.openBrace || code === CODE.openBracket) this.depth += 1;
    else if (code === CODE.closeBrace || code === CODE.closeBracket) {
      this.depth -= 1;
      if (this.depth === 0) this.endElement(rows);
    }
  }

  private endElement(rows: JsonRow[]): void {
    const end = this.at + 1;
    const element = this.text.slice(this.start, end);
    // A whole array may be one line: only the element with the bytes themselves is at fault.
    const notUtf8 = this.badLines.some((place) => place < end) && element.includes('\uFFFD');
    if (notUtf8) this.badLines = this.badLines.filter((place) => place >= end);
    this.start = -1;
    this.expecting = 'comma-or-end';
    if (notUtf8) rows.push(this.toRow('not-utf-8'));
    else if (element.length > this.limits.rowCharacters) rows.push(this.toRow('row-too-large'));
    else rows.push({ ...this.toRow(), ...parseRecord(element, this.parseFlat, this.limits.depth) });
  }

  private breakWith(fault: NonNullable<RawRow['fault']>, rows: JsonRow[]): void {
    if (this.start === -1) this.startLine = this.line;
    this.broken = true;
    this.text = '';
    rows.push(this.toRow(fault));
  }

  private toRow(fault?: RawRow['fault']): JsonRow {
    this.row += 1;
    return { row: this.row, line: this.startLine, ...(fault && { fault }) };
  }
}
