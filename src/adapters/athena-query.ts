import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import {
  AthenaClient,
  GetQueryExecutionCommand,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
  type QueryExecution,
} from '@aws-sdk/client-athena';
import { QueryFailedError, UnavailableError, type LandfallError } from '../errors';
import { readAthenaResult } from './athena-results';
import { expectAnswered } from './aws-answers';
import { explainFailures } from './aws-errors';
import { awsSettings } from './aws-settings';
import type { QueryEngine, QueryOptions, QueryResult } from './catalogue';

const FIRST_POLL_MS = 50;
const SLOWEST_POLL_MS = 2_000;

/** Of whoever the query's author is not: the cluster, the service. */
const SYSTEM = 1;

interface Query {
  athena: AthenaClient;
  sql: string;
  options: QueryOptions;
  http: { abortSignal?: AbortSignal };
}

/** The client comes from the environment unless it is given. */
export function createAthenaQueryEngine(
  { athena }: { athena: AthenaClient } = { athena: new AthenaClient(awsSettings()) },
): QueryEngine {
  return {
    query: (sql, options) => {
      const { database, outputLocation, signal } = options;
      const call = {
        service: 'ATHENA' as const,
        doing: `Asking Athena about the database ${database}`,
        permission: `athena:StartQueryExecution, GetQueryExecution, GetQueryResults and StopQueryExecution, and s3:PutObject on ${outputLocation}`,
        signal,
      };
      const http = signal === undefined ? {} : { abortSignal: signal };
      return explainFailures(call, () => runQuery({ athena, sql, options, http }));
    },
  };
}

async function runQuery(query: Query): Promise<QueryResult> {
  const { athena, sql, options, http } = query;
  const { database, outputLocation, kmsKey: KmsKey, workgroup } = options;
  const start = new StartQueryExecutionCommand({
    QueryString: sql,
    QueryExecutionContext: { Database: database },
    ResultConfiguration: {
      OutputLocation: outputLocation,
      ...(KmsKey !== undefined && { EncryptionConfiguration: { EncryptionOption: 'SSE_KMS', KmsKey } }),
    },
    ...(workgroup !== undefined && { WorkGroup: workgroup }),
    // One token for all attempts of this call: a start whose answer was lost does not run the query twice.
    ClientRequestToken: randomUUID(),
  });
  const id = expectAnswered((await athena.send(start, http)).QueryExecutionId, 'QueryExecutionId');
  const ended = await waitForEnd(query, id);
  if (ended.Status?.State !== 'SUCCEEDED') throw describeFailedQuery(query, ended);
  return readAthenaResult(athena, ended, http);
}

/** Athena itself ends a query after its time limit, so that every wait has an end. */
async function waitForEnd({ athena, http }: Query, id: string): Promise<QueryExecution> {
  let pause = FIRST_POLL_MS;
  try {
    for (;;) {
      const command = new GetQueryExecutionCommand({ QueryExecutionId: id });
      const { QueryExecution: execution } = await athena.send(command, http);
      const state = execution?.Status?.State;
      if (execution && state !== 'QUEUED' && state !== 'RUNNING') return execution;
      await wait(pause, undefined, http.abortSignal ? { signal: http.abortSignal } : {});
      pause = Math.min(pause * 1.5, SLOWEST_POLL_MS);
    }
  } catch (error) {
    // Nobody waits for its answer any more; the failure that led here is what the caller has to hear of.
    await athena.send(new StopQueryExecutionCommand({ QueryExecutionId: id })).catch(() => undefined);
    throw error;
  }
}

function describeFailedQuery(
  { options: { database } }: Query,
  { Status, QueryExecutionId }: QueryExecution,
): LandfallError {
  const reason = Status?.StateChangeReason || Status?.AthenaError?.ErrorMessage || 'Athena gave no reason';
  const ended = Status?.State === 'CANCELLED' ? 'was cancelled' : 'failed';
  const words = {
    happened: `The query ${QueryExecutionId} on the database ${database} ${ended}: ${reason.replace(/\.$/, '')}.`,
    next: 'Correct the query, or what it reads, and ask again.',
  };
  const { Retryable: passes = false, ErrorCategory } = Status?.AthenaError ?? {};
  if (passes || ErrorCategory === SYSTEM) return new UnavailableError(words);
  return new QueryFailedError(words, { query: QueryExecutionId ?? '', reason });
}
