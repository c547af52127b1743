import { setTimeout as delay } from 'node:timers/promises';
import {
  AthenaClient,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  StartQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import { GlueClient } from '@aws-sdk/client-glue';
import { S3Client } from '@aws-sdk/client-s3';
import type { Stack } from '../../src/stack/stack-options';

export function clientsFor({ awsEndpoint, environment }: Stack): {
  s3: S3Client;
  glue: GlueClient;
  query: (sql: string, database: string, output: string) => Promise<string[][]>;
} {
  const settings = {
    endpoint: awsEndpoint,
    region: environment['AWS_REGION'] ?? '',
    credentials: {
      accessKeyId: environment['AWS_ACCESS_KEY_ID'] ?? '',
      secretAccessKey: environment['AWS_SECRET_ACCESS_KEY'] ?? '',
    },
  };
  const athena = new AthenaClient(settings);
  return {
    s3: new S3Client({ ...settings, forcePathStyle: true }),
    glue: new GlueClient(settings),
    query: (sql, database, output) => query(athena, sql, database, output),
  };
}

async function query(
  athena: AthenaClient,
  sql: string,
  database: string,
  output: string,
): Promise<string[][]> {
  const { QueryExecutionId } = await athena.send(
    new StartQueryExecutionCommand({
      QueryString: sql,
      QueryExecutionContext: { Database: database },
      ResultConfiguration: { OutputLocation: output },
    }),
  );
  for (;;) {
    const { QueryExecution } = await athena.send(new GetQueryExecutionCommand({ QueryExecutionId }));
    const { State, StateChangeReason } = QueryExecution?.Status ?? {};
    if (State === 'FAILED' || State === 'CANCELLED') throw new Error(`${State}: ${StateChangeReason}`);
    if (State === 'SUCCEEDED') break;
    await delay(50);
  }
  const { ResultSet } = await athena.send(new GetQueryResultsCommand({ QueryExecutionId }));
  return (ResultSet?.Rows ?? []).map(({ Data }) =>
    (Data ?? []).map(({ VarCharValue }) => VarCharValue ?? ''),
  );
}
