import { describeFinding } from './describe-finding';
import type { Finding, FindingCode } from './finding';

const IN_HEADER: ReadonlySet<FindingCode> = new Set([
  'missing-column',
  'unknown-column',
  'duplicate-column',
  'column-order',
]);

const isOfHeader = ({ code, samples }: Finding): boolean => IN_HEADER.has(code) && samples.length === 0;

function describeDrift(finding: Finding, findings: readonly Finding[]): string[] {
  const { code, column, expected, received, looksLike } = finding;
  switch (code) {
    case 'missing-column':
      return [
        looksLike === undefined
          ? `- ${expected?.replace(/ in the header$/, '') ?? `"${column ?? '?'}"`}`
          : `~ renamed? "${looksLike}" looks like ${expected?.replace(/ in the header$/, '') ?? '?'}: correct it, or allow it with header or alias`,
      ];
    case 'unknown-column':
      // The line of the missing column has it.
      if (findings.some((each) => each.code === 'missing-column' && each.looksLike === column)) return [];
      return [column === undefined ? '+ and more' : `+ "${column}"${received ? ` (${received})` : ''}`];
    case 'duplicate-column':
      return [`! more than once: ${received ?? `"${column ?? '?'}"`}`];
    default:
      return [`order: expected ${expected ?? '?'}, found ${received ?? '?'}`];
  }
}

const MOST_LINES = 30;

/** What differs between the declared header and the file's, as a diff: - missing, + unknown, ~ perhaps renamed. */
function describeHeader(findings: readonly Finding[]): string {
  const lines = findings.flatMap((finding) => describeDrift(finding, findings));
  const more = lines.length - MOST_LINES;
  return [
    `${findings[0]?.file ?? 'A file'} has another header than declared:`,
    ...lines.slice(0, MOST_LINES).map((line) => `    ${line}`),
    ...(more > 0 ? [`    and ${more} more, all in the report`] : []),
  ].join('\n');
}

/**
 * Findings in words, each in a sentence, but for those of one file's header, which are told together as a diff.
 * @param rowsOf how many rows a file has, for shares
 */
export function describeFindings(
  findings: readonly Finding[],
  rowsOf: (file: string | undefined) => number | undefined,
): string[] {
  const headers = new Map<string | undefined, Finding[]>();
  for (const finding of findings.filter(isOfHeader))
    headers.set(finding.file, [...(headers.get(finding.file) ?? []), finding]);
  return findings.flatMap((finding) => {
    const group = isOfHeader(finding) ? (headers.get(finding.file) ?? []) : [];
    if (group.length < 2) return [describeFinding(finding, rowsOf(finding.file))];
    return group[0] === finding ? [describeHeader(group)] : [];
  });
}
