import { CHECKS, checkId, type Check } from '../checks/check';
import type { Finding } from '../checks/finding';
import { listChecks } from '../checks/list-checks';
import type { Pipeline, Table } from '../definition/pipeline';
import type { FailedCheck, FileReport, ValidationReport } from './validation-report';

/** In full, beside the first one of each check; the others are counted. */
const MOST_FINDINGS = 2_000;

/** What the check of one file came to. */
export interface FileCheck {
  table: string;
  file: string;
  bytes: number;
  sha256: string;
  rows: number;
  findings: readonly Finding[];
  moreFindings: number;
  /** Left out of a file that passed, as its table allows. */
  rejected?: number;
}

export interface ReportSubject {
  /** Where somebody decided otherwise than by what was found. @default refused for one finding anywhere */
  verdict?: ValidationReport['verdict'];
  leftOut?: string[];
  fileLandTimestamp?: number;
  version?: string;
  notChecked?: readonly string[];
}

interface TableSum {
  table: Table;
  checks: Check[];
  ids: Set<string>;
  files: number;
  failedFiles: number;
  rows: number;
  bytes: number;
}

const isAboutRows = ({ samples }: Finding): boolean => samples.length > 0;

/**
 * Joins what tables declare with what files came to, file by file, so that no more is held than the report itself: the
 * checks of each table once; of each file how many passed; findings up to a bound.
 */
export class ReportBuilder {
  private readonly sums: Map<string, TableSum>;
  private readonly failed = new Map<string, FailedCheck>();
  private readonly fileReports = new Map<string, FileReport>();
  private readonly findings: ValidationReport['findings'] = [];
  private readonly failedFileNames = new Set<string>();
  private readonly unclaimedFileNames = new Set<string>();
  private found = 0;

  constructor(private readonly pipeline: Pipeline) {
    this.sums = new Map(
      pipeline.tables.map((table) => {
        const checks = listChecks(table);
        const sum = { table, checks, ids: new Set(checks.map(checkId)), ...{ files: 0, failedFiles: 0 } };
        return [table.name, { ...sum, rows: 0, bytes: 0 }];
      }),
    );
  }

  /** What is wrong with the delivery as a whole, with a file before it is read, or with files beside each other. */
  addFindings(findings: readonly Finding[]): void {
    for (const finding of findings) {
      const report = this.fileReports.get(finding.file ?? '');
      if (report) this.countFailed(report);
      this.addFinding(finding, report?.rows);
    }
  }

  private countFailed({ table, checks }: FileReport): void {
    const sum = this.sums.get(table);
    if (sum && checks.failed === 0) sum.failedFiles += 1;
    checks.failed += 1;
    checks.passed = Math.max(0, checks.passed - 1);
  }

  addFile({ table, file, bytes, sha256, rows, findings, moreFindings, rejected = 0 }: FileCheck): void {
    const sum = this.sums.get(table);
    if (!sum) throw new Error(`the pipeline has no table ${table}`);
    sum.files += 1;
    sum.rows += rows;
    sum.bytes += bytes;
    if (findings.length > 0) sum.failedFiles += 1;
    this.fileReports.set(file, {
      file,
      table,
      bytes,
      sha256,
      rows,
      ...(rejected > 0 ? { rejected } : {}),
      checks: countChecks(sum, rows, findings, moreFindings),
    });
    this.found += moreFindings;
    for (const finding of findings) this.addFinding({ ...finding, table, file }, rows);
  }

  finish({ notChecked = [], ...subject }: ReportSubject): ValidationReport {
    const sums = [...this.sums.values()];
    const total = (of: 'files' | 'rows' | 'bytes'): number => sums.reduce((all, sum) => all + sum[of], 0);
    return {
      format: 1,
      verdict: this.found === 0 ? 'passed' : 'refused',
      pipeline: this.pipeline.name,
      database: this.pipeline.database,
      ...subject,
      totals: {
        files: total('files') + this.unclaimedFileNames.size,
        failedFiles: this.failedFileNames.size,
        rows: total('rows'),
        bytes: total('bytes'),
        findings: this.found,
      },
      notChecked: [...notChecked],
      tables: sums.map((sum) => this.reportTable(sum)),
      failed: [...this.failed.values()].map((check) => this.withShare(check)),
      files: [...this.fileReports.values()],
      findings: this.findings,
      moreFindings: this.found - this.findings.length,
    };
  }

