import type { FlatRecordParser } from './parse-flat-record';
import { parseJsonRecord, type JsonRecord, type JsonValue } from './parse-json-record';
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
): Pick<JsonRow, 'values' | 'record'> | { fault: 'malformed-json' } {
  const values = parseFlat(text);
  if (values) return { values };
  const record = parseJsonRecord(text);
  return record ? { record } : { fault: 'malformed-json' };
}

/** Splits text into lines and reads each as one object. An empty line is malformed, as it is in JSON Lines. */
export class JsonLinesScanner {
  private open: string[] = [];
  private openLength = 0;
  private openIsBad = false;
  private row = 0;
  private skipping = false;

  constructor(
    private readonly parseFlat: FlatRecordParser,
    private readonly largestRow: number,
  ) {}

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
    if (this.openLength <= this.largestRow) {
      this.open.push(text);
      return;
    }
    this.skipping = true;
    this.forget();
    rows.push(this.toRow('row-too-large'));
  }

  private endLine(rest: string, isBad: boolean, rows: JsonRow[]): void {
    const line = this.open.length === 0 ? rest : this.open.join('') + rest;
    const skipped = this.skipping;
    const notUtf8 = isBad || this.openIsBad;
    this.forget();
    this.skipping = false;
    if (skipped) return;
    if (line.length > this.largestRow) rows.push(this.toRow('row-too-large'));
    else if (notUtf8) rows.push(this.toRow('not-utf-8'));
    else rows.push({ ...this.toRow(), ...parseRecord(line, this.parseFlat) });
  }

  private forget(): void {
    this.open = [];
    this.openLength = 0;
    this.openIsBad = false;
  }

  private toRow(fault?: RawRow['fault']): JsonRow {
    this.row += 1;
    return { row: this.row, line: this.row, ...(fault && { fault }) };
  }
}
