import { formatCount, plural } from '../../checks/numbers';
import { printable } from '../../checks/printable';
import { headline, summarizeChecks } from '../../report/summarize';
import type { ValidationReport } from '../../report/validation-report';
import { formatChecks } from '../format-checks';
import { formatTable, printAnswer } from '../print';

const MOST_FILES = 40;

/** The verdict, the files (failed ones first), the failed checks, and what was not looked at. */
export function printVerdict(report: ValidationReport, reportFile: string | undefined): void {
  const { verdict, files, notChecked, rejects } = report;
  printAnswer(`${verdict === 'passed' ? '✓ Passed' : '✗ Refused'}: ${headline(report)}.`);
  if (files.length > 0) printAnswer(`\n${formatFiles(report)}`);
  const width = process.stdout.isTTY ? process.stdout.columns : undefined;
  if (verdict === 'refused') printAnswer(`\n${formatChecks(summarizeChecks(report.failed), width)}`);
  if (rejects) {
    printAnswer(`\nRejected, not failed: ${plural(rejects.rows, 'row')}, left out as the tables allow.`);
    printAnswer(formatChecks(summarizeChecks(rejects.checks), width));
  }
  if (notChecked.length > 0) printAnswer('\nNot checked:');
  for (const what of notChecked) printAnswer(`  ${what}`);
  if (reportFile !== undefined) printAnswer(`\nReport: ${reportFile}`);
  else if (verdict === 'refused') printAnswer('\nThe whole report: --report <file.html>, or --json.');
}

function formatFiles({ files }: ValidationReport): string {
  const failedFirst = [...files].sort((a, b) => Number(b.checks.failed > 0) - Number(a.checks.failed > 0));
  const rows = failedFirst.slice(0, MOST_FILES).map(({ file, table, rows: count, checks, rejected = 0 }) => {
    const { passed, failed, notRun } = checks;
    const of = `${formatCount(passed)} of ${formatCount(passed + failed + notRun)}`;
    return [
      failed === 0 ? '✓' : '✗',
      printable(file),
      table,
      count,
      `${of}${notRun === 0 ? '' : ` (${notRun} not run)`}${rejected === 0 ? '' : `, ${plural(rejected, 'row')} rejected`}`,
    ];
  });
  const more = files.length > MOST_FILES ? `\nand ${formatCount(files.length - MOST_FILES)} more files` : '';
  return `${formatTable(['', 'file', 'table', 'rows', 'checks passed'], rows)}${more}`;
}
