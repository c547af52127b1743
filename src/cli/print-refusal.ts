import type { Refusal } from '../layout/delivery';
import type { RunFailedError } from '../run-failed-error';
import { formatChecks } from './format-checks';
import { colours, printError, printNote } from './print';

/** A refused run: one table of what failed instead of a sentence for each, on standard error. */
export function printRefusal(error: RunFailedError, refusal: Refusal, asJson: boolean): void {
  if (asJson) printError(error, true, () => undefined);
  const [headline = ''] = error.happened.split('\n');
  printNote(colours.red(headline));
  printNote(`\n${formatChecks(refusal, process.stderr.isTTY ? process.stderr.columns : undefined)}\n`);
  for (const line of [error.unchanged, error.next]) if (line) printNote(line);
}
