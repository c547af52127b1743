import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeVersions, readCommit } from '../reliability/figures';
import { writeFiguresOf } from '../reliability/page';
import type { PartFigures } from './run-part';

const FIGURES = join(__dirname, 'figures.json');

interface RecordedPart extends PartFigures {
  seed: number;
  /** UTC, ISO 8601. */
  date: string;
  commit: string;
  versions: Record<string, string>;
}

const readFigures = (): RecordedPart[] =>
  existsSync(FIGURES) ? (JSON.parse(readFileSync(FIGURES, 'utf8')) as RecordedPart[]) : [];

/** Takes the place of what an earlier whole run of the part came to. */
export function recordPart(figures: Omit<RecordedPart, 'commit'>): void {
  const others = readFigures().filter(({ part }) => part !== figures.part);
  const all = [...others, { ...figures, commit: readCommit() }].sort((a, b) => (a.part < b.part ? 1 : -1));
  writeFileSync(FIGURES, `${JSON.stringify(all, null, 2)}\n`);
}

/** Puts the figures of the last whole run of every part into the page. */
export function writeTable(parts: readonly string[]): void {
  const known = readFigures();
  const rows = parts.map((name) =>
    toRow(
      name,
      known.find(({ part }) => part === name),
    ),
  );
  writeFiguresOf('npm run readers', [
    '| part | readers | publishes | killed | queries | missing | mixed | doubled or lost | back in time | failed | date | commit | seed |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |',
    ...rows,
    ...known.flatMap((each) => ['', describePart(each)]),
  ]);
}

function toRow(name: string, figures: RecordedPart | undefined): string {
  if (!figures) return `| ${name} | not run |${' |'.repeat(11)}`;
  const { readers, publishes, kills, queries, missing, mixed, doubled, lost, back, errors } = figures;
  const { date, commit, seed } = figures;
  const cells = [name, readers, publishes, kills, queries, missing, mixed, doubled + lost, back, errors];
  return `| ${[...cells, date.slice(0, 10), commit, seed].join(' | ')} |`;
}

const describePart = (each: RecordedPart): string =>
  `${each.part}: ${each.whilePublishing} of the answers came while something was being published; beside the readers, ${each.slowReaders} slow ones. ` +
  `Of the publishes ${each.releases} had another schema and ${each.rollbacks} were rollbacks; ${each.swept} snapshots were swept meanwhile` +
  `${each.kills > 0 ? `; ${each.halfMoved} of the kills left some tables moved and others not` : ''}. ${each.seconds} s. ${describeVersions(each.versions)}`;
