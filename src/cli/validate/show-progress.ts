import { formatCount, plural } from '../../checks/numbers';
import type { TaskProgress } from '../../engine/tasks';
import { describeBytes } from '../../layout/describe-amount';
import { showLine } from '../show-line';

export interface CheckProgress {
  /** Of the file that is being read. */
  update: (progress: TaskProgress) => void;
  /** When it has been read. */
  next: (read: TaskProgress) => void;
  end: () => void;
}

/** Files, rows, bytes and how fast, on a terminal. */
export function showProgress(sizes: readonly number[]): CheckProgress {
  const { update, end } = showLine();
  const ofBytes = sizes.reduce((sum, size) => sum + size, 0);
  const done = { files: 0, rows: 0, bytes: 0 };
  return {
    update: (current) =>
      update((seconds) => {
        const rows = done.rows + current.rows;
        const bytes = done.bytes + current.bytes;
        const rate =
          seconds === undefined
            ? ''
            : `, ${formatCount(Math.round(rows / seconds))} rows/s, ${describeBytes(Math.round(bytes / seconds))}/s`;
        return `${formatCount(done.files)} of ${plural(sizes.length, 'file')}, ${formatCount(rows)} rows, ${describeBytes(bytes)} of ${describeBytes(ofBytes)}${rate}`;
      }),
    next: ({ rows, bytes }) => {
      done.files += 1;
      done.rows += rows;
      done.bytes += bytes;
    },
    end,
  };
}
