import { createGlueCatalogue } from '../../src/adapters/glue-catalogue';
import { inWords, type CaseGroup } from './case';
import { hashArchive, sha256 } from './content';
import { DisturbedLine, GivenUp, type Scene } from './disturbed-line';
import { runUndisturbed } from './run-scene';
import { findRewritten } from './write-once';

const MOST_RUNS = 5;
const EARLIER = { 'a-data/earlier.csv': 'id\n7\n' };
const AGAIN = 'id\n8\n8\n';

/** What its supplier does after the run was given up. */
type Since = 'nothing' | 'another file' | 'a file again';

const rowsOf = (body: string): number => body.split('\n').length - 2;

async function takeAll(line: DisturbedLine): Promise<void> {
  for (let runs = 0; await line.takeNext(); runs += 1)
    if (runs === MOST_RUNS) throw new Error('land is never empty');
}

/**
 * A first delivery is published. The run of the second is given up while its process is stopped before an effect; what
 * waits is taken by others; then the process goes on.
 */
async function judge(scene: Scene, since: Since, place: number): Promise<string[]> {
  const [again = ''] = Object.keys(scene.files);
  const first = await DisturbedLine.create({ ...scene, files: EARLIER }, []);
  await first.takeNext();
  const { bench } = first;
  let isGivenUp = false;
  const line = DisturbedLine.over(bench, scene, [
    {
      stalls: {
        before: (call) => !isGivenUp && call.isEffect && call.place === place,
        wakes: 'when its run was given up',
      },
    },
  ]);
  try {
    for (const [file, body] of Object.entries(scene.files)) await bench.land(file, body);
    await line.takeNext().catch((error: unknown) => {
      if (!(error instanceof GivenUp)) throw error;
    });
    isGivenUp = true;
    const files: Record<string, string> = { ...scene.files };
    if (since === 'another file') files['a-data/another.csv'] = AGAIN;
    if (since === 'a file again') files[again] = AGAIN;
    for (const [file, body] of Object.entries(files))
      if (scene.files[file] !== body) await bench.land(file, body);
    await takeAll(line);
    await line.wakeZombies();
    await takeAll(line);
    return await weigh(line, { ...EARLIER, ...files }, scene.files[again] ?? '');
  } finally {
    line.close();
    first.close();
  }
}

/** Every file is of just one archived delivery, and Glue has the rows of all; of one that was replaced, perhaps its rows too. */
async function weigh(
  { bench }: DisturbedLine,
  files: Readonly<Record<string, string>>,
  replaced: string,
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
  const wasReplaced = !Object.values(files).includes(replaced);
  if (wasReplaced && count(replaced) > 1) wrong.push('what was replaced is archived more than once');
  const bodies = [...Object.values(files), ...(wasReplaced && count(replaced) > 0 ? [replaced] : [])];
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
    return (['nothing', 'another file', 'a file again'] as const).flatMap((since) =>
      Array.from({ length: effects }, (_, place) => ({
        name: `stopped before effect ${place}, then ${since}`,
        run: () => inWords(() => judge(scene, since, place)),
      })),
    );
  },
});
