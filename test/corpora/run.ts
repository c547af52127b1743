import { randomInt } from 'node:crypto';
import { Command } from 'commander';
import { checkBombs } from './bombs';
import { checkCsvSpectrum } from './csv-spectrum';
import { EngineUnderTest } from './engine-under-test';
import { fuzz } from './fuzz';
import { checkJsonTestSuite } from './json-test-suite';
import { checkParquetTesting } from './parquet-testing';
import { MOST_SHOWN, type Verdict } from './verdict';

const WHOLE_FILES = 12_000;
const QUICK_FILES = 1_500;
/** The quick part guards each change, and must not fail one for what another brought. */
const QUICK_SEED = 20_261_122;
/** Of an engine process. */
const MOST_RESIDENT_BYTES = 512 * 1024 * 1024;
const PROCESSES = 2;

const say = (words: string): void => void process.stdout.write(`${words}\n`);

function describe({ name, files, figures, failures }: Verdict): string {
  const details = Object.entries(figures).map(([what, count]) => `${count} ${what}`);
  const shown = failures.slice(0, MOST_SHOWN).map((each) => `\n    ${each}`);
  return `${failures.length === 0 ? 'ok    ' : 'FAILED'} ${name}: ${[`${files} files`, ...details].join(', ')}${shown.join('')}`;
}

/** A process that is lost, or does not answer, is a part that does not hold. */
async function attempt(name: string, part: () => Promise<Verdict>): Promise<Verdict> {
  try {
    return await part();
  } catch (error) {
    return {
      name,
      files: 0,
      figures: {},
      failures: [error instanceof Error ? error.message : String(error)],
    };
  }
}

async function main(): Promise<void> {
  const values = new Command('npm run corpora --')
    .description(
      'Checks public corpora of CSV, JSON and Parquet, generated files and archives that swell. The last line has the figures; exit code 0 only if all verdicts are right.',
    )
    .option('--quick', 'fewer generated files')
    .option('--seed <number>', 'of the generated files; otherwise by chance')
    .option('--json', 'the last line alone')
    .parse()
    .opts<{ quick?: true; seed?: string; json?: true }>();
  const anySeed = values.quick ? QUICK_SEED : randomInt(2 ** 31);
  const seed = values.seed === undefined ? anySeed : Number(values.seed);
  if (!Number.isInteger(seed)) throw new Error('--seed takes a whole number');
  const began = Date.now();
  const engine = await EngineUnderTest.start();
  const verdicts: Verdict[] = [];
  const take = (verdict: Verdict): void => {
    verdicts.push(verdict);
    if (!values.json) say(describe(verdict));
  };
  if (!values.json) say(`seed ${seed}`);
  try {
    take(await attempt('csv-spectrum', () => checkCsvSpectrum()));
    take(await attempt('JSONTestSuite', () => checkJsonTestSuite(engine)));
    take(await attempt('parquet-testing', () => checkParquetTesting(engine)));
    const files = values.quick ? QUICK_FILES : WHOLE_FILES;
    take(await attempt('fuzz', () => fuzz(engine, files, seed)));
    take(await attempt('bombs', () => checkBombs(engine)));
  } finally {
    await engine.close();
  }
  const peak = engine.peakResidentBytes;
  const failures = verdicts.flatMap((each) => each.failures);
  if (peak !== undefined && peak > MOST_RESIDENT_BYTES)
    failures.push('an engine process grew beyond its bound');
  if (engine.processesSeen > PROCESSES) failures.push('an engine process was lost');
  const figures = {
    holds: failures.length === 0,
    files: verdicts.reduce((sum, { files }) => sum + files, 0),
    failures: failures.length,
    seed,
    peakResidentMiB: peak === undefined ? null : Math.ceil(peak / 1024 / 1024),
    seconds: Math.round((Date.now() - began) / 1000),
    parts: Object.fromEntries(verdicts.map(({ name, files, figures: of }) => [name, { files, ...of }])),
  };
  say(JSON.stringify(figures));
  process.exitCode = figures.holds ? 0 : 1;
}

void main();
