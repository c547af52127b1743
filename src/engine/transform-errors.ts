import { describeFinding } from '../checks/describe-finding';
import type { Finding } from '../checks/finding';
import type { Table } from '../definition/pipeline';
import type { TransformContext } from '../definition/transform';
import { TransformError } from '../errors';

const UNCHANGED = 'The archived file is as it was; nothing of it was processed.';
const SHOWN = 5;

/** Polars quotes values in its messages; those of a table with sensitive columns must not get out. */
function wordsOf(cause: unknown, table: Table): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  const [firstPart = ''] = message.split(/\n\nResolved plan|\n\nYou might want/);
  const sensitive = [...table.columns, ...table.processedColumns].some((column) => column.sensitive);
  if (!sensitive) return firstPart.slice(0, 1000);
  return (
    /in column '\w+' for \d+ out of \d+ values/.exec(firstPart)?.[0] ??
    'its message is kept back, since the table has sensitive columns'
  );
}

const list = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ');

/** Every way in which a transform can be at fault, in words. */
export function transformErrors(table: Table, { file }: Pick<TransformContext, 'file'>) {
  const subject = `The transform of table "${table.name}", on file "${file}",`;
  const error = (happened: string, next: string, cause?: unknown): TransformError =>
    new TransformError({ happened: `${subject} ${happened}.`, unchanged: UNCHANGED, next }, { cause });
  return {
    failed: (cause: unknown) =>
      error(`failed: ${wordsOf(cause, table)}`, 'Mend the transform, then reprocess the delivery.', cause),
    notAFrame: () =>
      error(
        'did not return a lazy frame',
        'Return what the last call on `frame` returned, without collecting it.',
      ),
    wrongColumns: (missing: readonly string[], extra: readonly string[]) =>
      error(
        [
          missing.length > 0 ? `gave no column ${list(missing)}` : '',
          extra.length > 0 ? `gave ${list(extra)}, which transform.columns does not declare` : '',
        ]
          .filter(Boolean)
          .join(' and '),
        'Make transform.columns and the columns that the transform selects the same.',
      ),
    wrongValues: (findings: readonly Finding[]) =>
      error(
        `gave rows that transform.columns does not allow: ${findings
          .slice(0, SHOWN)
          .map((finding) =>
            describeFinding({ ...finding, samples: finding.samples.map((each) => ({ ...each, line: 0 })) }),
          )
          .join(' ')}${findings.length > SHOWN ? ` And ${findings.length - SHOWN} more.` : ''}`.replace(
          /\.$/,
          '',
        ),
        'Rows are counted as the transform gave them. Mend the transform or its columns, then reprocess the delivery.',
      ),
    wrongRowCount: (rowsIn: number, rowsOut: number) =>
      error(
        `was given ${rowsIn} rows and gave ${rowsOut}, though it declares to keep them`,
        "Mend the transform, or declare rows: 'changed' where it may filter or explode rows.",
      ),
  };
}
