import { createReadStream, rmSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Command } from 'commander';
import { hashObject } from '../../src/activities/verify-stored';
import { createS3ObjectStore } from '../../src/adapters/s3-object-store';
import { LandfallClient } from '../../src/client';
import type { RunResult } from '../../src/layout/delivery';
import { startTestWorker, type TestWorker } from '../../test/support/run-landfall';
import { CASES_MODULE, hashFile } from '../contestants/landfall-steps';
import { casesFile } from '../generate-cases';
import { watchTree } from '../process-tree';
import { withStack } from '../with-stack';
import { RunWatch, type PendingActivity } from './watch-run';

const ROOT = join(__dirname, '..', '..');
const GIVEN = 1_534_968_800;
const BYTES_A_ROW = 123;
/** Of the worker with its engine, beyond what Node itself takes (about 100 MB for each of three processes). */
const MOST_MEGABYTES = 512 + 300;
const MOST_SILENT_MS = 5_000;
const MOST_TO_CANCEL_MS = 2_000;
/** Of a stage's input that it has dealt with when it is disturbed. */
const SHARE = 0.3;

/** Activities that touch every byte; how much of the file their heartbeats tell of. */
const STAGES = ['checkFiles', 'copyToRawHist', 'transformFiles', 'writeCurated'] as const;

const say = (words: string): void => void process.stdout.write(`${words}\n`);

class Endurance {
  private worker: TestWorker | undefined;
  private watchingMemory: ReturnType<typeof watchTree> | undefined;
  readonly name = `bench-${randomUUID().slice(0, 8)}`;
  peakMegabytes = 0;
  mostSilentMs = 0;
  readonly cancelledMs: Record<string, number> = {};
  kills = 0;

  constructor(
    private readonly client: LandfallClient,
    private readonly bytes: number,
  ) {}

  async land(path: string): Promise<void> {
    const key = `prod/${this.name}-data/cases-data/cases.csv`;
    await createS3ObjectStore().write({ bucket: 'land', key }, createReadStream(path));
  }

  async startWorker(): Promise<void> {
    this.worker = await startTestWorker([CASES_MODULE], { BENCH_PIPELINE: this.name });
    this.watchingMemory = watchTree(this.worker.process.pid ?? 0);
  }

  async endWorker(how: 'kill' | 'stop'): Promise<void> {
    this.peakMegabytes = Math.max(this.peakMegabytes, this.watchingMemory?.end().peakMegabytes ?? 0);
    await this.worker?.[how]();
  }

  private run(): Promise<RunResult | undefined> {
    return this.client.run(this.name, { fileLandTimestamp: GIVEN });
  }

  private isInside(stage: string): (activity: PendingActivity) => boolean {
    // A copy inside the store tells of no bytes.
    const least = stage === 'copyToRawHist' ? 0 : this.bytes * SHARE;
    return ({ name, bytes }) => name === stage && bytes >= least;
  }

  private untilInside(stage: string, watch: RunWatch, run: Promise<unknown>): Promise<void> {
    const over = run.then(() => {
      throw new Error(`The run ended before it was seen inside ${stage}: take a larger file.`);
    });
    return Promise.race([watch.until(this.isInside(stage)), over]);
  }

  private async watched<R>(work: (watch: RunWatch) => Promise<R>): Promise<R> {
    const watch = await RunWatch.open(this.name, GIVEN);
    try {
      return await work(watch);
    } finally {
      this.mostSilentMs = Math.max(this.mostSilentMs, watch.mostSilentMs);
      await watch.close();
    }
  }

  /** Cancels the run in the middle of a stage. */
  async cancelIn(stage: string): Promise<void> {
    await this.watched(async (watch) => {
      const run = this.run().catch(() => undefined);
      await this.untilInside(stage, watch, run);
      const asked = performance.now();
      await this.client.cancel(this.name, GIVEN);
      await watch.untilClosed();
      this.cancelledMs[stage] = Math.round(performance.now() - asked);
      await run;
    });
    say(`cancelled in ${stage}: closed after ${this.cancelledMs[stage]} ms`);
  }

