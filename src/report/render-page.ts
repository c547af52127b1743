import { describeFindings } from '../checks/describe-findings';
import { formatCount, formatShare, plural } from '../checks/numbers';
import { describeBytes } from '../layout/describe-amount';
import { escapeHtml } from './escape';
import { cell, longCell, numberCell, table } from './html-table';
import { PAGE_STYLE } from './page-style';
import { rowCounts } from './row-counts';
import { describeFirst, headline } from './summarize';
import type { FailedCheck, FileReport, ValidationReport } from './validation-report';

/** Of each list; a page that a browser takes long to open settles nothing. The JSON has the rest. */
const MOST_LISTED = 1_000;

const more = (all: number, what: string): string =>
  all > MOST_LISTED ? `<p>And ${formatCount(all - MOST_LISTED)} more ${what}, which the JSON has.</p>` : '';

const share = (value: number | undefined): string => (value === undefined ? '' : formatShare(value));

function renderFailedCheck(check: FailedCheck): string {
  return [
    cell(check.table ?? '(delivery)'),
    cell(check.column ?? check.check ?? ''),
    cell(check.title),
    longCell(check.expected ?? ''),
    numberCell(formatCount(check.files)),
    numberCell(check.rows === 0 ? '' : formatCount(check.rows)),
    numberCell(share(check.share)),
    longCell(describeFirst(check)),
  ].join('');
}

const HEAD = ['Table', 'Column', 'Check', 'Expected', 'Files', 'Rows', 'Share', 'First'];

function renderFailedChecks({ failed }: ValidationReport): string {
  if (failed.length === 0) return '';
  return `<h2>Failed checks</h2>
${table('Every check that failed, over all files of its table', HEAD, failed.slice(0, MOST_LISTED).map(renderFailedCheck))}
${more(failed.length, 'failed checks')}`;
}

function renderRejects({ rejects, files }: ValidationReport): string {
  if (!rejects) return '';
  const { rows, checks, findings, moreFindings } = rejects;
  const items = describeFindings(findings.slice(0, MOST_LISTED), rowCounts(files));
  return `<h2>Rejected rows</h2>
<p>${plural(rows, 'row')} left out of files that passed, as their tables allow: rejected, not failed.</p>
${table('Every check for which rows were rejected, over all files of its table', HEAD, checks.slice(0, MOST_LISTED).map(renderFailedCheck))}
${more(checks.length, 'checks')}
${renderList(items)}
${more(findings.length + moreFindings, 'findings')}`;
}

const renderList = (sentences: readonly string[]): string =>
  `<ul>\n${sentences.map((words) => `<li>${escapeHtml(words)}</li>`).join('\n')}\n</ul>`;

function renderFile({ rejected = 0, file, table: name, rows, bytes, checks, sha256 }: FileReport): string {
  const { passed, failed, notRun } = checks;
  const verdict =
    failed === 0
      ? `<span class="passed">✓ passed</span>${rejected === 0 ? '' : `, ${plural(rejected, 'row')} rejected`}`
      : '<span class="failed">✗ failed</span>';
  return [
    `<th scope="row" class="long"><code>${escapeHtml(file)}</code></th>`,
    cell(name),
    `<td class="verdict">${verdict}</td>`,
    numberCell(`${formatCount(passed)} of ${formatCount(passed + failed + notRun)}`),
    numberCell(notRun === 0 ? '' : formatCount(notRun)),
    numberCell(formatCount(rows)),
    numberCell(describeBytes(bytes)),
    `<td class="long"><code class="hash">${escapeHtml(sha256)}</code></td>`,
  ].join('');
}

function renderFiles({ files }: ValidationReport): string {
  if (files.length === 0) return '';
  const failedFirst = [...files].sort((a, b) => Number(b.checks.failed > 0) - Number(a.checks.failed > 0));
  const head = ['File', 'Table', 'Verdict', 'Checks passed', 'Not run', 'Rows', 'Size', 'SHA-256'];
  return `<h2>Files</h2>
${table('Failed files first; a check that had nothing to look at is not run', head, failedFirst.slice(0, MOST_LISTED).map(renderFile))}
${more(files.length, 'files')}`;
}

function renderFindings({ findings, moreFindings, files }: ValidationReport): string {
  if (findings.length === 0) return '';
  const items = describeFindings(findings.slice(0, MOST_LISTED), rowCounts(files));
  return `<h2>Findings, file by file</h2>
${renderList(items)}
${more(findings.length + moreFindings, 'findings')}`;
}

function renderChecks({ tables }: ValidationReport): string {
  const rendered = tables.map(({ table: name, description, files, rows, checks }) => {
    const lines = checks.map(({ title, column, check, expected, failedFiles, rejectedRows = 0 }) =>
      [
        cell(column ?? check ?? ''),
        cell(title),
        longCell(expected ?? ''),
        failedFiles === 0
          ? `<td class="verdict">${files === 0 ? 'no file' : `<span class="passed">✓ none failed</span>${rejectedRows === 0 ? '' : `, ${plural(rejectedRows, 'row')} rejected`}`}</td>`
          : `<td class="verdict"><span class="failed">✗ failed in ${plural(failedFiles, 'file')}</span></td>`,
      ].join(''),
    );
    return `<h3>${escapeHtml(name)}</h3>
${description === undefined ? '' : `<p>${escapeHtml(description)}</p>`}
${table(`${plural(files, 'file')}, ${plural(rows, 'row')}`, ['Column', 'Check', 'Expected', 'Verdict'], lines)}`;
  });
  return `<h2>All checks, table by table</h2>\n${rendered.join('\n')}`;
}

function renderFacts(report: ValidationReport): string {
  const { pipeline, database, version, fileLandTimestamp, totals } = report;
  const landed =
    fileLandTimestamp === undefined
      ? []
      : [['Delivery', `${fileLandTimestamp} (${new Date(fileLandTimestamp * 1000).toISOString()})`]];
  const facts = [
    ['Pipeline', pipeline],
    ['Database', database],
    ...landed,
    ...(version === undefined ? [] : [['Version', version]]),
    ['Files', `${formatCount(totals.files)}, ${plural(totals.rows, 'row')}, ${describeBytes(totals.bytes)}`],
  ];
  return `<dl>${facts.map(([name = '', value = '']) => `<div><dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd></div>`).join('')}</dl>`;
}

/** The report as one page without scripts or anything to load; it can be mailed, archived and printed. */
export function renderPage(report: ValidationReport): string {
  const { verdict, pipeline, notChecked } = report;
  const title = `${verdict === 'passed' ? 'Passed' : 'Refused'}: ${pipeline}`;
  const unchecked = notChecked.map((what) => `<li>${escapeHtml(what)}</li>`).join('');
  return `<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeHtml(title)} – Landfall</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<main>
<h1 class="${verdict}">${verdict === 'passed' ? '✓ Passed' : '✗ Refused'}</h1>
<p class="headline">${escapeHtml(headline(report))}.</p>
${renderFacts(report)}
${unchecked === '' ? '' : `<h2>Not checked</h2>\n<ul>${unchecked}</ul>`}
${renderFailedChecks(report)}
${renderRejects(report)}
${renderFiles(report)}
${renderFindings(report)}
${renderChecks(report)}
</main>
</body>
</html>
`;
}
