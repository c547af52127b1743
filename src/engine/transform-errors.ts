import { describeFinding } from '../checks/describe-finding';
import type { Finding } from '../checks/finding';
import { printable } from '../checks/printable';
import type { Table } from '../definition/pipeline';
import type { TransformContext } from '../definition/transform';
import { TransformError } from '../errors';
import { isPromise } from './is-promise';
import { holdsSensitive } from './judged-columns';

const UNCHANGED = 'The archived file is as it was; nothing of it was processed.';
const SHOWN = 5;
const MOST_CHARACTERS = 1000;
const KEPT_BACK = 'its message is kept back, since the table has sensitive columns';

/** A row of the landed file. */
export interface RowPlace {
  row: number;
  line: number;
}

/**
 * Polars quotes values in its messages; those of a table with sensitive columns must not get out.
 * @param isSensitive whether such a column is among what it worked with
 */
export function wordsOfCause(cause: unknown, isSensitive: boolean): string {
  const [firstPart = ''] = messageOf(cause).split(/\n\nResolved plan|\n\nYou might want/);
  if (!isSensitive) return firstPart.slice(0, MOST_CHARACTERS);
  return /in column '\w+' for \d+ out of \d+ values/.exec(firstPart)?.[0] ?? KEPT_BACK;
}

/** Anything can be thrown. */
function messageOf(cause: unknown): string {
  try {
    const message: unknown = cause instanceof Error ? cause.message : cause;
    return String(message);
  } catch {
    return 'what was thrown has no words';
  }
}

function kindOf(value: unknown): string {
  if (isPromise(value)) return 'a promise';
  if (Array.isArray(value)) return 'an array';
  return value === undefined ? 'nothing' : value === null ? 'null' : `a value of type ${typeof value}`;
}

export const listNames = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ');

const notAllowed = (findings: readonly Finding[]): string =>
  `gave rows that transform.columns does not allow: ${findings
    .slice(0, SHOWN)
    .map((finding) => describeFinding(finding))
    .join(' ')}${findings.length > SHOWN ? ` And ${findings.length - SHOWN} more.` : ''}`.replace(/\.$/, '');

/** Every way in which a transform can be at fault, in words. */
export function transformErrors(table: Table, { file }: Pick<TransformContext, 'file'>) {
  const subject = `The transform of table "${table.name}", on file "${file}",`;
  const error = (happened: string, next: string, cause?: unknown): TransformError =>
    new TransformError(
      { happened: `${subject} ${happened}.`, unchanged: UNCHANGED, next },
      // Its words and its stack may hold any value.
      cause === undefined || holdsSensitive(table) ? {} : { cause },
    );
  return {
    failed: (cause: unknown) =>
      error(
        `failed: ${wordsOfCause(cause, holdsSensitive(table))}`,
        'Mend the transform, then reprocess the delivery.',
        cause,
      ),
    notAFrame: () =>
      error(
        'did not return a lazy frame or a data frame',
        'Return what the last call on `frame` returned, collected or not; the function may be async.',
      ),
    wrongColumns: (missing: readonly string[], extra: readonly string[]) =>
      error(
        [
          missing.length > 0 ? `gave no column ${listNames(missing)}` : '',
          extra.length > 0 ? `gave ${listNames(extra)}, which transform.columns does not declare` : '',
        ]
          .filter(Boolean)
          .join(' and '),
        'Make transform.columns and the columns that the transform selects the same.',
      ),
    wrongValues: (findings: readonly Finding[]) =>
      error(
        notAllowed(
          findings.map((finding) => ({
            ...finding,
            samples: finding.samples.map((each) => ({ ...each, line: 0 })),
          })),
        ),
        'Rows are counted as the transform gave them. Mend the transform or its columns, then reprocess the delivery.',
      ),
    wrongRows: (findings: readonly Finding[]) =>
      error(
        notAllowed(findings),
        'Rows and lines are those of the landed file. Mend the row function or transform.columns, then reprocess the delivery.',
      ),
    notARow: ({ row, line }: RowPlace, value: unknown, inArray: boolean) =>
      error(
        `returned ${kindOf(value)}${inArray ? ' in an array' : ''} on row ${row} (line ${line})`,
        `Return an object with a property for each of transform.columns; with rows: 'changed' an array of them, or undefined to leave the row out, too. It is no promise: the function is not async.`,
      ),
    rowFailed: ({ row, line }: RowPlace, cause: unknown) =>
      error(
        `failed on row ${row} (line ${line}): ${
          holdsSensitive(table) ? KEPT_BACK : printable(messageOf(cause).slice(0, MOST_CHARACTERS))
        }`,
        'Mend the row function, then reprocess the delivery.',
        cause,
      ),
    wrongCount: (why: string) => error(why, 'Mend the transform, then reprocess the delivery.'),
    wrongRowCount: (rowsIn: number, rowsOut: number) =>
      error(
        `was given ${rowsIn} rows and gave ${rowsOut}, though it declares to keep them`,
        "Mend the transform, or declare rows: 'changed' where it may filter or explode rows.",
      ),
  };
}
