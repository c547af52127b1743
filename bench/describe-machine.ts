import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { pinnedVersions, type PythonEnvironment } from './python-environments';

const ENVIRONMENTS: readonly PythonEnvironment[] = ['tables', 'chains', 'airflow', 'data-linter'];

function ask(command: string, args: readonly string[]): string {
  try {
    return execFileSync(command, args, { encoding: 'utf8', cwd: join(__dirname, '..') }).trim();
  } catch {
    return '';
  }
}

/** What the figures were measured on, and with. */
export async function describeMachine(): Promise<string> {
  const pinned = await Promise.all(ENVIRONMENTS.map(pinnedVersions));
  const machine = [
    `${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? 'unknown'})`,
    `${Math.round(totalmem() / 2 ** 30)} GiB`,
    `Node ${process.versions.node}`,
    ask('python3', ['--version']),
    ask('pigz', ['--version']),
    `Landfall at ${ask('git', ['rev-parse', '--short', 'HEAD']) || 'an unknown commit'}`,
  ];
  return `${machine.filter(Boolean).join(', ')}. Peers: ${[...new Set(pinned.flat())].sort().join(', ')}.`;
}
