import type { Table } from '../definition/pipeline';
import type { Finding, FindingCode } from './finding';

/** What is wrong with one row alone: the row can be left out, and those around it are what they seem. */
const OF_ONE_ROW: ReadonlySet<FindingCode> = new Set([
  'field-count',
  'not-utf-8',
  'undecodable',
  'blank-line',
  'line-length',
  'repeated-json-key',
  'too-deep',
  'unparsed-record',
  'missing-column',
  'unknown-column',
  'null',
  'type',
  'enum',
  'pattern',
  'min-length',
  'max-length',
  'min',
  'max',
  'refinement',
  'row-check',
  'duplicate-column',
]);

/** A stray quote may have swallowed rows, and a broken JSON array hides what comes after; a bad line is only itself. */
const canReject = ({ format }: Pick<Table, 'format'>, { code, samples }: Finding): boolean =>
  samples.length > 0 && (OF_ONE_ROW.has(code) || (code === 'malformed-json' && format.name === 'json-lines'));

export interface JudgedFindings {
  /** For which the file is refused. */
  findings: Finding[];
  /** For which rows are rejected, and the file is taken without them. */
  tolerated: Finding[];
}

/**
 * Decides whether a file is taken without its bad rows: only if the table allows it, nothing else is wrong with the
 * file, and they are no more than allowed (or `accepted` by somebody, however many).
 */
export function judgeRejects(
  table: Pick<Table, 'name' | 'format' | 'rejects'>,
  file: string,
  found: Finding[],
  { rows, rejected, accepted = false }: { rows: number; rejected: number; accepted?: boolean },
): JudgedFindings {
  const { rejects } = table;
  if (!rejects || !found.every((finding) => canReject(table, finding)))
    return { findings: found, tolerated: [] };
  const most = Math.min(rejects.maxRows, Math.floor(rejects.maxShare * rows));
  if (accepted || rejected <= most) return { findings: [], tolerated: found };
  const tooMany: Finding = {
    code: 'too-many-rejects',
    table: table.name,
    file,
    expected: `at most ${most} of ${rows}`,
    received: String(rejected),
    count: rejected,
    samples: [],
  };
  return { findings: [tooMany, ...found], tolerated: [] };
}
