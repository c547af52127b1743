import { createGlueCatalogue } from '../../src/adapters/glue-catalogue';
import { inWords, type CaseGroup } from './case';
import { hashArchive, sha256 } from './content';
import { DisturbedLine, GivenUp, type Scene } from './disturbed-line';
import type { Call } from './fault-proxy';
import { runUndisturbed } from './run-scene';
import { findRewritten } from './write-once';

const MOST_RUNS = 5;
const EARLIER = { 'a-data/earlier.csv': 'id\n7\n' };
const AGAIN = 'id\n8\n8\n';

/** What its supplier does after the run was given up. */
type Since = 'nothing' | 'another file' | 'a file again' | 'others instead';

/** When the process goes on. */
type Woken = 'when what waits was taken' | 'before its successor decides' | 'never';

type StopsBefore = (call: Call) => boolean;

const isDecision = ({ isEffect, words }: Call): boolean => isEffect && words.endsWith('/settled.json');

const isEffectAt =
  (place: number): StopsBefore =>
  (call) =>
    call.isEffect && call.place === place;
/** What it then finds in Glue is what others have published: no lock tells it that it comes late. */
const isReadOfGlue = ({ isEffect, isGlue }: Call): boolean => isGlue && !isEffect;
const isReadOfGlueAt = (place: number): StopsBefore => {
  let reads = 0;
  return (call) => isReadOfGlue(call) && reads++ === place;
};

const rowsOf = (body: string): number => body.split('\n').length - 2;

async function takeAll(line: DisturbedLine): Promise<void> {
  for (let runs = 0; await line.takeNext(); runs += 1)
    if (runs === MOST_RUNS) throw new Error('land is never empty');
}

/**
 * A first delivery is published. The run of the second is given up while its process is stopped before an effect; what
 * waits is taken by others; then, or just before they decide what becomes of its delivery, the process goes on.
 */
async function judge(scene: Scene, since: Since, stopsBefore: StopsBefore, woken: Woken): Promise<string[]> {
  const landed = Object.keys(scene.files);
  const first = await DisturbedLine.create({ ...scene, files: EARLIER }, []);
  await first.takeNext();
  const { bench } = first;
  let isGivenUp = false;
  const line = DisturbedLine.over(bench, scene, [
    {
      stalls: {
        before: (call) => !isGivenUp && stopsBefore(call),
        wakes: 'when its run was given up',
      },
    },
    woken === 'before its successor decides' ? { yieldsBefore: isDecision } : {},
  ]);
  try {
    for (const [file, body] of Object.entries(scene.files)) await bench.land(file, body);
    await line.takeNext().catch((error: unknown) => {
      if (!(error instanceof GivenUp)) throw error;
    });
    isGivenUp = true;
    const files: Record<string, string> = since === 'others instead' ? {} : { ...scene.files };
    if (since === 'another file') files['a-data/another.csv'] = AGAIN;
    if (since === 'a file again') files[landed[0] as string] = AGAIN;
    if (since === 'others instead') {
      for (const key of await bench.keys('land')) await bench.erase('land', key);
      files['a-data/other.csv'] = AGAIN;
    }
    for (const [file, body] of Object.entries(files))
      if (scene.files[file] !== body) await bench.land(file, body);
    await takeAll(line);
    if (woken !== 'never') {
      await line.wakeZombies();
      await takeAll(line);
    }
    const replaced = Object.values(scene.files).filter((body) => !Object.values(files).includes(body));
    return [
      ...(await weigh(line, { ...EARLIER, ...files }, replaced)),
      ...(replaced.length > 0 ? [] : await findGivenUp(line)),
    ];
  } finally {
    line.close();
    first.close();
  }
}

/** Deliveries whose files were taken as others, where all of them were still in land as they had been pinned. */
async function findGivenUp({ bench }: DisturbedLine): Promise<string[]> {
  const superseded = (await bench.keys('log')).filter((key) => key.endsWith('/superseded.json'));
  return superseded.map((key) => `given up, though its files were as they had been: ${key}`);
}

/** Every file is of just one archived delivery, and Glue has the rows of all; of what was replaced, its rows where it is archived. */
async function weigh(
  { bench }: DisturbedLine,
  files: Readonly<Record<string, string>>,
  replaced: readonly string[],
): Promise<string[]> {
  const wrong = (await findRewritten(bench.pipeline)).map((key) => `written over: ${key}`);
  const archived: string[] = [];
  for (const key of await bench.keys('log')) {
    if (!key.endsWith('/archived.json')) continue;
    const record = JSON.parse((await bench.pipeline.read('log', key)).toString()) as {
      files: { sha256: string }[];
    };
    archived.push(...record.files.map((file) => file.sha256));
  }
  const count = (body: string): number => archived.filter((each) => each === sha256(body)).length;
  for (const [file, body] of Object.entries(files))
    if (count(body) !== 1) wrong.push(`${file} is archived ${count(body)} times`);
  const held = new Set(await hashArchive(bench.pipeline));
  if (archived.some((each) => !held.has(each))) wrong.push('what is recorded as archived is not in raw-hist');
  if ((await bench.keys('land')).length > 0) wrong.push('land is not empty');
  for (const key of await bench.keys('log')) {
    if (!key.endsWith('/settled.json')) continue;
    const { as } = JSON.parse((await bench.pipeline.read('log', key)).toString()) as { as: string };
    const said = key.replace(/settled\.json$/, `${as}.json`);
    if (!(await bench.keys('log')).includes(said)) wrong.push(`decided, and never said: ${said}`);
  }
  if (replaced.some((body) => count(body) > 1)) wrong.push('what was replaced is archived more than once');
  const bodies = [...Object.values(files), ...replaced.filter((body) => count(body) > 0)];
  const rows = bodies.reduce((sum, body) => sum + rowsOf(body), 0);
  const database = await createGlueCatalogue().readDatabase(bench.pipeline.database);
  const published = database?.tables[0]?.parameters['landfall.rows'];
  if (published !== String(rows)) wrong.push(`readers see ${published} rows of ${rows}`);
  return wrong;
}

/** A run ends while its process is stopped, and the process goes on when others have taken what waited. */
export const givenUpOf = (scene: Scene): CaseGroup => ({
  name: `runs given up: ${scene.name}`,
  on: 'emulator',
  quick: 6,
  atOnce: 2,
  cases: async () => {
    const [calls = []] = (await runUndisturbed(scene)).lives;
    const effects = calls.filter(({ isEffect }) => isEffect).length;
    const each = (since: Since, woken: Woken, words: string) =>
      Array.from({ length: effects }, (_, place) => ({
        name: `stopped before effect ${place}, then ${since}${words}`,
        run: () => inWords(() => judge(scene, since, isEffectAt(place), woken)),
      }));
    const beforeGlue = Array.from({ length: calls.filter(isReadOfGlue).length }, (_, place) => ({
      name: `stopped before read ${place} of Glue, then another file`,
      run: () =>
        inWords(() => judge(scene, 'another file', isReadOfGlueAt(place), 'when what waits was taken')),
    }));
    return [
      ...beforeGlue,
      ...(['nothing', 'another file', 'a file again', 'others instead'] as const).flatMap((since) =>
        each(since, 'when what waits was taken', ''),
      ),
      ...each('a file again', 'before its successor decides', ', and goes on while that is decided'),
      ...each('others instead', 'never', ', and never goes on'),
    ];
  },
});
