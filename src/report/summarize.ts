import type { Refusal, RefusalCheck } from '../layout/delivery';
import { cut } from './escape';
import { formatCount, plural } from '../checks/numbers';
import type { FailedCheck, ValidationReport } from './validation-report';

const MOST_CHECKS = 20;
/** A Temporal payload may have 2 MB; what people read at a glance is a hundredth of it. */
const MOST_BYTES = 16_000;
const TEXT = 160;

/** `data.csv, line 4: "banana"`: where a check failed first. */
export function describeFirst({ first: { file, received, sample } }: FailedCheck): string {
  const name = file === undefined ? undefined : file.slice(file.lastIndexOf('/') + 1);
  const line = sample && sample.line > 0 ? `line ${sample.line}` : undefined;
  const value = sample?.value === undefined ? received : JSON.stringify(sample.value);
  const place = [name, line].filter((each) => each !== undefined).join(', ');
  return [place, value].filter((each) => each !== undefined && each !== '').join(': ');
}

/** `12 of 60 files failed 14 checks`, or that all passed, and without how many rows. */
export function headline({ totals, verdict, failed, rejects }: ValidationReport): string {
  const { files, failedFiles, rows } = totals;
  if (totals.findings === 0) {
    const without = rejects ? `, ${formatCount(rejects.rows)} of them rejected` : '';
    return `${plural(files, 'file')} passed all checks (${plural(rows, 'row')}${without})`;
  }
  const checks = `${plural(failed.length, 'check')}${verdict === 'passed' ? ', which was accepted' : ''}`;
  return failedFiles === 0
    ? `The delivery failed ${checks}`
    : `${formatCount(failedFiles)} of ${plural(files, 'file')} failed ${checks}`;
}

function toRefusalCheck(check: FailedCheck): RefusalCheck {
  const { table, title, expected, files, rows, share } = check;
  const column = check.column ?? check.check;
  return {
    ...(table === undefined ? {} : { table: cut(table, TEXT) }),
    ...(column === undefined ? {} : { column: cut(column, TEXT) }),
    check: title,
    ...(expected === undefined ? {} : { expected: cut(expected, TEXT) }),
    ...{ files, rows },
    ...(share === undefined ? {} : { share }),
    first: cut(describeFirst(check), TEXT),
  };
}

/** The failed checks of a report, as many as a payload or a screen should hold. */
export function summarizeChecks(failed: readonly FailedCheck[]): Pick<Refusal, 'checks' | 'moreChecks'> {
  const checks: RefusalCheck[] = [];
  let bytes = 0;
  for (const check of failed.slice(0, MOST_CHECKS)) {
    const shown = toRefusalCheck(check);
    bytes += Buffer.byteLength(JSON.stringify(shown));
    if (bytes > MOST_BYTES) break;
    checks.push(shown);
  }
  return { checks, moreChecks: failed.length - checks.length };
}

export function summarizeRefusal(
  report: ValidationReport,
  locations: Pick<Refusal, 'report' | 'page'>,
): Refusal {
  const { files, failedFiles, findings } = report.totals;
  return { files, failedFiles, findings, ...summarizeChecks(report.failed), ...locations };
}
