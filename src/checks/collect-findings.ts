import type { Column } from '../definition/read-column';
import type { Table } from '../definition/pipeline';
import type { Finding, FindingCode, FindingSample } from './finding';
import type { Fault } from './value-reader';

const SAMPLES = 5;
const SHOWN_CHARACTERS = 200;
const EXPECTED_CHARACTERS = 1000;
/** Of one file; what is beyond is counted. A table may have thousands of columns, and a delivery thousands of files. */
const MOST_FINDINGS = 200;
/** Those after them keep one sample. */
const FULLY_SAMPLED = 50;
/** Names in a file are its writer's choice, so they must not fill the memory. */
const UNKNOWN_COLUMNS = 100;

export interface FoundInRow extends FindingSample {
  code: FindingCode;
  column?: string;
  /** The name of the row check that the row fails. */
  check?: string;
  expected?: string;
  /** What a parser says of a row that it rejects. */
  reason?: string;
  /** Its values are counted, never kept. */
  sensitive?: boolean;
}

export interface FindingCollector {
  /** Something about the file as a whole. */
  addToFile(
    code: FindingCode,
    about?: Partial<Pick<Finding, 'column' | 'expected' | 'received' | 'looksLike' | 'count'>>,
  ): void;
  /** Something about one row, in any order of rows; each (column, code) is one finding. */
  addToRow(found: FoundInRow): void;
  /** What a column has against one value. Cheap, since every row may have it. */
  addValue(
    fault: Fault,
    column: Pick<Column, 'name' | 'sensitive'>,
    row: number,
    line: number,
    value: string,
  ): void;
  /** How many findings there are. */
  readonly size: number;
  /** What concerns the whole file, then by the first row concerned. */
  list(): Finding[];
}

export interface CollectorOptions {
  /**
   * Hides names that a file makes up. A file without its header has its first row for one, and with it the values of
   * sensitive columns.
   * @default false
   */
  hidesUnknownNames?: boolean;
}

/** Codes whose column is what the file calls it. */
const NAMED_BY_FILE: ReadonlySet<FindingCode> = new Set(['unknown-column', 'duplicate-column']);

/** A copy: a piece of a text keeps all of that text in memory. */
const shorten = (value: string, most = SHOWN_CHARACTERS): string =>
  Buffer.from(value.length <= most ? value : `${value.slice(0, most)}…`).toString();

/** Keeps the first rows; rows come nearly always in order, so the last place is where to look. */
function keepSample(
  samples: FindingSample[],
  row: number,
  line: number,
  value: string | undefined,
  first?: FindingSample['first'],
): void {
  const last = samples[samples.length - 1];
  if (samples.length === SAMPLES && last && last.row <= row) return;
  samples.push({
    row,
    line,
    ...(value === undefined ? {} : { value: shorten(value) }),
    ...(first === undefined ? {} : { first }),
  });
  samples.sort((left, right) => left.row - right.row);
  samples.length = Math.min(samples.length, SAMPLES);
}

/** Of hidden names all that is left is where they stand. */
const placesIn = (received: string): string =>
  received.match(/\bcolumn \d{1,5}(?=\)|$)/g)?.join(' and ') ?? 'a place that is not told';

const firstRow = ({ samples }: Finding): number => samples[0]?.row ?? -1;

/** As many as a record should hold, after a verdict that saw all: the first 200, the first 50 of them with all samples. */
export const boundFindings = (
  findings: readonly Finding[],
): { findings: Finding[]; moreFindings: number } => ({
  findings: findings
    .slice(0, MOST_FINDINGS)
    .map((finding, index) =>
      index < FULLY_SAMPLED ? finding : { ...finding, samples: finding.samples.slice(0, 1) },
    ),
  moreFindings: Math.max(0, findings.length - MOST_FINDINGS),
});

/** Gathers what is wrong with one file; its size depends on the table, not on the file. */
export function collectFindings(
  table: string,
  file: string,
  { hidesUnknownNames = false }: CollectorOptions = {},
): FindingCollector {
  const findings = new Map<string, Finding>();
  let unknownColumns = 0;

  const find = (code: FindingCode, named: string | undefined, check?: string): Finding => {
    const column = hidesUnknownNames && NAMED_BY_FILE.has(code) ? undefined : named;
    const key = `${code} ${column ?? check ?? ''}`;
    const known = findings.get(key);
    if (known) return known;
    if (code === 'unknown-column' && column !== undefined) {
      if (unknownColumns === UNKNOWN_COLUMNS) return find(code, undefined);
      unknownColumns += 1;
    }
    const finding: Finding = {
      code,
      table,
      file,
      ...(column === undefined ? {} : { column: code === 'unknown-column' ? shorten(column) : column }),
      ...(check === undefined ? {} : { check }),
      count: 0,
      samples: [],
    };
    findings.set(key, finding);
    return finding;
  };

  return {
    addToFile(code, about = {}) {
      const finding = find(code, about.column);
      const { count = 1, expected, received, looksLike } = about;
      finding.count += count;
      if (expected !== undefined) finding.expected = expected;
      if (looksLike !== undefined && !hidesUnknownNames) finding.looksLike = shorten(looksLike);
      if (received === undefined || (hidesUnknownNames && code === 'column-order')) return;
      const isHidden = hidesUnknownNames && NAMED_BY_FILE.has(code);
      const before = isHidden ? finding.received : undefined;
      const shown = isHidden ? placesIn(received) : received;
      finding.received = shorten(before === undefined ? shown : `${before.replace(/…$/, '')}, ${shown}`);
    },
    addToRow({ code, column, check, expected, reason, row, line, value = reason, first, sensitive }) {
      const finding = find(code, column, check);
      finding.count += 1;
      if (expected !== undefined) finding.expected ??= shorten(expected, EXPECTED_CHARACTERS);
      keepSample(finding.samples, row, line, sensitive ? undefined : value, first);
    },
    addValue({ code, expected }, { name, sensitive }, row, line, value) {
      const finding = find(code, name);
      finding.count += 1;
      finding.expected ??= shorten(expected, EXPECTED_CHARACTERS);
      keepSample(finding.samples, row, line, sensitive || code === 'null' ? undefined : value);
    },
    get size() {
      return findings.size;
    },
    list: () => [...findings.values()].sort((left, right) => firstRow(left) - firstRow(right)),
  };
}

/** Gathers what is wrong with one file that a supplier wrote. */
export const collectTableFindings = (
  { name, columns }: Pick<Table, 'name' | 'columns'>,
  file: string,
): FindingCollector =>
  collectFindings(name, file, { hidesUnknownNames: columns.some(({ sensitive }) => sensitive) });
