import type { Judged, LineResult, Standing } from './standings';

const number = (value: number, digits: number): string =>
  value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });

const ratio = (value: number): string => (Number.isFinite(value) ? number(value, 2) : '–');

const toCells = ({
  name,
  seconds,
  cpuSeconds,
  peakMegabytes,
  outputBytes,
  times,
  memories,
}: Standing): string[] => [
  name,
  number(seconds, 2),
  cpuSeconds > 0 ? number(cpuSeconds, 2) : '–',
  peakMegabytes > 0 ? number(peakMegabytes, 0) : '–',
  outputBytes === undefined ? '–' : number(outputBytes / 1e6, 1),
  ratio(times),
  peakMegabytes > 0 ? ratio(memories) : '–',
];

const COLUMNS = ['', 'wall s', 'CPU s', 'peak MB', 'output MB', 'its time / ours', 'its memory / ours'];

function toTable(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, at) => Math.max(3, ...rows.map((row) => row[at]?.length ?? 0))) ?? [];
  const toRow = (row: readonly string[]): string =>
    `| ${row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join(' | ')} |`;
  const [head = [], ...body] = rows;
  const rule = `| ${widths.map((width, at) => (at === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`;
  return [toRow(head), rule, ...body.map(toRow)].join('\n');
}

function describeBound({ against, measure, target, found, atLeast, holds }: Judged): string {
  const what = `${against}, ${measure === 'wall' ? 'time' : 'memory'}: at least ${number(target, 2)}`;
  if (found === undefined) return `${what}; not measured`;
  if (!holds) return `${what}; found ${number(found, 2)}: BELOW ${number(atLeast ?? target, 2)}`;
  const isReached = found >= target ? 'reached' : 'not reached yet, and no bound is set here';
  return `${what}; found ${number(found, 2)}: ${isReached}`;
}

/** A line of the bench as Markdown. */
export function describeLine({ title, pairs, standings, absent, explained, judged }: LineResult): string {
  const blocks = [
    `### ${title}`,
    toTable([COLUMNS, ...standings.map(toCells)]),
    `${pairs} ${pairs === 1 ? 'run' : 'runs in turn'}.` +
      absent.map(({ name, why }) => ` ${name} took no part: ${why}.`).join(''),
    judged.map((bound) => `- ${describeBound(bound)}`).join('\n'),
    explained.length === 0
      ? ''
      : `Where the time goes:\n\n${explained.map((each) => `- ${each}`).join('\n')}`,
  ];
  return blocks.filter(Boolean).join('\n\n');
}

/** What the last line says, for machines. */
export function toFigures(results: readonly LineResult[], seconds: number): object {
  const judged = results.flatMap((result) => result.judged);
  return {
    holds: judged.every(({ holds }) => holds),
    below: judged.filter(({ holds }) => !holds).length,
    reached: judged.filter(({ found, target }) => found !== undefined && found >= target).length,
    notReached: judged.filter(({ found, target }) => found !== undefined && found < target).length,
    notMeasured: judged.filter(({ found }) => found === undefined).length,
    seconds: Math.round(seconds),
    ratios: Object.fromEntries(
      results.map(({ id, standings }) => [
        id,
        Object.fromEntries(standings.slice(1).map(({ name, times }) => [name, Number(times.toFixed(2))])),
      ]),
    ),
  };
}
