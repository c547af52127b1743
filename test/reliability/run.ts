import { rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import type { Stack } from '../../src/stack/stack-options';
import { startStack } from '../../src/stack/start-stack';
import { readVersions, writeTable } from './figures';
import { GROUPS } from './groups';
import { isWhole, runGroups, type GroupResult, type Selection } from './run-groups';
import { Stores } from './stores';

const ROOT = join(__dirname, '..', '..');
/** The exit code of a run that has no verdict, and is to be gone on with. */
const STOPPED = 130;
const DEFAULT_SEED = 20_261_122;

const say = (words: string): void => void process.stdout.write(`${words}\n`);

const collect = (value: string, before: string[]): string[] => [...before, value];

function readOptions(): Selection & { resume: boolean; lanes: number; writeTable: boolean } {
  const values = new Command('npm run faults --')
    .description(
      'Takes deliveries through while something goes wrong, compares each with an undisturbed run, and removes the guards of the protocol in turn. The last line has the figures; exit code 0 only if nothing differs.',
    )
    .option('--quick', 'a seeded selection, within five minutes', false)
    .option('--resume', 'go on with the last run of this seed', false)
    .option('--only <group>', 'groups whose names have this in them; may be repeated', collect, [])
    .option('--case <name>', 'only cases whose names have this in them')
    .option('--until-failure', 'end a group with its first difference, and record no figures', false)
    .option('--seed <number>', 'of what is chosen by chance', String(DEFAULT_SEED))
    .option(
      '--lanes <number>',
      'processes that take cases at once',
      String(Math.max(2, availableParallelism())),
    )
    .option('--write-table', 'run nothing; write the recorded figures into docs/reliability.md', false)
    .parse()
    .opts<{
      quick: boolean;
      resume: boolean;
      only: string[];
      case?: string;
      untilFailure: boolean;
      seed: string;
      lanes: string;
      writeTable: boolean;
    }>();
  const { quick, resume, only, case: part, untilFailure, writeTable } = values;
  const [seed, lanes] = [Number(values.seed), Number(values.lanes)];
  if (!Number.isInteger(seed)) throw new Error('--seed takes a whole number');
  if (!Number.isInteger(lanes) || lanes < 1) throw new Error('--lanes takes a number of processes');
  const unknown = only.find((part) => !GROUPS.some(({ name }) => name.includes(part)));
  if (unknown !== undefined)
    throw new Error(
      `--only "${unknown}" is no group; there are:\n${GROUPS.map(({ name }) => name).join('\n')}`,
    );
  return { quick, seed, only, part, untilFailure, resume, lanes, writeTable };
}

function summarize(
  results: readonly GroupResult[],
  seed: number,
  began: number,
): { holds: boolean; [figure: string]: unknown } {
  const failures = results.reduce((sum, { differences }) => sum + differences, 0);
  return {
    holds: failures === 0,
    cases: results.reduce((sum, { cases }) => sum + cases, 0),
    failures,
    seed,
    seconds: Math.round((Date.now() - began) / 1000),
    groups: Object.fromEntries(results.map(({ group, cases, skipped }) => [group, skipped ?? cases])),
  };
}

async function main(): Promise<void> {
  const options = readOptions();
  if (options.writeTable) {
    writeTable(GROUPS);
    return;
  }
  const began = Date.now();
  const stateDir = join(ROOT, '.landfall', `faults-${process.pid}`);
  const stack = await startStack({
    ...{ stateDir, isKept: false, searchAttributes: {} },
    onProgress: () => undefined,
  });
  Object.assign(process.env, stack.environment, { TMPDIR: join(stateDir, 'tmp') });
  await mkdir(join(stateDir, 'tmp'), { recursive: true });
  const state = { isOver: false };
  // What follows would say nothing about Landfall, so none of it is to be recorded.
  const giveUp = (why: string): void => {
    if (state.isOver) return;
    process.stderr.write(`${why}; go on with --resume\n`);
    void stop().finally(() => process.exit(STOPPED));
  };
  void stack.partExited.then(({ part, lastLines }) => giveUp(`${part} ended:\n${lastLines}`));
  let emulator: Stack | undefined;
  const renewEmulator = async (): Promise<void> => {
    await emulator?.stop();
    // Temporal is there, by its address: only what has none is started.
    delete process.env['AWS_ENDPOINT_URL'];
    const folder = join(stateDir, `emulator-${Date.now()}`);
    emulator = await startStack({ stateDir: folder, isKept: false, searchAttributes: {} });
    Object.assign(process.env, emulator.environment);
  };
  const stores = new Stores(stateDir, options.lanes, {
    ...{ mayBuild: !options.quick, onEnded: giveUp, renewEmulator },
  });
  const stop = async (): Promise<void> => {
    state.isOver = true;
    await stores.close();
    await emulator?.stop();
    await stack.stop();
    rmSync(stateDir, { recursive: true, force: true });
  };
  // A whole run is stopped, and gone on with by --resume.
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void stop().finally(() => process.exit(STOPPED)));
  say(`seed ${options.seed}`);
  try {
    const versions = options.untilFailure ? {} : await readVersions();
    const journal = join(ROOT, '.landfall', `faults-${options.seed}.jsonl`);
    const results = await runGroups(options, {
      stores,
      versions,
      say,
      journal,
      resume: options.resume,
      isOver: () => state.isOver,
    });
    if (state.isOver) {
      process.exitCode = STOPPED;
      return;
    }
    if (isWhole(options) && options.only.length === 0) writeTable(GROUPS);
    const summary = summarize(results, options.seed, began);
    say(JSON.stringify(summary));
    process.exitCode = summary.holds ? 0 : 1;
  } finally {
    await stop();
  }
}

main().then(
  () => process.exit(),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
