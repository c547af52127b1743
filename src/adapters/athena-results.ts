import {
  paginateGetQueryResults,
  type AthenaClient,
  type QueryExecution,
  type Row,
} from '@aws-sdk/client-athena';
import { expectAnswered } from './aws-answers';
import type { QueryResult } from './catalogue';

/** Reads all pages of a query that succeeded. */
export async function readAthenaResult(
  athena: AthenaClient,
  { QueryExecutionId, StatementType }: QueryExecution,
  http: { abortSignal?: AbortSignal },
): Promise<QueryResult> {
  let columns: QueryResult['columns'] | undefined;
  const rows: QueryResult['rows'] = [];
  for await (const { ResultSet } of paginateGetQueryResults({ client: athena }, { QueryExecutionId }, http)) {
    const page = ResultSet?.Rows ?? [];
    const isFirst = columns === undefined;
    columns ??= (ResultSet?.ResultSetMetadata?.ColumnInfo ?? []).map(({ Name, Type }) => ({
      name: expectAnswered(Name, 'a column name'),
      type: expectAnswered(Type, 'a column type'),
    }));
    // Only the first page of a SELECT begins with the columns' names.
    rows.push(...(isFirst && StatementType === 'DML' ? page.slice(1) : page).map(readRow));
  }
  return { query: expectAnswered(QueryExecutionId, 'QueryExecutionId'), columns: columns ?? [], rows };
}

/** A NULL is a Datum without text, which is not the same as one with an empty text. */
const readRow = ({ Data = [] }: Row): (string | null)[] =>
  Data.map(({ VarCharValue }) => VarCharValue ?? null);
