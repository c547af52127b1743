import type { Table } from '../definition/pipeline';
import { TransformError } from '../errors';
import { holdsSensitive } from './judged-columns';
import type { WriteCuratedPartTask } from './tasks';
import { listNames, wordsOfCause } from './transform-errors';

/** A column that came out with another type than declared, both in Polars' words. */
export interface WrongType {
  name: string;
  given: string;
  declared: string;
}

export const describeNames = (
  missing: readonly string[],
  extra: readonly string[],
  notDeclared: string,
): string =>
  [
    missing.length > 0 ? `gave no column ${listNames(missing)}` : '',
    extra.length > 0 ? `gave ${listNames(extra)}, which ${notDeclared}` : '',
  ]
    .filter(Boolean)
    .join(' and ');

export const describeTypes = (wrong: readonly WrongType[]): string =>
  `gave ${wrong.map(({ name, given, declared }) => `column "${name}" as ${given}, not ${declared}`).join('; ')}`;

export const describeNulls = (name: string, count: number): string =>
  `gave ${count} ${count === 1 ? 'null' : 'nulls'} in column "${name}", which is not nullable`;

const NEXT = 'Mend curated.transform, deploy it, and run the pipeline again: it goes on from raw-hist.';

function describeDeliveries({ inputs }: Pick<WriteCuratedPartTask, 'inputs'>): string {
  const [first] = inputs.map((input) => ('first' in input ? input.first : input.fileLandTimestamp));
  const last = inputs.map((input) => ('last' in input ? input.last : input.fileLandTimestamp)).at(-1);
  if (first === undefined) return 'without rows';
  return first === last ? `of delivery ${first}` : `of deliveries ${first} to ${last}`;
}

/** Every way in which a curation's transform can be at fault, in words that hold no value of a sensitive column. */
export function curationErrors(table: Table, task: Pick<WriteCuratedPartTask, 'inputs' | 'target'>) {
  const part = task.target.key.split('/').at(-1);
  const subject = `curated.transform of table "${table.name}", on ${part} (${describeDeliveries(task)}),`;
  const error = (happened: string, next = NEXT, cause?: unknown): TransformError =>
    new TransformError(
      {
        happened: `${subject} ${happened}.`,
        unchanged: 'Nothing was published: readers see what they saw.',
        next,
      },
      cause === undefined || holdsSensitive(table) ? {} : { cause },
    );
  return {
    failed: (cause: unknown) => error(`failed: ${wordsOfCause(cause, holdsSensitive(table))}`, NEXT, cause),
    notAFrame: () =>
      error(
        'did not return a lazy frame or a data frame',
        'Return what the last call on `frame` returned, collected or not; the function may be async.',
      ),
    wrongColumns: (missing: readonly string[], extra: readonly string[], added: readonly string[]) =>
      error(
        describeNames(missing, extra, 'curated.transform.columns does not declare'),
        missing.some((name) => added.includes(name))
          ? 'Keep the columns that Landfall adds: frame.select(…, ...added), or frame.withColumns(…).'
          : 'Make curated.transform.columns and the columns that the transform selects the same.',
      ),
    wrongTypes: (wrong: readonly WrongType[]) =>
      error(
        describeTypes(wrong),
        'Nothing is cast behind your back: cast strictly, such as columns.fee.cast(pl.Int64, true), or declare what it is.',
      ),
    nulls: (name: string, count: number) =>
      error(describeNulls(name, count), 'Mend the transform, or declare the column .nullable().'),
    wrongRows: (delivery: number, given: number, made: number) =>
      error(
        `was given ${given} rows of delivery ${delivery} and gave ${made}`,
        "What comes of each row is one row, with the file_land_timestamp that it had. Filter and explode in the table's transform (F2), where rows are accounted for.",
      ),
  };
}
