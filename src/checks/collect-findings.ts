import type { Column } from '../definition/read-column';
import type { Finding, FindingCode, FindingSample } from './finding';
import type { Fault } from './value-reader';

const SAMPLES = 5;
const SHOWN_CHARACTERS = 200;
/** Names in a file are its writer's choice, so they must not fill the memory. */
const UNKNOWN_COLUMNS = 100;

export interface FoundInRow extends FindingSample {
  code: FindingCode;
  column?: string;
  /** The name of the row check that the row fails. */
  check?: string;
  expected?: string;
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

/** A copy: a piece of a text keeps all of that text in memory. */
const shorten = (value: string): string =>
  Buffer.from(value.length <= SHOWN_CHARACTERS ? value : `${value.slice(0, SHOWN_CHARACTERS)}…`).toString();

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

const firstRow = ({ samples }: Finding): number => samples[0]?.row ?? -1;

/** Gathers what is wrong with one file; its size depends on the table, not on the file. */
export function collectFindings(table: string, file: string): FindingCollector {
  const findings = new Map<string, Finding>();
  let unknownColumns = 0;

  const find = (code: FindingCode, column: string | undefined, check?: string): Finding => {
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
      if (received !== undefined) finding.received = shorten(received);
      if (looksLike !== undefined) finding.looksLike = shorten(looksLike);
    },
    addToRow({ code, column, check, expected, row, line, value, first, sensitive }) {
      const finding = find(code, column, check);
      finding.count += 1;
      if (expected !== undefined) finding.expected ??= expected;
      keepSample(finding.samples, row, line, sensitive ? undefined : value, first);
    },
    addValue({ code, expected }, { name, sensitive }, row, line, value) {
      const finding = find(code, name);
      finding.count += 1;
      finding.expected ??= expected;
      keepSample(finding.samples, row, line, sensitive || code === 'null' ? undefined : value);
    },
    get size() {
      return findings.size;
    },
    list: () => [...findings.values()].sort((left, right) => firstRow(left) - firstRow(right)),
  };
}
