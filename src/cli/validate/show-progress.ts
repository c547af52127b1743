import { formatCount, plural } from '../../checks/numbers';
import type { TaskProgress } from '../../engine/tasks';
import { describeBytes } from '../../layout/describe-amount';

export interface CheckProgress {
  /** Of the file that is being read. */
  update: (progress: TaskProgress) => void;
  /** When it has been read. */
  next: (read: TaskProgress) => void;
  end: () => void;
}

const EVERY_MS = 200;
const RATE_AFTER_MS = 1_000;

/** One line on a terminal that changes in place: files, rows, bytes and how fast; nothing elsewhere. */
export function showProgress(sizes: readonly number[]): CheckProgress {
  if (!process.stderr.isTTY) return { update: () => undefined, next: () => undefined, end: () => undefined };
  const began = Date.now();
  const ofBytes = sizes.reduce((sum, size) => sum + size, 0);
  const done = { files: 0, rows: 0, bytes: 0 };
  let shownAt = 0;
  const show = ({ rows, bytes }: TaskProgress): void => {
    const now = Date.now();
    if (now - shownAt < EVERY_MS) return;
    shownAt = now;
    const all = { rows: done.rows + rows, bytes: done.bytes + bytes };
    const seconds = (now - began) / 1000;
    const rate =
      now - began < RATE_AFTER_MS
        ? ''
        : `, ${formatCount(Math.round(all.rows / seconds))} rows/s, ${describeBytes(Math.round(all.bytes / seconds))}/s`;
    const line = `${formatCount(done.files)} of ${plural(sizes.length, 'file')}, ${formatCount(all.rows)} rows, ${describeBytes(all.bytes)} of ${describeBytes(ofBytes)}${rate}`;
    process.stderr.write(`\r\u001b[K${line.slice(0, Math.max(20, process.stderr.columns - 1))}`);
  };
  return {
    update: show,
    next: ({ rows, bytes }) => {
      done.files += 1;
      done.rows += rows;
      done.bytes += bytes;
    },
    end: () => {
      if (shownAt > 0) process.stderr.write('\r\u001b[K');
    },
  };
}
