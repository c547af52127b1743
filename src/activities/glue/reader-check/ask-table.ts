import type { QueryEngine, QueryResult } from '../../../adapters/catalogue';
import { LAND_TIMESTAMP_COLUMN } from '../../../definition/pipeline';
import type { ReaderCheck } from '../../../definition/reader-check';
import { IntegrityError, QueryFailedError } from '../../../errors';
import type { TableExpectation } from './expectations';

/** One thing that Athena said of a table and that must be otherwise. */
export type Shortcoming =
  | { what: 'rows' | 'newest'; expected: string; found: string }
  | { what: 'nulls'; column: string; rows: string }
  /** The query itself failed; in Athena's words. */
  | { what: 'query'; reason: string };

/** What Athena said of one table. */
export interface TableCheck {
  table: string;
  snapshot: string;
  /** Athena's ID of the query. */
  query: string;
  rows: number;
  /** Absent of a derived table, which is not asked for it. */
  newest?: number | null;
  /** Empty where it is as it must be. */
  shortcomings: Shortcoming[];
}

const quoted = (name: string): string => `"${name}"`;
const TIMESTAMP = quoted(LAND_TIMESTAMP_COLUMN);

/** One scan of the columns that it names. */
export function writeQuery(
  declared: string,
  {
    keys,
    required,
    newest,
    fileLandTimestamp,
  }: Pick<TableExpectation, 'keys' | 'required' | 'newest' | 'fileLandTimestamp'>,
): string {
  const count = (condition: string): string => `count(*) FILTER (WHERE ${condition})`;
  const ofDelivery = `${TIMESTAMP} = ${fileLandTimestamp ?? ''}`;
  const asked = [
    ...['count(*)', ...(newest === undefined ? [] : [`max(${TIMESTAMP})`])],
    ...keys.map((column) => count(`${quoted(column)} IS NULL`)),
    ...required.map((column) => count(`${quoted(column)} IS NULL AND ${ofDelivery}`)),
  ];
  return `SELECT ${asked.join(', ')} FROM ${quoted(declared)}`;
}

/**
 * Asks Athena about a table that is declared for this alone.
 * @param declared its name in the checking database
 * @throws UnavailableError, SetupError when Athena cannot be asked
 */
export async function askTable(
  queries: QueryEngine,
  { database, workgroup, output, kmsKey }: ReaderCheck,
  declared: string,
  expected: TableExpectation,
  signal: AbortSignal,
): Promise<TableCheck> {
  const { table, snapshot, rows, newest } = expected;
  const check = { table, snapshot, rows, ...(newest === undefined ? {} : { newest }) };
  try {
    const result = await queries.query(writeQuery(declared, expected), {
      ...{ database, workgroup, outputLocation: output, signal },
      ...(kmsKey === undefined ? {} : { kmsKey }),
    });
    return { ...check, query: result.query, shortcomings: judgeAnswer(result, expected) };
  } catch (error) {
    if (!(error instanceof QueryFailedError) || !error.failed) throw error;
    const { query, reason } = error.failed;
    return { ...check, query, shortcomings: [{ what: 'query', reason }] };
  }
}

export function judgeAnswer(
  { rows: answer, query }: Pick<QueryResult, 'rows' | 'query'>,
  { rows, newest, keys, required }: TableExpectation,
): Shortcoming[] {
  const columns = [...keys, ...required];
  const [counted, ...others] = answer[0] ?? [];
  const latest = newest === undefined ? newest : others.shift();
  const nulls = others;
  if (
    typeof counted !== 'string' ||
    (newest !== undefined && latest === undefined) ||
    nulls.length !== columns.length
  ) {
    throw new IntegrityError({
      happened: `Athena answered the query ${query} with other columns than it was asked for.`,
      unchanged: 'Nothing was published.',
      next: 'Use a service that answers as Athena does; AWS_ENDPOINT_URL says which is asked.',
    });
  }
  const wanting: Shortcoming[] = [];
  if (counted !== String(rows)) wanting.push({ what: 'rows', expected: String(rows), found: counted });
  const [wanted, found] = [String(newest ?? 'none'), latest ?? 'none'];
  if (found !== wanted) wanting.push({ what: 'newest', expected: wanted, found });
  for (const [place, column] of columns.entries()) {
    const count = nulls[place] ?? '0';
    if (count !== '0') wanting.push({ what: 'nulls', column, rows: count });
  }
  return wanting;
}

export function describeShortcoming(shortcoming: Shortcoming): string {
  switch (shortcoming.what) {
    case 'rows':
      return `${shortcoming.found} rows, where ${shortcoming.expected} were written`;
    case 'newest':
      return `its newest ${LAND_TIMESTAMP_COLUMN} is ${shortcoming.found}, where it must be ${shortcoming.expected}`;
    case 'nulls':
      return `column ${shortcoming.column} is null in ${shortcoming.rows} rows, where it must not be`;
    case 'query':
      return `Athena cannot read it: ${shortcoming.reason.trim().replace(/\.$/, '')}`;
  }
}
