import { CHECKS, checkId } from '../checks/check';
import type { Finding } from '../checks/finding';
import type { FailedCheck, ReportedFinding } from './validation-report';

/** In full, beside the first one of each check; the others are counted. */
const MOST_FINDINGS = 2_000;

export const isAboutRows = ({ samples }: Finding): boolean => samples.length > 0;

const idOf = (table: string | undefined, check: Parameters<typeof checkId>[0]): string =>
  `${table ?? ''} ${checkId(check)}`;

function toFailedCheck(finding: Finding, rows: number): FailedCheck {
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

/** Findings by check, each once for all files of its table, and one by one up to a bound. */
export class FindingTally {
  readonly findings: ReportedFinding[] = [];
  /** Beyond the bound included. */
  found = 0;
  private readonly checks = new Map<string, FailedCheck>();

  /** @param rows of the file, for the share */
  add(finding: Finding, rows: number | undefined): void {
    this.found += 1;
    const id = idOf(finding.table, finding);
    const known = this.checks.get(id);
    const counted = isAboutRows(finding) ? finding.count : 0;
    if (known) {
      known.files += 1;
      known.rows += counted;
    } else this.checks.set(id, toFailedCheck(finding, counted));
    if (known && this.findings.length >= MOST_FINDINGS) return;
    const share = rows && isAboutRows(finding) ? { share: Math.min(1, finding.count / rows) } : {};
    this.findings.push({ ...finding, ...share });
  }

  get moreFindings(): number {
    return this.found - this.findings.length;
  }

  find(table: string, check: Parameters<typeof checkId>[0]): FailedCheck | undefined {
    return this.checks.get(idOf(table, check));
  }

  /** @param rowsOf how many rows all files of a table have, for the shares */
  list(rowsOf: (table: string | undefined) => number): FailedCheck[] {
    return [...this.checks.values()].map((check) => {
      const rows = rowsOf(check.table);
      return check.rows > 0 && rows > 0 ? { ...check, share: Math.min(1, check.rows / rows) } : check;
    });
  }
}
