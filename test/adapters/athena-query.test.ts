import { randomUUID } from 'node:crypto';
import { AthenaClient, GetQueryExecutionCommand, type QueryExecutionStatus } from '@aws-sdk/client-athena';
import polars from 'nodejs-polars';
import { createAthenaQueryEngine } from '../../src/adapters/athena-query';
import { awsSettings } from '../../src/adapters/aws-settings';
import { createGlueCatalogue } from '../../src/adapters/glue-catalogue';
import { createS3ObjectStore } from '../../src/adapters/s3-object-store';
import { createBucket, failureOf, reasonOf, s3 } from './test-buckets';

const athena = new AthenaClient(awsSettings());
const engine = createAthenaQueryEngine({ athena });
const database = `courts_${randomUUID().slice(0, 8)}`;
let where: { database: string; outputLocation: string };

beforeAll(async () => {
  const bucket = await createBucket('athena-curated');
  const rows = polars.DataFrame({ case_id: ['007', '', null], fine: [1.5, null, 3] });
  await createS3ObjectStore({ s3 }).write(
    { bucket, key: 'cases/1/data-part-0.parquet' },
    rows.writeParquet(),
  );
  await createGlueCatalogue().publishDatabase({
    name: database,
    tables: [
      {
        name: 'cases',
        columns: [
          { name: 'case_id', type: 'string' },
          { name: 'fine', type: 'double' },
        ],
        partitionKeys: [],
        location: `s3://${bucket}/cases/1/`,
        parameters: {},
      },
    ],
  });
  where = { database, outputLocation: `s3://${bucket}/results/` };
});

test('rows of a published table come without header, NULL told from an empty text', async () => {
  const { columns, rows } = await engine.query(
    'SELECT case_id, fine FROM cases ORDER BY case_id DESC NULLS LAST',
    where,
  );

  expect(columns.map(({ name }) => name)).toEqual(['case_id', 'fine']);
  expect(columns[0]?.type).toBe('varchar');
  expect(rows).toEqual([
    ['007', '1.5'],
    ['', null],
    [null, '3.0'],
  ]);
});

test('a result of several pages is read to its end, with one header skipped', async () => {
  const digits = `(VALUES ${[0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((i) => `(${i})`).join()})`;
  const sql = `SELECT 1000 * a.i + 100 * b.i + 10 * c.i + d.i AS n
    FROM (VALUES (0), (1), (2)) a(i), ${digits} b(i), ${digits} c(i), ${digits} d(i) ORDER BY n`;

  const { rows } = await engine.query(sql, where);

  expect(rows).toEqual(Array.from({ length: 3000 }, (_, n) => [String(n)]));
});

test('a result without rows has its columns', async () => {
  const { columns, rows } = await engine.query('SELECT case_id FROM cases WHERE false', where);

  expect({ names: columns.map(({ name }) => name), rows }).toEqual({ names: ['case_id'], rows: [] });
});

test('a query that fails says so in words, and may not be retried as it is', async () => {
  const failure = await failureOf(engine.query('SELECT no_such_column FROM cases', where));

  expect(failure.happened).toMatch(
    new RegExp(`^The query \\S+ on the database ${database} failed: .*no_such_column`, 's'),
  );
  expect(failure).toMatchObject({
    name: 'QueryFailedError',
    retryable: false,
    failed: { reason: expect.stringContaining('no_such_column') as string },
  });
});

test('a query that somebody else cancels ends with words', async () => {
  const cancelled = answerPolls('CANCELLED');

  const failure = await failureOf(cancelled.query('SELECT 1', where));

  expect(failure.happened).toContain('was cancelled');
});

test.each([
  ['of the cluster', { ErrorCategory: 1 }],
  ['that Athena calls retryable', { ErrorCategory: 2, Retryable: true }],
])('a failure %s may be retried', async (_what, AthenaError) => {
  const failing = answerPolls('FAILED', undefined, { AthenaError, StateChangeReason: 'HIVE_S3: slow down' });

  const failure = await failureOf(failing.query('SELECT 1', where));

  expect(failure).toMatchObject({ name: 'UnavailableError', retryable: true });
  expect(failure.happened).toContain('HIVE_S3: slow down.');
});

test('a query goes to the workgroup that is named', async () => {
  const { QueryExecution } = await athena.send(
    new GetQueryExecutionCommand({
      QueryExecutionId: (await engine.query('SELECT 1', { ...where, workgroup: 'of-my-own' })).query,
    }),
  );

  expect(QueryExecution?.WorkGroup).toBe('of-my-own');
});

test('an abort stops the query and ends with the reason', async () => {
  const abort = new AbortController();
  const reason = new Error('the activity was cancelled');
  const sent: string[] = [];
  const running = answerPolls('RUNNING', (commandName) => {
    sent.push(commandName);
    if (sent.filter((name) => name === GetQueryExecutionCommand.name).length === 2) abort.abort(reason);
  });

  const failure = await reasonOf(running.query('SELECT 1', { ...where, signal: abort.signal }));

  expect(failure).toBe(reason);
  expect(sent.at(-1)).toBe('StopQueryExecutionCommand');
});

/** The emulator's queries end at once, so that the states between are told in its place. */
function answerPolls(
  State: 'CANCELLED' | 'RUNNING' | 'FAILED',
  onCall: (commandName: string) => void = () => undefined,
  more: Partial<QueryExecutionStatus> = {},
) {
  const client = new AthenaClient(awsSettings());
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        onCall(commandName);
        if (commandName !== GetQueryExecutionCommand.name) return next(args);
        return { response: {}, output: { $metadata: {}, QueryExecution: { Status: { State, ...more } } } };
      },
    { step: 'initialize' },
  );
  return createAthenaQueryEngine({ athena: client });
}
