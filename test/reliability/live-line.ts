import { LandfallClient } from '../../src/client';
import { SetupError } from '../../src/errors';
import { startTestWorker, type TestWorker } from '../support/run-landfall';
import { createTestPipeline, type TestPipeline } from '../support/test-pipeline';
import type { Scene } from './disturbed-line';
import { rememberToEnd } from './open-processes';
import { takeSnapshot, type Snapshot } from './snapshot';

/** So that keys are the same in every run of a scene. */
export const GIVEN = 1_534_968_800;

export type LiveScene = Pick<Scene, 'name' | 'hasRaw' | 'options' | 'tables' | 'files'>;

/** `landfall worker` in a process of its own, which ends with this one. */
export async function startLiveWorker(
  pipelines: readonly TestPipeline[],
  environment: NodeJS.ProcessEnv = {},
): Promise<TestWorker> {
  // Remembered from the beginning: one that is ended while it starts would stay.
  const forget = rememberToEnd(async () => (await starting).kill());
  const starting = startTestWorker(
    pipelines.map(({ module }) => module),
    environment,
  );
  const worker = await starting;
  worker.process.on('exit', forget);
  return worker;
}

export const createLivePipeline = ({ hasRaw, options, tables }: LiveScene): Promise<TestPipeline> =>
  createTestPipeline({ hasRaw, tables, ...(options === undefined ? {} : { options }) });

export async function landAll(pipeline: TestPipeline, { files }: LiveScene): Promise<void> {
  for (const [file, body] of Object.entries(files)) await pipeline.land(file, body);
}

/** A real worker on a real Temporal server, for one case after the other: what survives one serves the next. */
export class LiveLine {
  private static readonly free = new Map<string, LiveLine[]>();
  private worker: TestWorker | undefined;
  private next: TestPipeline | undefined;

  private constructor(
    private readonly scene: LiveScene,
    readonly client: LandfallClient,
    public pipeline: TestPipeline,
  ) {}

  /** Lands the scene's files for a pipeline that a worker serves. */
  static async with<T>(scene: LiveScene, use: (line: LiveLine) => Promise<T>): Promise<T> {
    const free = LiveLine.free.get(scene.name) ?? [];
    LiveLine.free.set(scene.name, free);
    const line =
      free.pop() ?? new LiveLine(scene, await LandfallClient.connect(), await createLivePipeline(scene));
    try {
      await line.prepare();
      const result = await use(line);
      free.push(line);
      return result;
    } catch (error) {
      await line.close();
      throw error;
    }
  }

  /** Starts a worker for this case and the next; the one before is whoever asked for this to end. */
  async startWorker(): Promise<void> {
    this.next ??= await createLivePipeline(this.scene);
    this.worker = await startLiveWorker([this.pipeline, this.next]);
  }

  get currentWorker(): TestWorker {
    if (!this.worker) throw new Error('no worker was started');
    return this.worker;
  }

  private async prepare(): Promise<void> {
    if (this.next) this.pipeline = this.next;
    this.next = undefined;
    const isServed = await this.client.isServed(this.pipeline.name);
    if (!isServed || !this.worker) {
      await this.worker?.stop();
      await this.startWorker();
    }
    await landAll(this.pipeline, this.scene);
  }

  private async close(): Promise<void> {
    await this.worker?.kill();
    await this.client.close();
  }
}

export interface LiveRun {
  snapshot: Snapshot;
  milliseconds: number;
}

const undisturbed = new Map<string, Promise<LiveRun>>();

/** Run once for each scene in a process; everything else is compared with it. */
export function runLiveUndisturbed(scene: LiveScene): Promise<LiveRun> {
  const known = undisturbed.get(scene.name) ?? LiveLine.with(scene, (line) => runToEnd(line));
  undisturbed.set(scene.name, known);
  return known;
}

/** Has the run taken, does to it what is to be done, and waits for its end. */
export async function runToEnd(
  { client, pipeline }: LiveLine,
  disturb: () => Promise<void> = () => Promise.resolve(),
): Promise<LiveRun> {
  const began = Date.now();
  const ask = (): Promise<unknown> => client.run(pipeline.name, { fileLandTimestamp: GIVEN });
  const ends = ask();
  // Whatever becomes of it while it is disturbed is looked at afterwards.
  ends.catch(() => undefined);
  await disturb();
  await ends.catch((error: unknown) => {
    // The worker was gone before the run was asked for: who was told so gives the command again.
    if (error instanceof SetupError) return ask();
    throw error;
  });
  return { milliseconds: Date.now() - began, snapshot: await takeSnapshot(pipeline) };
}
