import { isatty } from 'node:tty';
import Table from 'cli-table3';
import { createColors } from 'picocolors';
import { LandfallError } from '../errors';
import { RunFailedError } from '../run-failed-error';

// Colours are for people at a terminal; the library would also colour wherever CI is set.
export const colours = createColors(isatty(2) && !process.env.NO_COLOR);

/** The answer of a command: standard output, and nothing else goes there. */
export const printAnswer = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

/** One line of JSON. */
export const printJson = (answer: unknown): void => printAnswer(JSON.stringify(answer));

/** What a person wants to know meanwhile: standard error. */
export const printNote = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

const RULES = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

/** Columns with numbers are set flush right. */
export function formatTable(head: string[], rows: (string | number)[][]): string {
  const colAligns = head.map((_, index) =>
    rows.some((row) => typeof row[index] === 'number') ? ('right' as const) : ('left' as const),
  );
  const table = new Table({
    head,
    colAligns,
    chars: RULES,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  table.push(
    ...rows.map((row) => row.map((cell) => (typeof cell === 'number' ? cell.toLocaleString('en-GB') : cell))),
  );
  return table.toString().replaceAll(/ +$/gm, '');
}

/** Words for people, never a stack trace; the same facts as JSON where that was asked for. */
export function printError(error: unknown, asJson: boolean, sayInWords = printNote): void {
  const words =
    error instanceof LandfallError
      ? { happened: error.happened, unchanged: error.unchanged, next: error.next }
      : {
          happened: error instanceof Error ? error.message : String(error),
          unchanged: undefined,
          next: 'Run it again with LOG_LEVEL=debug for more.',
        };
  if (asJson) {
    const outcome =
      error instanceof RunFailedError ? { outcome: error.outcome, ...error.delivery } : { outcome: 'failed' };
    const refusal = error instanceof RunFailedError && error.refusal ? { refusal: error.refusal } : {};
    printJson({
      ...outcome,
      error: { type: error instanceof Error ? error.name : 'Error', ...words },
      ...refusal,
    });
  }
  sayInWords(colours.red(words.happened));
  for (const line of [words.unchanged, words.next]) if (line) sayInWords(line);
  if (process.env.LOG_LEVEL === 'debug' && error instanceof Error) sayInWords(error.stack ?? '');
}
