import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { makeOnce } from './cache';

const PEERS = join(__dirname, 'peers');
const run = promisify(execFile);

/** Each has packages that fit none of the others' versions. */
export type PythonEnvironment = 'tables' | 'chains' | 'airflow' | 'data-linter';

export const peerScript = (name: string): string => join(PEERS, name);

const requirementsOf = (name: PythonEnvironment): string => join(PEERS, `requirements-${name}.txt`);

export const findPeersPython = (name: PythonEnvironment): Promise<string> =>
  findPython(name, requirementsOf(name));

/**
 * The Python of a virtual environment in the cache, made from pinned requirements when it is not there yet.
 * @throws Error when it cannot be made here
 */
export async function findPython(name: string, requirements: string): Promise<string> {
  const { stdout: version } = await run('python3', ['-c', 'import sys; print(sys.version, sys.prefix)']);
  const fingerprint = createHash('sha256')
    .update(await readFile(requirements))
    .update(version);
  const folder = await makeOnce(`${name}-${fingerprint.digest('hex').slice(0, 12)}`, async (path) => {
    process.stderr.write(`installing Python packages: ${name}\n`);
    await run('python3', ['-m', 'venv', path]);
    const quietly = ['--quiet', '--no-input', '--disable-pip-version-check'];
    await run(join(path, 'bin', 'python'), ['-m', 'pip', 'install', ...quietly, '-r', requirements], {
      maxBuffer: 1e8,
    });
  });
  return join(folder, 'bin', 'python');
}

/** `name version` of what a line of a requirements file pins. */
export async function pinnedVersions(name: PythonEnvironment): Promise<string[]> {
  const text = await readFile(requirementsOf(name), 'utf8');
  return text.split('\n').flatMap((line) => /^([\w-]+)==([\w.]+)/.exec(line)?.slice(1, 3).join(' ') ?? []);
}
