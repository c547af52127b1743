import { rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { startStack } from '../../src/stack/start-stack';
import { readVersions } from '../reliability/figures';
import { endOpenProcesses } from '../reliability/open-processes';
import { recordPart, writeTable } from './figures';
import { judgeMutants } from './mutants';
import { runPart, type Part, type PartFigures } from './run-part';

const ROOT = join(__dirname, '..', '..');
/** The exit code of a run that has no verdict. */
const STOPPED = 130;
const DEFAULT_SEED = 20_261_123;

const say = (words: string): void => void process.stdout.write(`${words}\n`);

const WHOLE: readonly Part[] = [
  { name: 'publishes', publishes: 200, killEvery: 0, readers: 16, slowReaders: 2 },
  { name: 'publishers killed', publishes: 200, killEvery: 2, readers: 16, slowReaders: 2 },
];
const QUICK: readonly Part[] = [
  { name: 'publishes', publishes: 6, killEvery: 0, readers: 4, slowReaders: 1 },
  { name: 'publishers killed', publishes: 2, killEvery: 2, readers: 4, slowReaders: 1 },
];

interface Options {
  parts: readonly Part[];
  mutants: boolean;
  /** Whether its figures are to be recorded. */
  isWhole: boolean;
  seed: number;
  untilFault: boolean;
}

function readOptions(): Options {
  const values = new Command('npm run readers --')
    .description(
      'Reads tables through the Athena API while they are published: every answer has to be that of one publish. The last line has the figures; exit code 0 only if all were.',
    )
    .option('--quick', 'fewer publishes and readers, within three minutes', false)
    .option('--only <part>', 'one part')
    .option('--publishes <number>', 'other than the whole has')
    .option('--readers <number>', 'other than the whole has')
    .option('--mutants', 'only the mutants: publishing with a guard removed has to be seen', false)
    .option('--until-fault', 'end with the first wrong answer, and record no figures', false)
    .option('--seed <number>', 'of what is chosen by chance', String(DEFAULT_SEED))
    .parse()
    .opts<{
      quick: boolean;
      only?: string;
      publishes?: string;
      readers?: string;
      mutants: boolean;
      untilFault: boolean;
      seed: string;
    }>();
  const seed = Number(values.seed);
  if (!Number.isInteger(seed)) throw new Error('--seed takes a whole number');
  const { quick, only, mutants, untilFault } = values;
  const fewer = {
    ...(values.publishes === undefined ? {} : { publishes: readCount('publishes', values.publishes) }),
    ...(values.readers === undefined ? {} : { readers: readCount('readers', values.readers) }),
  };
  const all = (quick ? QUICK : WHOLE).map((part) => ({ ...part, ...fewer }));
  const parts = mutants ? [] : all.filter(({ name }) => name === (only ?? name));
  if (parts.length === 0 && !mutants)
    throw new Error(`--only "${only}" is no part; there are: ${all.map(({ name }) => name).join(', ')}`);
  const isWhole = parts.length > 0 && !quick && !untilFault && Object.keys(fewer).length === 0;
  return { parts, mutants: mutants || (isWhole && only === undefined), isWhole, seed, untilFault };
}

function readCount(option: string, text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new Error(`--${option} takes how many`);
  return count;
}

async function main(): Promise<void> {
  const { parts, mutants, isWhole, seed, untilFault } = readOptions();
  const began = Date.now();
  const stateDir = join(ROOT, '.landfall', `readers-${process.pid}`);
  const stack = await startStack({
    ...{ stateDir, isKept: false, searchAttributes: {} },
    onProgress: () => undefined,
  });
  Object.assign(process.env, stack.environment, { TMPDIR: join(stateDir, 'tmp') });
  await mkdir(join(stateDir, 'tmp'), { recursive: true });
  const state = { isOver: false };
  const end = async (): Promise<void> => {
    state.isOver = true;
    await endOpenProcesses();
    await stack.stop();
    rmSync(stateDir, { recursive: true, force: true });
  };
  let ending: Promise<void> | undefined;
  const stop = (): Promise<void> => (ending ??= end());
  const giveUp = (why: string): void => {
    if (state.isOver) return;
    process.stderr.write(`${why}\n`);
    void stop().finally(() => process.exit(STOPPED));
  };
  void stack.partExited.then(({ part, lastLines }) => giveUp(`${part} ended:\n${lastLines}`));
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => giveUp(`stopped by ${signal}`));
  say(`seed ${seed}`);
  try {
    const versions = isWhole ? await readVersions() : {};
    const results: PartFigures[] = [];
    for (const part of parts) {
      const result = await runPart(part, { seed, say, untilFault, isOver: () => state.isOver });
      if (state.isOver) break;
      if (isWhole) recordPart({ ...result, seed, date: new Date().toISOString(), versions });
      results.push(result);
    }
    const missed = mutants && !state.isOver ? await judgeMutants(say) : [];
    if (state.isOver) {
      process.exitCode = STOPPED;
      return;
    }
    if (isWhole) writeTable(WHOLE.map(({ name }) => name));
    const holds = results.every((result) => result.holds) && missed.length === 0;
    const seconds = Math.round((Date.now() - began) / 1000);
    say(JSON.stringify({ holds, seed, seconds, parts: results, ...(mutants ? { missed } : {}) }));
    process.exitCode = holds ? 0 : 1;
  } finally {
    await stop();
  }
}

main().then(
  () => process.exit(),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(1);
  },
);
