import type { DerivedTable } from '../definition/derived-table';
import type { Table } from '../definition/pipeline';
import { TransformError } from '../errors';
import { describeNames, describeNulls, describeTypes, type WrongType } from './curation-errors';
import { holdsSensitive } from './judged-columns';
import { listNames, wordsOfCause } from './transform-errors';

const NEXT = "Mend the table's sql, deploy it, and run the pipeline again: it goes on from raw-hist.";

/** Whether a value of a sensitive column could be among what the table's SQL gives. */
export const hidesValues = ({ curatedColumns }: DerivedTable, sources: readonly Table[]): boolean =>
  sources.some(holdsSensitive) || curatedColumns.some(({ sensitive }) => sensitive);

/** Every way in which a derived table's SQL can be at fault, in words that hold no value of a sensitive column. */
export function derivationErrors(table: DerivedTable, sources: readonly Table[]) {
  const { name, from } = table;
  const isSensitive = hidesValues(table, sources);
  const error = (happened: string, next = NEXT, cause?: unknown): TransformError =>
    new TransformError(
      {
        happened: `The SQL of derived table "${name}" (from ${from.join(', ')}) ${happened}.`,
        unchanged: 'Nothing was published: readers see what they saw, in every table.',
        next,
      },
      cause === undefined || isSensitive ? {} : { cause },
    );
  return {
    /** It was never run, so that its words can hold no value. */
    notUnderstood: (cause: Error) =>
      error(
        `is not understood: ${wordsOfCause(cause, false)}`,
        `${NEXT} It is Polars' SQL, and sees the tables of from alone.`,
      ),
    failed: (cause: unknown) => error(`failed: ${wordsOfCause(cause, isSensitive)}`, NEXT, cause),
    wrongColumns: (missing: readonly string[], extra: readonly string[]) =>
      error(
        describeNames(missing, extra, 'its columns do not declare'),
        'Make its columns and those that the SQL selects the same; AS names what it computes.',
      ),
    wrongTypes: (wrong: readonly WrongType[]) =>
      error(
        describeTypes(wrong),
        'Nothing is cast behind your back: write CAST(… AS …) in the SQL, or declare what it is.',
      ),
    nulls: (column: string, count: number) =>
      error(describeNulls(column, count), 'Mend the SQL, or declare the column .nullable().'),
    tooLarge: (column: string, count: number, type: string) =>
      error(
        `gave ${count} ${count === 1 ? 'value' : 'values'} in column "${column}" that ${type} cannot hold`,
        'Declare the column wide enough.',
      ),
    duplicates: (key: readonly string[], count: number) =>
      error(
        `gave more than one row for ${count} ${count === 1 ? 'value' : 'values'} of its primaryKey ${listNames(key)}`,
        'Mend the SQL, or the key.',
      ),
  };
}
