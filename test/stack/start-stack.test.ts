import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { CreateBucketCommand, ListBucketsCommand } from '@aws-sdk/client-s3';
import { Connection } from '@temporalio/client';
import { SetupError } from '../../src/errors';
import { isAlive } from '../../src/stack/process-identity';
import { listListeningOfGroup } from '../../src/stack/listening-sockets';
import { startStack } from '../../src/stack/start-stack';
import { clientsFor } from './emulated-aws';
import { findPart, findProcesses, makeStateDir, startOwnStack, useOwnStacks } from './own-stacks';

useOwnStacks();

async function listAttributes(address: string): Promise<Record<string, unknown>> {
  const connection = await Connection.connect({ address, connectTimeout: '60 seconds' });
  try {
    const { customAttributes } = await connection.operatorService.listSearchAttributes({
      namespace: 'default',
    });
    return customAttributes;
  } finally {
    await connection.close();
  }
}

function processGroup(pid: number): string | undefined {
  return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[2];
}

test('two stacks side by side do not disturb each other, and listen on loopback only', async () => {
  const [firstDir, secondDir] = [await makeStateDir(), await makeStateDir()];
  const [first, second] = await Promise.all([startOwnStack(firstDir), startOwnStack(secondDir)]);
  await clientsFor(first).s3.send(new CreateBucketCommand({ Bucket: 'only-in-first' }));

  const { Buckets } = await clientsFor(second).s3.send(new ListBucketsCommand({}));
  expect(Buckets ?? []).toEqual([]);
  const groups = [...findProcesses(firstDir), ...findProcesses(secondDir)].map(({ pid }) => pid);
  const listening = groups.flatMap(listListeningOfGroup);
  expect(listening.length).toBeGreaterThanOrEqual(8);
  expect(listening.filter(({ address }) => address !== '127.0.0.1')).toEqual([]);

  await first.stop();
  await expect(listAttributes(second.temporalAddress)).resolves.toHaveProperty('LandfallPipeline');
  await expect(fetch(`${second.webUiUrl}`)).resolves.toMatchObject({ ok: true });
  await expect(clientsFor(second).s3.send(new ListBucketsCommand({}))).resolves.toBeDefined();
});

test('nothing is written outside the state folder', async () => {
  const home = await makeStateDir();
  Object.assign(process.env, { HOME: home, TMPDIR: home });

  await startOwnStack(await makeStateDir());

  expect(await readdir(home)).toEqual([]);
});

test('Ctrl-C in the terminal does not reach the parts: none is in our process group', async () => {
  const stateDir = await makeStateDir();
  await startOwnStack(stateDir);

  const groups = findProcesses(stateDir).map(({ pid }) => processGroup(pid));

  expect(groups).toHaveLength(4);
  expect(groups).not.toContain(processGroup(process.pid));
});

test('stop waits until every process is gone, and may be called again', async () => {
  const stateDir = await makeStateDir();
  const stack = await startOwnStack(stateDir);
  const processes = findProcesses(stateDir);
  expect(processes).toHaveLength(4);

  await Promise.all([stack.stop(), stack.stop()]);

  expect(processes.filter(isAlive)).toEqual([]);
  await expect(Promise.race([stack.partExited, Promise.resolve('asked')])).resolves.toBe('asked');
});

test.each([
  ['temporal', 'start-dev'],
  ['aws', 'aws-emulator.py'],
])('a crash of %s resolves partExited with its log, and the rest can be stopped', async (part, command) => {
  const stateDir = await makeStateDir();
  const stack = await startOwnStack(stateDir);
  const processes = findProcesses(stateDir);

  process.kill(findPart(stateDir, command).pid, 'SIGKILL');

  const exit = await stack.partExited;
  expect(exit).toMatchObject({ part, code: 128 + 9, logFile: join(stateDir, 'logs', `${part}.log`) });
  expect(exit.lastLines).toBe(readFileSync(exit.logFile, 'utf8').trimEnd().split('\n').slice(-15).join('\n'));
  expect(processes.filter(isAlive)).toHaveLength(2);
  await stack.stop();
  expect(processes.filter(isAlive)).toEqual([]);
});

test('a second start in the same folder is refused while the first lives', async () => {
  const stateDir = await makeStateDir();
  const first = await startOwnStack(stateDir);

  const second = startStack({ stateDir, searchAttributes: {} });

  await expect(second).rejects.toThrow(SetupError);
  await expect(second).rejects.toThrow(`is already in use by process ${process.pid}. Stop that one first`);
  await first.stop();
  await expect(startOwnStack(stateDir)).resolves.toBeDefined();
});

test('ports are the same after a restart; a configured one that is in use is named', async () => {
  const stateDir = await makeStateDir();
  const first = await startOwnStack(stateDir);
  await first.stop();
  const again = await startOwnStack(stateDir);
  expect(again.environment).toEqual(first.environment);
  expect(again.webUiUrl).toBe(first.webUiUrl);
  await again.stop();

  const port = Number(new URL(again.awsEndpoint).port);
  const squatter = createServer().listen(port, '127.0.0.1');
  await once(squatter, 'listening');
  try {
    await expect(startOwnStack(stateDir, { ports: { aws: port } })).rejects.toThrow(
      `Port ${port}, configured for aws, cannot be opened on 127.0.0.1 (EADDRINUSE).`,
    );
    const elsewhere = await startOwnStack(stateDir);
    expect(elsewhere.awsEndpoint).not.toBe(again.awsEndpoint);
    expect(elsewhere.temporalAddress).toBe(again.temporalAddress);
  } finally {
    squatter.close();
  }
});

test('a search attribute that the code has gained is added to the kept state; another type is refused', async () => {
  const stateDir = await makeStateDir();
  await (await startOwnStack(stateDir)).stop();

  const grown = await startOwnStack(stateDir, {
    searchAttributes: { LandfallPipeline: 'Keyword', LandfallRows: 'Int' },
  });
  expect(Object.keys(await listAttributes(grown.temporalAddress)).sort()).toEqual([
    'LandfallPipeline',
    'LandfallRows',
  ]);
  await grown.stop();

  await expect(startOwnStack(stateDir, { searchAttributes: { LandfallPipeline: 'Int' } })).rejects.toThrow(
    'has the search attribute LandfallPipeline with another type than Int',
  );
  const fresh = await startOwnStack(stateDir, { fresh: true, searchAttributes: { LandfallPipeline: 'Int' } });
  expect(Object.keys(await listAttributes(fresh.temporalAddress))).toEqual(['LandfallPipeline']);
});

test('an aborted start leaves no process and gives the folder back', async () => {
  const stateDir = await makeStateDir();
  const aborted = new AbortController();
  const onProgress = (message: string): void => {
    if (message.startsWith('starting')) setTimeout(() => aborted.abort(new Error('changed my mind')), 300);
  };

  await expect(startOwnStack(stateDir, { signal: aborted.signal, onProgress })).rejects.toThrow();

  expect(findProcesses(stateDir)).toEqual([]);
  await expect(startOwnStack(stateDir)).resolves.toBeDefined();
});
