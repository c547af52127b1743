import { isUtf8 } from 'node:buffer';
import { openBytes } from './decode-utf8';
import { withRoom } from './enlarge';
import { joined } from './joined-source';
import type { RowBatch } from './row-batch';

/** Bytes that are scanned at once: few enough for the processor's cache, unless a record is longer. */
export const WINDOW = 256 * 1024;

/** Says that the record which begins at `at` is not plain. */
export const notPlainAt = (at: number): number => -at - 1;

/**
 * Adds the rows of the records between 0 and `to` to the batch, over whose first bytes they lie; these are UTF-8. `last`:
 * nothing comes behind them.
 * @returns where the first record begins that is not whole, or `notPlainAt` of the one that is not plain
 */
export type ScanWindow = (to: number, last: boolean) => number;

/**
 * Shows `scan` the source window by window, each beginning with a record, until it has taken all, or finds one that is not
 * plain.
 * @returns what it has not taken; undefined when it has taken all
 */
export async function* scanWindows(
  source: AsyncIterable<Uint8Array>,
  batch: RowBatch,
  scan: ScanWindow,
  size = WINDOW,
): AsyncGenerator<RowBatch, AsyncIterable<Uint8Array> | undefined> {
  const chunks = source[Symbol.asyncIterator]();
  let window: Buffer = Buffer.allocUnsafeSlow(size * 2);
  let filled = 0;
  let wanted = size;
  for (let ended = false; !ended;) {
    const next = await chunks.next();
    if (next.done) ended = true;
    else {
      window = withRoom(window, filled, next.value.length);
      window.set(next.value, filled);
      filled += next.value.length;
    }
    if (filled < wanted && !ended) continue;
    batch.clear(window, filled);
    const whole = ended ? filled : filled - openBytes(window.subarray(0, filled));
    const at = isUtf8(window.subarray(0, whole)) ? scan(whole, ended) : notPlainAt(0);
    if (batch.length > 0) yield batch;
    if (batch.bytes.length > window.length) window = batch.bytes;
    if (at < 0) return joined(Buffer.from(window.subarray(-at - 1, filled)), chunks);
    window.copyWithin(0, at, filled);
    filled -= at;
    // What is open is read again only when it has doubled, which keeps the whole linear.
    wanted = Math.max(size, filled * 2);
  }
  return undefined;
}
