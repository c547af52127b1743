import type { Refusal, RefusalCheck } from '../layout/delivery';
import { escapeMarkdown } from './escape';
import { formatShare, plural } from '../checks/numbers';

function describeCheck({ table, column, check, expected, files, rows, share, first }: RefusalCheck): string {
  const subject = [
    table === undefined ? '**delivery**' : `**${escapeMarkdown(table)}**`,
    column === undefined ? '' : `column **${escapeMarkdown(column)}**`,
  ];
  const inRows =
    rows === 0 ? '' : `, ${plural(rows, 'row')}${share === undefined ? '' : ` (${formatShare(share)})`}`;
  const sentences = [
    `${subject.filter(Boolean).join(', ')}: ${escapeMarkdown(check)} failed in ${plural(files, 'file')}${inRows}`,
    expected === undefined ? '' : `Expected ${escapeMarkdown(expected)}`,
    first === '' ? '' : `First: ${escapeMarkdown(first)}`,
  ];
  return `- ${sentences.filter(Boolean).join('. ')}`;
}

/** Why a delivery was refused, as markdown for the Web UI: what failed, where first, and where the whole report is. */
export function renderDigest(
  headline: string,
  { checks, moreChecks, page }: Refusal,
  unchanged: string,
): string {
  const more = moreChecks === 0 ? [] : [`- and ${plural(moreChecks, 'more check')}, all in the report`];
  return [
    `**${escapeMarkdown(headline)}.** ${escapeMarkdown(unchanged)}`,
    [...checks.map(describeCheck), ...more].join('\n'),
    `Report: \`${page}\``,
  ].join('\n\n');
}
