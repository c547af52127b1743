import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { EMULATED_REGION } from '../../src/stack/aws-emulator';
import { chooseFreePorts } from '../../src/stack/free-ports';
import { startGuarded } from '../../src/stack/guarded-process';
import { waitUntilReady } from '../../src/stack/wait-until-ready';

export const VERSITYGW_VERSION = 'v1.8.0';
const MODULE = `github.com/versity/versitygw/cmd/versitygw@${VERSITYGW_VERSION}`;
const LONGEST_BUILD_MS = 900_000;

const cacheFolder = (): string =>
  join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'landfall');
const executablePath = (): string => join(cacheFolder(), `versitygw-${VERSITYGW_VERSION}`, 'versitygw');

export interface Versitygw {
  /** What a process needs to have its S3 there; Glue stays where it was. */
  environment: Record<string, string>;
  stop: () => Promise<void>;
}

async function findGo(): Promise<string | undefined> {
  for (const go of ['go', '/usr/local/go/bin/go']) {
    const isThere = await promisify(execFile)(go, ['version']).then(
      () => true,
      () => false,
    );
    if (isThere) return go;
  }
  return undefined;
}

/**
 * The S3 server, built into the user's cache where it is not there yet.
 * @returns why it cannot be had, where it cannot
 */
export async function findOrBuildVersitygw(mayBuild: boolean): Promise<{ path: string } | { why: string }> {
  const path = executablePath();
  if (existsSync(path)) return { path };
  if (!mayBuild) return { why: 'versitygw is not built yet, which takes minutes: npm run faults builds it' };
  const go = await findGo();
  if (go === undefined) return { why: 'there is no Go to build versitygw with' };
  await mkdir(cacheFolder(), { recursive: true });
  const building = await mkdtemp(join(cacheFolder(), '.versitygw-'));
  try {
    await promisify(execFile)(go, ['install', MODULE], {
      env: { ...process.env, GOBIN: building, GOFLAGS: '-buildvcs=false' },
      timeout: LONGEST_BUILD_MS,
    });
    // Whoever builds at the same time builds the same.
    await rename(building, join(path, '..')).catch((error: unknown) => {
      if (!existsSync(path)) throw error;
    });
    return { path };
  } catch (error) {
    return { why: `versitygw cannot be built: ${(error as { stderr?: string }).stderr ?? String(error)}` };
  } finally {
    await rm(building, { recursive: true, force: true });
  }
}

/** Runs it over a folder of its own; ends with this process. */
export async function startVersitygw(path: string, stateDir: string): Promise<Versitygw> {
  const { aws: port = 0 } = await chooseFreePorts(['aws'], {}, {});
  const [data, versions] = [join(stateDir, 'objects'), join(stateDir, 'versions')];
  for (const folder of [data, versions]) await mkdir(folder, { recursive: true });
  const endpoint = `http://127.0.0.1:${port}`;
  const running = await startGuarded({
    command: path,
    arguments: [
      ...['--port', `127.0.0.1:${port}`, '--region', EMULATED_REGION, '--health', '/health'],
      ...['--quiet', '--keep-alive', 'posix', '--versioning-dir', versions, data],
    ],
    environment: {
      PATH: process.env['PATH'],
      HOME: stateDir,
      ROOT_ACCESS_KEY: process.env['AWS_ACCESS_KEY_ID'],
      ROOT_SECRET_KEY: process.env['AWS_SECRET_ACCESS_KEY'],
    },
    logFile: join(stateDir, 'logs', 'versitygw.log'),
  });
  await waitUntilReady('versitygw', running, async () => {
    const response = await fetch(`${endpoint}/health`, { signal: AbortSignal.timeout(2_000) });
    if (!response.ok) throw new Error(`versitygw answers ${response.status}.`);
  });
  return { environment: { AWS_ENDPOINT_URL_S3: endpoint }, stop: () => running.stop() };
}
