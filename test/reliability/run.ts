import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { startStack } from '../../src/stack/start-stack';
import type { Case } from './case';
import { GROUPS } from './groups';

const ROOT = join(__dirname, '..', '..');
const DEFAULT_SEED = 20_261_122;
const TELL_EVERY_MS = 10_000;

const say = (words: string): void => void process.stdout.write(`${words}\n`);

interface Figures {
  group: string;
  cases: number;
  failures: string[];
}

/** What was done before, so that the whole can be stopped and gone on with. */
class Journal {
  private readonly done = new Map<string, string[]>();

  constructor(
    private readonly file: string,
    resume: boolean,
  ) {
    mkdirSync(dirname(file), { recursive: true });
    if (!resume) rmSync(file, { force: true });
    if (!existsSync(file)) return;
    for (const line of readFileSync(file, 'utf8').split('\n').filter(Boolean)) {
      const { name, failures } = JSON.parse(line) as { name: string; failures: string[] };
      this.done.set(name, failures);
    }
  }

  find(name: string): string[] | undefined {
    return this.done.get(name);
  }

  add(name: string, failures: string[]): void {
    appendFileSync(this.file, `${JSON.stringify({ name, failures })}\n`);
  }
}

/** As many as asked for, in an order that the seed chooses, so that a failure is come upon soon. */
function select(cases: readonly Case[], most: number, seed: number): readonly Case[] {
  const length = Math.min(most, cases.length);
  const order = fc.shuffledSubarray([...cases], { minLength: cases.length });
  return fc.sample(order, { seed, numRuns: 1 }).flatMap((shuffled) => shuffled.slice(0, length));
}

interface Selection {
  quick: boolean;
  seed: number;
  only: string | undefined;
  untilFailure: boolean;
}

async function runGroups(
  { quick, seed, only, untilFailure }: Selection,
  journal: Journal,
): Promise<Figures[]> {
  const figures: Figures[] = [];
  for (const group of GROUPS) {
    if (only !== undefined && !group.name.includes(only)) continue;
    const all = await group.cases();
    const chosen = select(all, quick ? group.quick : all.length, seed);
    const failures: string[] = [];
    let told = Date.now();
    for (const [index, { name, run }] of chosen.entries()) {
      const whole = `${group.name}: ${name}`;
      const known = journal.find(whole);
      const found = known ?? (await run());
      if (!known) journal.add(whole, found);
      for (const each of found) failures.push(`${name}: ${each}`);
      if (untilFailure && failures.length > 0) break;
      if (process.stdout.isTTY && Date.now() - told > TELL_EVERY_MS) {
        told = Date.now();
        say(`       ${group.name}: ${index + 1} of ${chosen.length}`);
      }
    }
    const verdict = failures.length === 0 ? 'ok    ' : 'FAILED';
    say(`${verdict} ${group.name}: ${chosen.length} of ${all.length} cases, ${failures.length} differences`);
    for (const failure of failures.slice(0, 10)) say(`    ${failure}`);
    figures.push({ group: group.name, cases: chosen.length, failures });
  }
  return figures;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      resume: { type: 'boolean', default: false },
      seed: { type: 'string', default: String(DEFAULT_SEED) },
      only: { type: 'string' },
      'until-failure': { type: 'boolean', default: false },
    },
  });
  const seed = Number(values.seed);
  if (!Number.isInteger(seed)) throw new Error('--seed takes a whole number');
  const stateDir = join(ROOT, '.landfall', `faults-${process.pid}`);
  const stack = await startStack({ stateDir, searchAttributes: {}, onProgress: () => undefined });
  Object.assign(process.env, stack.environment);
  const journal = new Journal(join(ROOT, '.landfall', `faults-${seed}.jsonl`), values.resume);
  const began = Date.now();
  say(`seed ${seed}`);
  try {
    const figures = await runGroups(
      { quick: values.quick, seed, only: values.only, untilFailure: values['until-failure'] },
      journal,
    );
    const failures = figures.reduce((sum, each) => sum + each.failures.length, 0);
    say(
      JSON.stringify({
        holds: failures === 0,
        cases: figures.reduce((sum, { cases }) => sum + cases, 0),
        failures,
        seed,
        seconds: Math.round((Date.now() - began) / 1000),
        groups: Object.fromEntries(figures.map(({ group, cases }) => [group, cases])),
      }),
    );
    process.exitCode = failures === 0 ? 0 : 1;
  } finally {
    await stack.stop();
    rmSync(stateDir, { recursive: true, force: true });
  }
}

main().then(
  // Polars' threads would hold the process.
  () => process.exit(),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