  private addFinding(finding: Finding, rows: number | undefined): void {
    this.found += 1;
    if (finding.file !== undefined) {
      this.failedFileNames.add(finding.file);
      if (finding.table === undefined) this.unclaimedFileNames.add(finding.file);
    }
    const id = `${finding.table ?? ''} ${checkId(finding)}`;
    const known = this.failed.get(id);
    const counted = isAboutRows(finding) ? finding.count : 0;
    if (known) {
      known.files += 1;
      known.rows += counted;
    } else this.failed.set(id, this.toFailedCheck(finding, counted));
    if (known && this.findings.length >= MOST_FINDINGS) return;
    const share = rows && isAboutRows(finding) ? { share: Math.min(1, finding.count / rows) } : {};
    this.findings.push({ ...finding, ...share });
  }

  private toFailedCheck(finding: Finding, rows: number): FailedCheck {
    const { code, column, check, table, file, expected, received } = finding;
    const [sample] = finding.samples;
    const isDeclared = column !== undefined && checkId(finding) !== code;
    const name = isDeclared || column === undefined ? undefined : `"${column}"`;
    const what = name === undefined ? received : `${name}${received === undefined ? '' : ` (${received})`}`;
    return {
      code,
      ...(isDeclared ? { column } : {}),
      ...(check === undefined ? {} : { check }),
      ...CHECKS[code],
      ...(expected === undefined ? {} : { expected }),
      ...(table === undefined ? {} : { table }),
      files: 1,
      rows,
      first: {
        ...(file === undefined ? {} : { file }),
        ...(what === undefined ? {} : { received: what }),
        ...(sample ? { sample } : {}),
      },
    };
  }

  private withShare(check: FailedCheck): FailedCheck {
    const rows = this.sums.get(check.table ?? '')?.rows ?? 0;
    return check.rows > 0 && rows > 0 ? { ...check, share: Math.min(1, check.rows / rows) } : check;
  }

  private reportTable(sum: TableSum): ValidationReport['tables'][number] {
    const { table, checks, files, failedFiles, rows, bytes } = sum;
    return {
      table: table.name,
      ...(table.description === undefined ? {} : { description: table.description }),
      ...{ files, failedFiles, rows, bytes },
      checks: checks.map((check) => ({
        ...check,
        failedFiles: this.failed.get(`${table.name} ${checkId(check)}`)?.files ?? 0,
      })),
    };
  }
}

const HEADER_CODES: ReadonlySet<string> = new Set(['missing-column', 'unknown-column', 'duplicate-column']);

const UNREADABLE: ReadonlySet<string> = new Set([
  'empty-file',
  'wrong-compression',
  'damaged-compression',
  'double-compression',
  'unpacks-too-large',
  'wrong-encoding',
  'malformed-parquet',
  'unsupported-parquet',
]);

/** Nothing of the file could be read, not even its header. */
function isUnread(rows: number, findings: readonly Finding[]): boolean {
  if (rows > 0) return false;
  return findings.some(
    (finding) => UNREADABLE.has(finding.code) || (CHECKS[finding.code].of === 'row' && !isAboutRows(finding)),
  );
}

/** A check that had nothing to look at has not passed. */
function countChecks(
  { table, checks, ids }: TableSum,
  rows: number,
  findings: readonly Finding[],
  moreFindings: number,
): FileReport['checks'] {
  const failed = new Set(findings.map(checkId));
  const missing = findings.filter((finding) => finding.code === 'missing-column' && !isAboutRows(finding));
  const absent = new Set(missing.map(({ column }) => column));
  const unread = isUnread(rows, findings);
  const hasHeader = table.format.name === 'csv' && table.format.header && !unread;
  const isRun = ({ code, of, column }: Check): boolean => {
    if (HEADER_CODES.has(code)) return rows > 0 || hasHeader;
    if (of === 'file') return !unread || !UNREADABLE.has(code);
    return rows > 0 && (of === 'row' || !absent.has(column));
  };
  const notRun = checks.filter((check) => !failed.has(checkId(check)) && !isRun(check)).length;
  // What is beyond the bound of a file's findings is of its declared checks too.
  const declared = [...failed].filter((id) => ids.has(id)).length + moreFindings;
  const passed = Math.max(0, checks.length - declared - notRun);
  return { passed, failed: failed.size + moreFindings, notRun };
}
