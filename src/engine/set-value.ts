import type { ByteColumn } from '../checks/bytes/byte-column';
import { CANONICAL, OTHER_FORM } from '../checks/bytes/byte-verdict';
import { NULL, type RowBatch } from './row-batch';

/**
 * Sets a value from the bytes of its field, if they are sure to be one.
 * @param at where the value's span is
 * @returns false when its text must be asked
 */
export function setValue(
  batch: RowBatch,
  at: number,
  column: ByteColumn,
  { bytes, start, end, quoted }: { bytes: Buffer; start: number; end: number; quoted: boolean },
): boolean {
  if (quoted ? column.emptyIsNull && start === end : column.isNull(bytes, start, end)) {
    if (column.nullable) batch.spans[at] = NULL;
    return column.nullable;
  }
  const verdict = column.read(bytes, start, end);
  if (verdict === CANONICAL) {
    if (!column.passes(bytes, start, end)) return false;
    batch.spans[at] = start;
    batch.spans[at + 1] = end;
    return true;
  }
  if (verdict !== OTHER_FORM) return false;
  batch.reserve(column.mostWritten);
  const from = batch.used;
  const to = column.write(bytes, start, end, batch.bytes, from);
  if (!column.passes(batch.bytes, from, to)) return false;
  batch.spans[at] = from;
  batch.spans[at + 1] = batch.used = to;
  return true;
}
