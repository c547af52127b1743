import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { readTemporalTarget } from '../../src/temporal-connection';
import type { Store } from './case';
import { writeFiguresOf } from './page';
import { VERSITYGW_VERSION } from './versitygw';

const ROOT = join(__dirname, '..', '..');
const FIGURES = join(__dirname, 'figures.json');

export interface GroupFigures {
  group: string;
  on: Store;
  /** Why it did not run, where it did not. */
  skipped?: string;
  cases: number;
  differences: number;
  notes: string[];
  seed: number;
  /** UTC, ISO 8601. */
  date: string;
  /** Of the sources; several when it was gone on with after a change. */
  commits: string[];
  versions: Record<string, string>;
}

export function readCommit(): string {
  try {
    const git = (...args: string[]): string =>
      execFileSync('git', args, { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    const changed = git('status', '--porcelain', 'src').length > 0;
    return `${git('rev-parse', '--short=10', 'HEAD')}${changed ? ' and changes' : ''}`;
  } catch {
    return 'unknown';
  }
}

export async function readVersions(): Promise<Record<string, string>> {
  const requirements = readFileSync(join(ROOT, 'src', 'stack', 'requirements.txt'), 'utf8');
  const connection = await Connection.connect(readTemporalTarget().connectionOptions);
  try {
    const { serverVersion } = await connection.workflowService.getSystemInfo({});
    return {
      node: process.versions.node,
      temporal: serverVersion,
      ministack: /^ministack==(\S+)/m.exec(requirements)?.[1] ?? 'unknown',
      versitygw: VERSITYGW_VERSION.slice(1),
    };
  } finally {
    await connection.close();
  }
}

const readFigures = (): GroupFigures[] =>
  existsSync(FIGURES) ? (JSON.parse(readFileSync(FIGURES, 'utf8')) as GroupFigures[]) : [];

/** Takes the place of what an earlier whole run of the group came to. */
export function recordFigures(figures: GroupFigures, order: readonly string[]): void {
  const others = readFigures().filter(({ group }) => group !== figures.group && order.includes(group));
  const all = [...others, figures].sort((a, b) => order.indexOf(a.group) - order.indexOf(b.group));
  writeFileSync(FIGURES, `${JSON.stringify(all, null, 2)}\n`);
}

/** Puts the figures of the last whole run of every group into the page. */
export function writeTable(order: readonly { name: string; on: Store }[]): void {
  const known = new Map(readFigures().map((figures) => [figures.group, figures]));
  const rows = order.map(({ name, on }) => toRow(name, on, known.get(name)));
  const notes = [...known.values()].flatMap(({ group, notes: told }) =>
    told.map((words) => `- ${group}: ${words}`),
  );
  const versions = [...new Set([...known.values()].map((each) => describeVersions(each.versions)))];
  const table = [
    '| group | on | cases | differences | date | commit | seed |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...rows,
  ];
  writeFiguresOf('npm run faults', [
    ...[...table, '', ...versions],
    ...(notes.length > 0 ? ['', ...notes] : []),
  ]);
}

export const describeVersions = (versions: Record<string, string>): string =>
  `With ${Object.entries(versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ')}.`;

function toRow(name: string, on: Store, figures: GroupFigures | undefined): string {
  if (!figures) return `| ${name} | ${on} | not run | | | | |`;
  if (figures.skipped !== undefined) return `| ${name} | ${on} | not run: ${figures.skipped} | | | | |`;
  const { cases, differences, date, commits, seed } = figures;
  return `| ${name} | ${on} | ${cases} | ${differences} | ${date.slice(0, 10)} | ${commits.join(', ')} | ${seed} |`;
}
