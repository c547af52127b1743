import { formatShare, plural } from '../checks/numbers';
import type { Refusal } from '../layout/delivery';
import { printable } from '../checks/printable';
import { cut } from '../report/escape';
import { formatTable } from './print';

const HEAD = ['table', 'column', 'check', 'files', 'rows', 'share', 'expected', 'first'];
const BESIDE_TEXTS = 62;
const LEAST_TEXT = 20;
const WIDE = 160;

/** The failed checks of a delivery, one a line, and how many more there are. `width`: of the terminal, where it is known. */
export function formatChecks(
  { checks, moreChecks }: Pick<Refusal, 'checks' | 'moreChecks'>,
  width = WIDE,
): string {
  const room = Math.max(LEAST_TEXT, Math.floor((width - BESIDE_TEXTS) / 2));
  const text = (value: string | undefined): string => cut(printable(value ?? ''), room);
  const rows = checks.map(({ table, column, check, files, rows: inRows, share, expected, first }) => [
    text(table ?? '(delivery)'),
    text(column),
    check,
    files,
    inRows === 0 ? '' : inRows,
    share === undefined ? '' : formatShare(share),
    text(expected),
    text(first),
  ]);
  const more = moreChecks === 0 ? [] : [`and ${plural(moreChecks, 'more check')}, all in the report`];
  return [...(rows.length > 0 ? [formatTable(HEAD, rows)] : []), ...more].join('\n');
}
