import { isMap } from 'node:util/types';
import { compileColumn } from '../checks/compile-column';
import type { FindingCollector } from '../checks/collect-findings';
import { isFault, type ValueReader } from '../checks/value-reader';
import type { ReadCustomFormat } from '../definition/custom-format';
import type { HeaderPolicy } from '../definition/header-policy';
import type { Column } from '../definition/read-column';
import { isRowLike } from './is-promise';
import { describeKind, ParsedReject, ParsedRow } from './parsed-record';
import { parserError, type ParsedFile } from './parser-errors';
import { refuseRow, type RowVerdict, type TableRow, type TableValue } from './table-row';

export interface ParsedTable {
  format: ReadCustomFormat;
  header: HeaderPolicy;
  columns: readonly Column[];
  parsedFile: ParsedFile;
}

type GivenTexts = Readonly<Record<string, unknown>> | ReadonlyMap<unknown, unknown>;

const isTexts = (texts: unknown): texts is GivenTexts => isRowLike(texts);

const textOf = (texts: GivenTexts, name: string): unknown => {
  if (isMap(texts)) return texts.get(name);
  return Object.hasOwn(texts, name) ? texts[name] : undefined;
};

const namesOf = (texts: GivenTexts): unknown[] => (isMap(texts) ? [...texts.keys()] : Object.keys(texts));

const HALF_A_CHARACTER = /\p{Surrogate}/u;

/** Judges what the parser of one file gives, record by record, its texts by the columns as those of CSV are. */
export class ParsedRecordJudge {
  /** UTF-16 units of the record that was judged last. */
  characters = 0;
  /** That were judged; the last one's number. */
  rows = 0;
  private readonly readers: readonly ValueReader[];
  private readonly names: ReadonlySet<unknown>;
  private readonly hidesReasons: boolean;
  private line = 0;

  constructor(
    private readonly table: ParsedTable,
    private readonly findings: FindingCollector,
    private readonly rowPasses: RowVerdict | undefined,
  ) {
    this.readers = table.columns.map(compileColumn);
    this.names = new Set(table.columns.map(({ name }) => name));
    this.hidesReasons = table.columns.some(({ sensitive }) => sensitive);
  }

  /** @throws DefinitionError when it is nothing that a parser may give */
  judge(record: unknown): TableRow {
    this.rows += 1;
    this.line = 0;
    if (!(record instanceof ParsedRow || record instanceof ParsedReject))
      throw this.error(`yielded ${describeKind(record)}`);
    this.line = this.readLine(record.place);
    return record instanceof ParsedRow ? this.judgeRow(record.texts) : this.judgeReject(record);
  }

  private judgeRow(texts: unknown): TableRow {
    if (!isTexts(texts)) throw this.error(`gave row() ${describeKind(texts)}`);
    const given = this.readTexts(texts);
    const { columns, format } = this.table;
    if (this.characters > format.limits.rowCharacters)
      return refuseRow(this.place(), 'row-too-large', this.findings);
    const values = new Array<TableValue>(columns.length);
    let passed = this.hasNoOthers(texts, given);
    for (let index = 0; index < columns.length; index += 1) {
      const value = this.judgeText(index, given[index]);
      if (value === undefined) passed = false;
      values[index] = value;
    }
    const { row, line } = this.place();
    passed &&= this.rowPasses?.({ row, line, values }) ?? true;
    if (passed) return { row, line, values, passed };
    // Now, since the parser may use its object again for the next row.
    const raw = JSON.stringify(isMap(texts) ? Object.fromEntries(texts) : texts);
    this.characters += raw.length;
    return { row, line, values, passed, raw: () => raw };
  }

  private readTexts(texts: GivenTexts): (string | null | undefined)[] {
    this.characters = 0;
    return this.table.columns.map(({ name }) => {
      const text = textOf(texts, name);
      if (typeof text === 'string') this.characters += text.length;
      else if (text !== null && text !== undefined)
        throw this.error(`gave ${describeKind(text)} for column "${name}"`);
      return text;
    });
  }

  /** Whether all names are those of columns, or may be others. */
  private hasNoOthers(texts: GivenTexts, given: readonly unknown[]): boolean {
    const names = namesOf(texts);
    if (names.length === given.length && !given.includes(undefined)) return true;
    if (this.table.header.extra === 'ignore') return true;
    const others = names.filter((name) => !this.names.has(name));
    for (const name of others)
      this.findings.addToRow({ code: 'unknown-column', column: String(name), ...this.place() });
    return others.length === 0;
  }

  /** @returns undefined for a text that is at fault, or not there */
  private judgeText(index: number, text: string | null | undefined): TableValue {
    const { columns, header } = this.table;
    const column = columns[index] as Column;
    const { row, line } = this.place();
    if (text === undefined && !(column.nullable && header.missing === 'null')) {
      this.findings.addToRow({ code: 'missing-column', column: column.name, row, line });
      return undefined;
    }
    if (text === null || text === undefined) {
      if (column.nullable) return null;
      this.findings.addValue({ code: 'null', expected: 'a value' }, column, row, line, '');
      return undefined;
    }
    if (HALF_A_CHARACTER.test(text)) {
      const reason = `half a character in column "${column.name}"`;
      this.findings.addToRow({ code: 'unparsed-record', row, line, reason });
      return undefined;
    }
    const value = (this.readers[index] as ValueReader)(text, text === '');
    if (!isFault(value)) return value;
    this.findings.addValue(value, column, row, line, text);
    return undefined;
  }

  private judgeReject({ reason, place }: ParsedReject): TableRow {
    const { raw } = (place ?? {}) as { raw?: unknown };
    if (typeof reason !== 'string' || reason === '') throw this.error('gave reject() no reason in words');
    if (raw !== undefined && typeof raw !== 'string')
      throw this.error(`gave reject() ${describeKind(raw)} as raw`);
    this.characters = reason.length + (raw?.length ?? 0);
    if (this.characters > this.table.format.limits.rowCharacters)
      return refuseRow(this.place(), 'row-too-large', this.findings);
    this.findings.addToRow({
      code: 'unparsed-record',
      ...this.place(),
      reason,
      sensitive: this.hidesReasons,
    });
    const refused = { ...this.place(), values: [], passed: false };
    return raw === undefined ? refused : { ...refused, raw: () => JSON.stringify(raw) };
  }

  private readLine(place: unknown): number {
    const { line } = (place ?? {}) as { line?: unknown };
    if (line === undefined) return 0;
    if (Number.isSafeInteger(line) && (line as number) > 0) return line as number;
    throw this.error(`gave ${typeof line === 'number' ? String(line) : describeKind(line)} as a line`);
  }

  private place(): { row: number; line: number } {
    return { row: this.rows, line: this.line };
  }

  private error(happened: string): Error {
    return parserError(this.table.parsedFile, `${happened}, as row ${this.rows}`);
  }
}
