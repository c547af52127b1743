import { CHECKS, checkId, type Check } from '../checks/check';
import type { Finding } from '../checks/finding';
import { listChecks } from '../checks/list-checks';
import type { Pipeline, Table } from '../definition/pipeline';
import { FindingTally, isAboutRows } from './tally-findings';
import type { FileReport, ValidationReport } from './validation-report';

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
  /** What is wrong with the rows that are left out, and how much there is beyond those. */
  tolerated?: readonly Finding[];
  moreTolerated?: number;
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

/**
 * Joins what tables declare with what files came to, file by file, so that no more is held than the report itself: the
 * checks of each table once; of each file how many passed; findings up to a bound.
 */
export class ReportBuilder {
  private readonly sums: Map<string, TableSum>;
  private readonly failed = new FindingTally();
  private readonly rejects = new FindingTally();
  private rejectedRows = 0;
  private readonly fileReports = new Map<string, FileReport>();
  private readonly failedFileNames = new Set<string>();
  private readonly unclaimedFileNames = new Set<string>();

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

  addFile({ table, file, bytes, sha256, rows, findings, moreFindings, ...rest }: FileCheck): void {
    const { rejected = 0, tolerated = [], moreTolerated = 0 } = rest;
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
    this.failed.found += moreFindings;
    for (const finding of findings) this.addFinding({ ...finding, table, file }, rows);
    this.rejectedRows += rejected;
    this.rejects.found += moreTolerated;
    for (const finding of tolerated) this.rejects.add({ ...finding, table, file }, rows);
  }

  finish({ notChecked = [], ...subject }: ReportSubject): ValidationReport {
    const sums = [...this.sums.values()];
    const total = (of: 'files' | 'rows' | 'bytes'): number => sums.reduce((all, sum) => all + sum[of], 0);
    return {
      format: 1,
      verdict: this.failed.found === 0 ? 'passed' : 'refused',
      pipeline: this.pipeline.name,
      database: this.pipeline.database,
      ...subject,
      totals: {
        files: total('files') + this.unclaimedFileNames.size,
        failedFiles: this.failedFileNames.size,
        rows: total('rows'),
        bytes: total('bytes'),
        findings: this.failed.found,
      },
      notChecked: [...notChecked],
      tables: sums.map((sum) => this.reportTable(sum)),
      failed: this.failed.list(this.rowsOf),
      files: [...this.fileReports.values()],
      findings: this.failed.findings,
      moreFindings: this.failed.moreFindings,
      ...this.describeRejects(),
    };
  }

  private addFinding(finding: Finding, rows: number | undefined): void {
    this.failed.add(finding, rows);
    if (finding.file === undefined) return;
    this.failedFileNames.add(finding.file);
    if (finding.table === undefined) this.unclaimedFileNames.add(finding.file);
  }

  private describeRejects(): Pick<ValidationReport, 'rejects'> {
    const { findings, moreFindings } = this.rejects;
    if (this.rejectedRows === 0) return {};
    return {
      rejects: {
        rows: this.rejectedRows,
        checks: this.rejects.list(this.rowsOf),
        findings,
        moreFindings,
      },
    };
  }

  private readonly rowsOf = (table: string | undefined): number => this.sums.get(table ?? '')?.rows ?? 0;

  private reportTable(sum: TableSum): ValidationReport['tables'][number] {
    const { table, checks, files, failedFiles, rows, bytes } = sum;
    return {
      table: table.name,
      ...(table.description === undefined ? {} : { description: table.description }),
      ...{ files, failedFiles, rows, bytes },
      checks: checks.map((check) => {
        const rejectedRows = this.rejects.find(table.name, check)?.rows ?? 0;
        return {
          ...check,
          failedFiles: this.failed.find(table.name, check)?.files ?? 0,
          ...(rejectedRows > 0 ? { rejectedRows } : {}),
        };
      }),
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
  'parser-failed',
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
