import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { describeMachine } from './describe-machine';
import { describeLine, toFigures } from './describe-results';
import type { Line, Place, Scale } from './line';
import { CHAINS } from './lines/chains';
import { STEPS } from './lines/steps';
import { TEN_TIMES } from './lines/ten-times';
import { measureLine, type LineResult } from './standings';
import { withStack } from './with-stack';

const ROOT = join(__dirname, '..');
const DOCUMENT = join(ROOT, 'docs', 'performance.md');
const BETWEEN = /(?<=<!-- bench begins -->\n)[^]*(?=<!-- bench ends -->)/;
const LINES: readonly Line[] = [...STEPS, TEN_TIMES, ...CHAINS];
const LONG = 'deliveries';

const WHOLE: Scale = {
  rows: 1_000_000,
  pairs: 3,
  smallFiles: 1_000,
  rowsOfSmallFile: 800,
  deliveries: 500,
};
const QUICK: Scale = { rows: 100_000, pairs: 2, smallFiles: 50, rowsOfSmallFile: 800, deliveries: 30 };
const QUICK_PEERS = ['duckdb', 'polars', 'pandas', 'pigz', 'nodejs-polars'];
const PEERS = [...QUICK_PEERS, 'data-linter', 'dagster', 'awswrangler', 'airflow'];

const say = (words: string): void => void process.stdout.write(`${words}\n`);

function refuse(words: string): never {
  throw new Error(words);
}

function readOptions() {
  const values = new Command('npm run bench --')
    .description(
      'Measures Landfall and its peers in turn. The last line has the figures; exit code 0 only if the bounds of bench/bounds.ts hold.',
    )
    .option('--quick', 'less data, fewer peers, within five minutes', false)
    .option('--only <line...>', `lines of ${LINES.map(({ id }) => id).join(', ')}`)
    .option('--peers <names>', `of ${PEERS.join(', ')}; with commas`)
    .option('--long', 'also 500 deliveries, one by one', false)
    .option('--rows <number>', 'other than the whole has')
    .option('--pairs <number>', 'other than the whole has')
    .option('--write', 'also write the figures into docs/performance.md', false)
    .parse()
    .opts<{
      quick: boolean;
      only?: string[];
      peers?: string;
      long: boolean;
      rows?: string;
      pairs?: string;
      write: boolean;
    }>();
  const { quick, write, long } = values;
  const peers = values.peers?.split(',') ?? (quick ? QUICK_PEERS : PEERS);
  for (const peer of peers)
    if (!PEERS.includes(peer)) refuse(`"${peer}" is no peer; there are ${PEERS.join(', ')}.`);
  const only = values.only ?? LINES.map(({ id }) => id).filter((id) => long || id !== LONG);
  for (const id of only)
    if (!LINES.some((line) => line.id === id))
      refuse(`"${id}" is no line; there are ${LINES.map((line) => line.id).join(', ')}.`);
  const scale = { ...(quick ? QUICK : WHOLE) };
  const take = (name: 'pairs' | 'rows'): void => {
    if (values[name] === undefined) return;
    const value = Number(values[name]);
    if (!Number.isInteger(value) || value < 1) refuse(`--${name} takes a whole number above 0.`);
    scale[name] = value;
  };
  take('pairs');
  take('rows');
  if (scale.rows % 10 !== 0) refuse('--rows takes a multiple of 10.');
  return { quick, write, peers, scale, lines: LINES.filter(({ id }) => only.includes(id)) };
}

async function main(): Promise<void> {
  if (process.platform !== 'linux') refuse('The bench reads /proc, so that it runs on Linux alone.');
  const { quick, write, peers, scale, lines } = readOptions();
  const began = performance.now();
  const stateDir = join(ROOT, '.landfall', `bench-${process.pid}`);
  const workFolder = join(stateDir, 'work');
  mkdirSync(workFolder, { recursive: true });
  const place: Place = {
    scale,
    workFolder,
    asksFor: (peer) => peers.includes(peer),
    onProgress: (words) => void process.stderr.write(`${words}\n`),
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      rmSync(stateDir, { recursive: true, force: true });
      process.exit(1);
    });
  const results: LineResult[] = [];
  try {
    const machine = await describeMachine();
    const measureAll = async (): Promise<void> => {
      for (const line of lines) {
        const result = await measureLine(line, place, quick);
        results.push(result);
        say(`\n${describeLine(result)}`);
      }
    };
    const needsStack = lines.some((line) => CHAINS.includes(line));
    await (needsStack ? withStack(stateDir, measureAll) : measureAll());
    if (write) writeDocument(`${machine} ${scale.rows} rows.\n\n${results.map(describeLine).join('\n\n')}`);
    const figures = toFigures(results, (performance.now() - began) / 1000);
    say(`\n${machine}\n${JSON.stringify(figures)}`);
    process.exitCode = results.every(({ judged }) => judged.every(({ holds }) => holds)) ? 0 : 1;
  } finally {
    rmSync(stateDir, { recursive: true, force: true });
  }
}

function writeDocument(measured: string): void {
  const text = readFileSync(DOCUMENT, 'utf8');
  if (!BETWEEN.test(text)) refuse(`${DOCUMENT} has no place for the figures.`);
  writeFileSync(
    DOCUMENT,
    text.replace(BETWEEN, () => `\n${measured}\n\n`),
  );
}

main().then(
  () => process.exit(),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
