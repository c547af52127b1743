import type { Range } from '../definition/volumes';
import type { Finding } from './finding';

/** Adds what is wrong with a number of rows or bytes: of a file, or of all files of a table. */
export function addRangeFindings(
  findings: Finding[],
  about: Pick<Finding, 'table' | 'file'>,
  measure: 'rows' | 'bytes',
  received: number,
  { min, max }: Range,
): void {
  if (received >= min && received <= max) return;
  findings.push({
    code: received < min ? `too-few-${measure}` : `too-many-${measure}`,
    ...about,
    expected: max === Number.MAX_SAFE_INTEGER ? `at least ${min}` : `${min} to ${max}`,
    received: String(received),
    count: 1,
    samples: [],
  });
}
