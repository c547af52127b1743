import { setTimeout as delay } from 'node:timers/promises';
import { LandfallClient } from '../../src/client';
import type { TestWorker } from '../support/run-landfall';
import type { TestPipeline } from '../support/test-pipeline';
import { inWords, type CaseGroup } from './case';
import { contentOf, judgeCrowdsArchive, judgeTurns } from './crowd';
import { createLivePipeline, startLiveWorker, type LiveScene } from './live-line';

const CROWDS = 200;
const AT_ONCE = 4;
const MOST_TRIGGERS = 8;
/** Triggers, and what lands meanwhile, come within this time. */
const CROWD_MS = 1_500;

interface Stage {
  pipeline: TestPipeline;
  client: LandfallClient;
}

/** A worker for as many pipelines as there are cases at once; the last that leaves it ends it. */
class Crew {
  private static current: Promise<Crew> | undefined;
  private readonly waiting: TestPipeline[];
  private inUse = 0;

  private constructor(
    pipelines: readonly TestPipeline[],
    private readonly client: LandfallClient,
    private readonly worker: TestWorker,
  ) {
    this.waiting = [...pipelines];
  }

  static async with<T>(scene: LiveScene, use: (stage: Stage) => Promise<T>): Promise<T> {
    let crew = await (Crew.current ??= Crew.start(scene));
    while (crew.waiting.length === 0) crew = await Crew.replace(crew, scene);
    return crew.use(use);
  }

  /** Whoever finds it used up first starts another for all. */
  private static replace(used: Crew, scene: LiveScene): Promise<Crew> {
    const before = Crew.current;
    return (Crew.current = (async () => {
      const current = await before;
      return current && current !== used ? current : Crew.start(scene);
    })());
  }

  private static async start(scene: LiveScene): Promise<Crew> {
    const pipelines = await Promise.all(Array.from({ length: AT_ONCE }, () => createLivePipeline(scene)));
    return new Crew(pipelines, await LandfallClient.connect(), await startLiveWorker(pipelines));
  }

  private async use<T>(use: (stage: Stage) => Promise<T>): Promise<T> {
    const pipeline = this.waiting.pop();
    if (!pipeline) throw new Error('nobody is left of the crew');
    this.inUse += 1;
    try {
      return await use({ pipeline, client: this.client });
    } finally {
      this.inUse -= 1;
      pipeline.remove();
      if (this.inUse === 0 && this.waiting.length === 0) {
        await this.worker.stop();
        await this.client.close();
      }
    }
  }
}

async function judgeCrowd({ pipeline, client }: Stage, place: number): Promise<string[]> {
  const triggers = 2 + (place % (MOST_TRIGGERS - 1));
  const files = 1 + (place % 3);
  const moment = (of: number): number => (of * 733 + place * 131) % CROWD_MS;
  await pipeline.land('a-data/0.csv', contentOf(0));
  const landings = Array.from({ length: files - 1 }, async (_, index) => {
    await delay(moment(index + triggers));
    await pipeline.land(`a-data/${index + 1}.csv`, contentOf(index + 1));
  });
  const asked = Array.from({ length: triggers }, async (_, index) => {
    await delay(moment(index));
    return client.run(pipeline.name);
  });
  await Promise.all(landings);
  const answers = await Promise.all(asked);
  let last = await client.run(pipeline.name);
  for (let next = last; next; next = await client.run(pipeline.name)) last = next;

  const wrong = [...(await judgeCrowdsArchive(pipeline, files)), ...(await judgeTurns(client, pipeline))];
  const results = [...answers, last].flatMap((result) => result ?? []);
  const published = Math.max(...results.map(({ tables }) => tables[0]?.published ?? 0));
  if (published !== files) wrong.push(`${published} rows are published of ${files}`);
  if ((await pipeline.list('land')).length > 0) wrong.push('land is not empty');
  if (files === 1 && answers.every((answer) => answer === undefined)) wrong.push('nobody was given the run');
  return wrong;
}

/** Two to eight triggers at once, and files that land meanwhile: each is archived and published once, one run after the other. */
export const triggersOf = (scene: LiveScene): CaseGroup => ({
  name: `triggers at once: ${scene.name}`,
  on: 'emulator',
  quick: 2,
  atOnce: AT_ONCE,
  cases: () =>
    Promise.resolve(
      Array.from({ length: CROWDS }, (_, place) => ({
        name: `crowd ${place}`,
        run: () => inWords(() => Crew.with(scene, (stage) => judgeCrowd(stage, place))),
      })),
    ),
});
