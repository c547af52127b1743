import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { SetupError } from '../errors';
import { identifyProcess } from './process-identity';
import { findPython, type Python } from './python';

export interface InstalledParts {
  python: string;
  temporal: string;
}

const REQUIREMENTS = join(__dirname, 'requirements.txt');

/**
 * The pinned parts in a virtual environment of their own in the user's cache, installed when they are not there yet.
 *
 * @throws SetupError when Python is not fit for it or the packages cannot be had.
 */
export async function findOrInstallParts(
  onProgress: (message: string) => void,
  signal?: AbortSignal,
): Promise<InstalledParts> {
  const python = await findPython();
  const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'landfall');
  const fingerprint = createHash('sha256')
    .update(await readFile(REQUIREMENTS))
    .update(python.fingerprint);
  const place = join(cache, `stack-${fingerprint.digest('hex').slice(0, 16)}`);
  const parts = { python: join(place, 'bin', 'python'), temporal: join(place, 'bin', 'temporal') };
  // A Python that was removed since leaves its environments with a link to nowhere.
  if (existsSync(place) && !existsSync(parts.python)) await rm(place, { recursive: true, force: true });
  if (!existsSync(place)) {
    onProgress('installing the embedded stack (first time only, about 90 MB to download)');
    await installAtomically(python, cache, place, onProgress, signal);
  }
  return parts;
}

/** Only a whole installation ever has the final name, whoever is killed and however many install at once. */
async function installAtomically(
  python: Python,
  cache: string,
  place: string,
  onProgress: (message: string) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  await mkdir(cache, { recursive: true });
  await removeAbandoned(cache);
  const building = join(cache, `.building-${process.pid}-${randomBytes(4).toString('hex')}`);
  try {
    await run(python.executable, ['-I', '-m', 'venv', building], onProgress, signal);
    const pip = [
      '-I',
      '-m',
      'pip',
      'install',
      '--require-hashes',
      '--only-binary=:all:',
      '--no-user',
      '--no-input',
    ];
    const quieter = ['--disable-pip-version-check', '--progress-bar=off'];
    await run(join(building, 'bin', 'python'), [...pip, ...quieter, '-r', REQUIREMENTS], onProgress, signal);
    await rename(building, place);
  } catch (error) {
    const anotherWasFirst = existsSync(place);
    if (!anotherWasFirst) throw error;
  } finally {
    await rm(building, { recursive: true, force: true });
  }
}

async function removeAbandoned(cache: string): Promise<void> {
  for (const name of await readdir(cache)) {
    const builder = /^\.building-(\d+)-/.exec(name)?.[1];
    if (builder !== undefined && identifyProcess(Number(builder)) === undefined) {
      await rm(join(cache, name), { recursive: true, force: true });
    }
  }
}

async function run(
  command: string,
  args: string[],
  onProgress: (message: string) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: process.env,
    ...(signal && { signal }),
  });
  const lines: string[] = [];
  for (const output of [child.stdout, child.stderr]) {
    createInterface(output).on('line', (line) => {
      lines.push(line.trim());
      // The many small ones would only hide the few that take time.
      const download = /^\s*Downloading (\S+?)-\d\S* (\(.+ MB\))$/.exec(line);
      if (download) onProgress(`downloading ${download[1]} ${download[2]}`);
    });
  }
  const code = await new Promise<number | null>((resolve, reject) =>
    child.on('error', reject).on('close', resolve),
  );
  signal?.throwIfAborted();
  if (code === 0) return;
  const told = lines.filter((line) => /^error/i.test(line));
  throw new SetupError({
    happened: `Installing the embedded stack failed: ${(told.length > 0 ? told : lines.slice(-5)).join(' ')}`,
    next: 'Check that pip reaches a package index (pip config list), then run the same command again; or set TEMPORAL_ADDRESS and AWS_ENDPOINT_URL to services that run already, and nothing is installed.',
  });
}