  /** Runs to the end, while the worker is killed in the middle of these stages. */
  async finish(killedIn: readonly string[]): Promise<RunResult> {
    return this.watched(async (watch) => {
      const run = this.run();
      for (const stage of killedIn) {
        await this.untilInside(stage, watch, run);
        watch.workerDied();
        await this.endWorker('kill');
        this.kills += 1;
        say(`killed in ${stage}`);
        await this.startWorker();
      }
      const result = await run;
      if (!result) throw new Error('nothing was published');
      return result;
    });
  }
}

async function isArchivedAsItWas(name: string, path: string): Promise<boolean> {
  const store = createS3ObjectStore();
  const key = `prod/${name}-data/cases-data/file_land_timestamp=${GIVEN}/cases_${GIVEN}.csv`;
  const archived = await store.head({ bucket: 'raw-hist', key });
  if (!archived) return false;
  const { sha256 } = await hashObject(store, archived, new AbortController().signal);
  return sha256 === (await hashFile(path));
}

async function measure(gigabytes: number): Promise<boolean> {
  const rows = Math.round((gigabytes * 1e9) / BYTES_A_ROW / 10) * 10;
  say(`making ${rows} rows ...`);
  const path = await casesFile(rows);
  const { size } = await stat(path);
  const client = await LandfallClient.connect();
  const endurance = new Endurance(client, size);
  const began = performance.now();
  try {
    await endurance.land(path);
    await endurance.startWorker();
    for (const stage of STAGES) await endurance.cancelIn(stage);
    // What the cancelled runs have reached is there, so that little is left of it.
    await endurance.finish([]);
  } finally {
    await endurance.endWorker('stop');
  }
  const killed = new Endurance(client, size);
  try {
    await killed.land(path);
    await killed.startWorker();
    const result = await killed.finish(['checkFiles', 'transformFiles']);
    const published = result.tables[0]?.published;
    const figures = {
      megabytes: Math.round(size / 1e6),
      rows,
      published,
      isArchivedAsItWas: await isArchivedAsItWas(killed.name, path),
      kills: killed.kills,
      cancelledMs: endurance.cancelledMs,
      mostSilentMs: Math.round(Math.max(endurance.mostSilentMs, killed.mostSilentMs)),
      peakMegabytes: Math.round(Math.max(endurance.peakMegabytes, killed.peakMegabytes)),
      seconds: Math.round((performance.now() - began) / 1000),
    };
    const holds =
      published === rows &&
      figures.isArchivedAsItWas &&
      figures.mostSilentMs <= MOST_SILENT_MS &&
      figures.peakMegabytes <= MOST_MEGABYTES &&
      Object.values(figures.cancelledMs).every((ms) => ms <= MOST_TO_CANCEL_MS);
    say(JSON.stringify({ holds, ...figures }));
    return holds;
  } finally {
    await killed.endWorker('stop');
    await client.close();
  }
}

async function main(): Promise<void> {
  const { gb } = new Command('npm run endurance --')
    .description(
      'Takes one large file through the whole chain while it is cancelled and killed in every stage. The last line has the figures; exit code 0 only if nothing is lost, silent or too large.',
    )
    .option('--gb <number>', 'how large the file is', '2')
    .parse()
    .opts<{ gb: string }>();
  const gigabytes = Number(gb);
  if (!(gigabytes > 0)) throw new Error('--gb takes a number above 0.');
  const stateDir = join(ROOT, '.landfall', `endurance-${process.pid}`);
  try {
    const holds = await withStack(stateDir, () => measure(gigabytes));
    process.exitCode = holds ? 0 : 1;
  } finally {
    rmSync(stateDir, { recursive: true, force: true });
  }
}

main().then(
  () => process.exit(),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
