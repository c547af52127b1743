import type { FlatRecordParser } from './parse-flat-record';
import type { ContentLimits } from '../definition/format';
import { parseJsonRecord, type JsonFault, type JsonRecord, type JsonValue } from './parse-json-record';
import type { RawRow } from './raw-row';

export interface JsonRow extends RawRow {
  /** What the record holds: values in the order of the columns, where it is written plainly, or by key. */
  values?: JsonValue[];
  record?: JsonRecord;
}

/** Reads a record the quick way where its text allows, otherwise the thorough one. */
export function parseRecord(
  text: string,
  parseFlat: FlatRecordParser,
  deepest: number,
): Pick<JsonRow, 'values' | 'record'> | { fault: JsonFault } {
  const values = parseFlat(text);
  if (values) return { values };
  const record = parseJsonRecord(text, deepest);
  return typeof record === 'string' ? { fault: record } : { record };
}

const BLANK = /^[ \t\r]*$/;

/** Splits text into lines, which LF or CRLF ends, and reads each as one object. An empty line is malformed, as it is in JSON Lines. */
export class JsonLinesScanner {
  private open: string[] = [];
  private openLength = 0;
  private openIsBad = false;
  private row: number;
  private line: number;
  private skipping = false;

  /** @param before rows and lines ahead of the text that it is given */
  constructor(
    private readonly parseFlat: FlatRecordParser,
    private readonly limits: Pick<ContentLimits, 'rowCharacters' | 'depth'>,
    private readonly skipsBlankLines = false,
    before: { row: number; line: number } = { row: 0, line: 0 },
  ) {
    this.row = before.row;
    this.line = before.line;
  }

  push(text: string, badLines: readonly number[] = []): JsonRow[] {
    const rows: JsonRow[] = [];
    let start = 0;
    let bad = 0;
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
      const isBad = bad < badLines.length && (badLines[bad] ?? end) <= end;
      if (isBad) bad += 1;
      this.endLine(text.slice(start, end), isBad, rows);
      start = end + 1;
    }
    this.openIsBad ||= bad < badLines.length;
    this.keepOpen(text.slice(start), rows);
    return rows;
  }

  end(): JsonRow[] {
    const rows: JsonRow[] = [];
    if (this.openLength > 0) this.endLine('', false, rows);
    return rows;
  }

  private keepOpen(text: string, rows: JsonRow[]): void {
    if (this.skipping || text === '') return;
    this.openLength += text.length;
    if (this.openLength <= this.limits.rowCharacters) {
      this.open.push(text);
      return;
    }
    this.skipping = true;
    this.forget();
    this.line += 1;
    rows.push(this.toRow('row-too-large'));
  }

  private endLine(rest: string, isBad: boolean, rows: JsonRow[]): void {
    const line = this.open.length === 0 ? rest : this.open.join('') + rest;
    const skipped = this.skipping;
    const notUtf8 = isBad || this.openIsBad;
    this.forget();
    this.skipping = false;
    if (skipped) return;
    this.line += 1;
    if (this.skipsBlankLines && BLANK.test(line)) return;
    if (line.length > this.limits.rowCharacters) rows.push(this.toRow('row-too-large'));
    else if (notUtf8) rows.push(this.toRow('not-utf-8'));
    else {
      const text = line.endsWith('\r') ? line.slice(0, -1) : line;
      rows.push({ ...this.toRow(), ...parseRecord(text, this.parseFlat, this.limits.depth) });
    }
  }

  private forget(): void {
    this.open = [];
    this.openLength = 0;
    this.openIsBad = false;
  }

  private toRow(fault?: RawRow['fault']): JsonRow {
    this.row += 1;
    return { row: this.row, line: this.line, ...(fault && { fault }) };
  }
}
