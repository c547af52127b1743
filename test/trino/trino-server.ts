import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parse } from 'lossless-json';

/** A number of JSON with all its digits, as lossless-json has it. */
export interface NumberText {
  readonly isLosslessNumber: true;
  readonly value: string;
}

/** A value as Trino's protocol has it, numbers with all their digits. */
export type TrinoValue = null | boolean | string | NumberText | TrinoValue[];

export interface TrinoResult {
  columns: { name: string; type: string }[];
  rows: TrinoValue[][];
}

export interface TrinoServer {
  query(sql: string): Promise<TrinoResult>;
  stop(): Promise<void>;
}

interface Answer {
  nextUri?: string;
  columns?: { name: string; type: string }[];
  data?: TrinoValue[][];
  error?: { message: string };
}

const PATIENCE_MS = 240_000;
const ACTIVE_NODES = "SELECT node_id FROM system.runtime.nodes WHERE state = 'active'";

/** Trino over the emulator's Glue and S3, as its catalogue `landfall`; all that it writes is in a folder that goes with it. */
export async function startTrino(
  { trino, java }: { trino: string; java: string },
  aws: Record<string, string>,
): Promise<TrinoServer> {
  const folder = await mkdtemp(join(tmpdir(), 'landfall-trino-'));
  const port = await freePort();
  await writeConfiguration(folder, port, aws, trino);
  const launcher = spawn(
    join(trino, 'bin', 'launcher'),
    ['run', '--etc-dir', join(folder, 'etc'), '--data-dir', join(folder, 'data')],
    {
      cwd: folder,
      detached: true,
      env: { ...process.env, JAVA_HOME: java, PATH: `${join(java, 'bin')}:${process.env['PATH'] ?? ''}` },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const log = createWriteStream(join(folder, 'trino.log'));
  let tail = '';
  for (const stream of [launcher.stdout, launcher.stderr])
    stream.on('data', (chunk: Buffer) => {
      log.write(chunk);
      tail = (tail + chunk.toString()).slice(-4000);
    });
  const state = { hasEnded: false };
  const ended = new Promise<void>((resolve) =>
    launcher.once('exit', () => {
      state.hasEnded = true;
      resolve();
    }),
  );
  const stop = async (): Promise<void> => {
    // The launcher may have started Java as a process of its own: both are in its group.
    if (!state.hasEnded && launcher.pid !== undefined) process.kill(-launcher.pid, 'SIGTERM');
    await ended;
    log.end();
    await rm(folder, { recursive: true, force: true });
  };
  const base = `http://127.0.0.1:${port}`;
  const until = Date.now() + PATIENCE_MS;
  while (!(await isReady(base))) {
    if (state.hasEnded || Date.now() > until) {
      await stop();
      throw new Error(`Trino did not start:\n${tail}`);
    }
    await delay(500);
  }
  // What reads of tables may find no node that works though Trino knows of one.
  const queryWithNode = async (sql: string): Promise<TrinoResult> => {
    for (;;) {
      try {
        return await query(base, sql);
      } catch (error) {
        if (Date.now() > until || !String(error).includes('No nodes available')) throw error;
        await delay(500);
      }
    }
  };
  return { query: queryWithNode, stop };
}

async function isReady(base: string): Promise<boolean> {
  try {
    const info = (await (await fetch(`${base}/v1/info`)).json()) as { starting?: boolean };
    // It has started before it knows of itself as a node that can work.
    return info.starting === false && (await query(base, ACTIVE_NODES)).rows.length > 0;
  } catch {
    return false;
  }
}

async function query(base: string, sql: string): Promise<TrinoResult> {
  const headers = {
    'X-Trino-User': 'landfall',
    'X-Trino-Catalog': 'landfall',
    // Otherwise every timestamp is rounded to milliseconds on its way.
    'X-Trino-Client-Capabilities': 'PARAMETRIC_DATETIME',
  };
  const result: TrinoResult = { columns: [], rows: [] };
  let response = await fetch(`${base}/v1/statement`, { method: 'POST', body: sql, headers });
  for (;;) {
    const answer = parse(await response.text()) as Answer;
    if (answer.error) throw new Error(`${sql}: ${answer.error.message}`);
    if (answer.columns) result.columns = answer.columns.map(({ name, type }) => ({ name, type }));
    for (const row of answer.data ?? []) result.rows.push(row);
    if (answer.nextUri === undefined) return result;
    response = await fetch(answer.nextUri, { headers });
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function writeConfiguration(
  folder: string,
  port: number,
  aws: Record<string, string>,
  trino: string,
): Promise<void> {
  const { AWS_ENDPOINT_URL = '', AWS_REGION = '', AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '' } = aws;
  const catalogue = [
    'connector.name=hive',
    'hive.metastore=glue',
    `hive.metastore.glue.region=${AWS_REGION}`,
    `hive.metastore.glue.endpoint-url=${AWS_ENDPOINT_URL}`,
    `hive.metastore.glue.aws-access-key=${AWS_ACCESS_KEY_ID}`,
    `hive.metastore.glue.aws-secret-key=${AWS_SECRET_ACCESS_KEY}`,
    'fs.native-s3.enabled=true',
    `s3.endpoint=${AWS_ENDPOINT_URL}`,
    `s3.region=${AWS_REGION}`,
    's3.path-style-access=true',
    `s3.aws-access-key=${AWS_ACCESS_KEY_ID}`,
    `s3.aws-secret-key=${AWS_SECRET_ACCESS_KEY}`,
    'hive.timestamp-precision=MICROSECONDS',
  ];
  const files = {
    'node.properties': ['node.environment=landfall'],
    'jvm.config': ['-server', '-Xmx3G', '-Duser.timezone=UTC', '-Djdk.attach.allowAttachSelf=true'],
    'config.properties': [
      'coordinator=true',
      'node-scheduler.include-coordinator=true',
      `http-server.http.port=${port}`,
      `discovery.uri=http://127.0.0.1:${port}`,
      `plugin.dir=${join(trino, 'plugin')}`,
      'query.max-memory-per-node=1GB',
    ],
    'catalog/landfall.properties': catalogue,
    // Partitions as Athena has them, and not as they are registered.
    'catalog/projected.properties': [...catalogue, 'hive.partition-projection-enabled=true'],
  };
  await mkdir(join(folder, 'etc', 'catalog'), { recursive: true });
  for (const [name, lines] of Object.entries(files))
    await writeFile(join(folder, 'etc', name), `${lines.join('\n')}\n`);
}
