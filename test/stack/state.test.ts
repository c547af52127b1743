import { CreateDatabaseCommand, CreateTableCommand } from '@aws-sdk/client-glue';
import {
  CreateBucketCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { Client, Connection } from '@temporalio/client';
import { isAlive } from '../../src/stack/process-identity';
import type { Stack } from '../../src/stack/stack-options';
import { clientsFor } from './emulated-aws';
import {
  findPart,
  findProcesses,
  makeStateDir,
  startInAnotherProcess,
  startOwnStack,
  untilGone,
  useOwnStacks,
} from './own-stacks';

useOwnStacks();

const Bucket = 'mojap-curated';
const Key = 'production-environment/my-database/my_table/data-part-0.jsonl';
const WORKFLOW = { workflowId: 'kept', taskQueue: 'nobody', args: [] };

async function storeThings(stack: Stack): Promise<string | undefined> {
  const { s3, glue } = clientsFor(stack);
  await s3.send(new CreateBucketCommand({ Bucket }));
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
  const first = await s3.send(new PutObjectCommand({ Bucket, Key, Body: '{"id":"007"}\n' }));
  await s3.send(new PutObjectCommand({ Bucket, Key, Body: '{"id":"008"}\n', Metadata: { sha: 'abc' } }));
  await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: 'my_database' } }));
  await glue.send(
    new CreateTableCommand({
      DatabaseName: 'my_database',
      TableInput: {
        Name: 'my_table',
        StorageDescriptor: {
          Columns: [{ Name: 'id', Type: 'string' }],
          Location: `s3://${Bucket}/production-environment/my-database/my_table/`,
          SerdeInfo: { SerializationLibrary: 'org.openx.data.jsonserde.JsonSerDe' },
        },
      },
    }),
  );
  const connection = await Connection.connect({
    address: stack.temporalAddress,
    connectTimeout: '60 seconds',
  });
  await new Client({ connection }).workflow.start('anything', WORKFLOW);
  await connection.close();
  return first.VersionId;
}

async function readThings(stack: Stack, firstVersion: string | undefined): Promise<object> {
  const { s3, query } = clientsFor(stack);
  const { Versions } = await s3.send(new ListObjectVersionsCommand({ Bucket, Prefix: Key }));
  const newest = await s3.send(new GetObjectCommand({ Bucket, Key }));
  const first = await s3.send(new GetObjectCommand({ Bucket, Key, VersionId: firstVersion }));
  const connection = await Connection.connect({
    address: stack.temporalAddress,
    connectTimeout: '60 seconds',
  });
  const { status } = await new Client({ connection }).workflow.getHandle(WORKFLOW.workflowId).describe();
  await connection.close();
  return {
    versioning: (await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status,
    versions: Versions?.length,
    first: await first.Body?.transformToString(),
    newest: await newest.Body?.transformToString(),
    metadata: newest.Metadata,
    rows: await query('SELECT id FROM my_table', 'my_database', `s3://${Bucket}/athena/`),
    workflow: status.name,
  };
}

const STORED_THINGS = {
  versioning: 'Enabled',
  versions: 2,
  first: '{"id":"007"}\n',
  newest: '{"id":"008"}\n',
  metadata: { sha: 'abc' },
  rows: [['id'], ['008']],
  workflow: 'RUNNING',
};

test('objects, their versions, Glue tables and workflows survive a restart, and Athena still answers', async () => {
  const stateDir = await makeStateDir();
  const stack = await startOwnStack(stateDir);
  const version = await storeThings(stack);
  await stack.stop();

  expect(await readThings(await startOwnStack(stateDir), version)).toEqual(STORED_THINGS);
});

test('they survive parts that are killed without warning', async () => {
  const stateDir = await makeStateDir();
  const stack = await startOwnStack(stateDir);
  const version = await storeThings(stack);
  // All are found first: with the first one gone its guard goes, too, and cannot be asked what it runs.
  const parts = ['start-dev', 'aws-emulator.py'].map((command) => findPart(stateDir, command));
  for (const { pid } of parts) process.kill(pid, 'SIGKILL');
  await stack.partExited;
  await stack.stop();

  expect(await readThings(await startOwnStack(stateDir), version)).toEqual(STORED_THINGS);
});

test('fresh forgets them', async () => {
  const stateDir = await makeStateDir();
  const stack = await startOwnStack(stateDir);
  await storeThings(stack);
  await stack.stop();

  const fresh = await startOwnStack(stateDir, { fresh: true });

  await expect(storeThings(fresh)).resolves.toBeDefined();
});

test('a parent that is killed takes every process with it, and its folder can be used at once', async () => {
  const stateDir = await makeStateDir();
  const owner = await startInAnotherProcess(stateDir);
  const processes = findProcesses(stateDir);
  expect(processes.filter(isAlive)).toHaveLength(4);
  await expect(startOwnStack(stateDir)).rejects.toThrow(`already in use by process ${owner.pid}`);

  owner.kill('SIGKILL');

  await startOwnStack(stateDir);
  expect(processes.filter(isAlive)).toEqual([]);
});

test('without a next start, too, nothing outlives a parent that is killed', async () => {
  const stateDir = await makeStateDir();
  const owner = await startInAnotherProcess(stateDir);
  const processes = findProcesses(stateDir);

  owner.kill('SIGKILL');

  await untilGone(processes);
  expect(processes.filter(isAlive)).toEqual([]);
});

test('what outlives a parent and its guards, all killed, is ended by the next start in the folder', async () => {
  const stateDir = await makeStateDir();
  const owner = await startInAnotherProcess(stateDir);
  const processes = findProcesses(stateDir);
  const parts = ['start-dev', 'aws-emulator.py'].map((command) => findPart(stateDir, command));
  const guards = processes.filter(({ pid }) => !parts.some((part) => part.pid === pid));
  for (const { pid } of guards) process.kill(pid, 'SIGKILL');
  owner.kill('SIGKILL');
  await untilGone(guards);

  await startOwnStack(stateDir);

  expect(parts.filter(isAlive)).toEqual([]);
});
