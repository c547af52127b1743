import { printable } from '../checks/printable';
import type { TransformLog } from '../definition/transform';
import { shorten, toPlainData } from './plain-data';

/** A line that a transform has for the log. */
export interface TransformLogLine {
  level: 'info' | 'warn';
  words: string;
  /** Small and plain. */
  data?: unknown;
}

const MOST_LINES = 100;
const MOST_CHARACTERS = 500;

export interface BoundedLog extends TransformLog {
  /** Tells what was left out; whatever is logged after it is not heard. */
  end(): void;
}

/**
 * Passes on the first 100 lines, and at the end how many there were beyond them; nothing that it is given makes it fail.
 * @param hidden no line is passed on: where a table has sensitive columns any of them may hold their values
 */
export function createTransformLog(tell: (line: TransformLogLine) => void, hidden: boolean): BoundedLog {
  const most = hidden ? 0 : MOST_LINES;
  let lines = 0;
  let ended = false;
  const add =
    (level: TransformLogLine['level']) =>
    (data: unknown, words: unknown): void => {
      if (ended) return;
      lines += 1;
      if (lines > most) return;
      const text = [words, data].find((each) => typeof each === 'string') ?? '';
      tell({ level, words: printable(shorten(text, MOST_CHARACTERS)), data: toPlainData(data) });
    };
  return {
    info: add('info'),
    warn: add('warn'),
    end() {
      ended = true;
      if (lines <= most) return;
      const why = hidden
        ? 'are kept back, since the table has sensitive columns'
        : `are left out: the first ${MOST_LINES} of a file are shown`;
      tell({ level: 'warn', words: `Lines of the transform ${why}`, data: { leftOut: lines - most } });
    },
  };
}
