import { createGlueCatalogue } from '../../src/adapters/glue-catalogue';
import { inWords, type CaseGroup } from './case';
import { hashArchive, sha256 } from './content';
import { DisturbedLine, type Scene } from './disturbed-line';
import { SMALLEST, UNVERSIONED } from './scenes';
import { findRewritten } from './write-once';

const FILE = 'a-data/x.csv';
const BODY = SMALLEST.files[FILE] ?? '';
const GIVEN = 1_534_968_800;
const ARCHIVE_KEY = `production-environment/my-database-data/a-data/file_land_timestamp=${GIVEN}/x_${GIVEN}.csv`;
const STRANGER = 'id\n5\n6\n';

interface Refusal {
  words: string;
  scene: Scene;
  prepare?: (line: DisturbedLine) => Promise<void>;
  /** What raw-hist is to hold in the end, by content. */
  archived: readonly string[];
  /** Whether land is to be as it was. */
  staysInLand: boolean;
}

const transformOf = (apply: string): Scene => ({
  ...UNVERSIONED,
  tables: `a: table({ columns: { id: column.int64() }, transform: { columns: { id: column.int64() }, apply: ({ frame, pl }) => ${apply} } }),`,
});

/** What a run must stop at, for it can do nothing right. */
const REFUSALS: readonly Refusal[] = [
  {
    words: 'a transform that leaves rows out and does not say so',
    scene: transformOf(`frame.filter(pl.col('id').gt(1))`),
    archived: [BODY],
    staysInLand: false,
  },
  {
    words: 'another object under the key in raw-hist',
    scene: UNVERSIONED,
    prepare: (line) => line.bench.put('rawHist', ARCHIVE_KEY, STRANGER),
    archived: [STRANGER],
    staysInLand: true,
  },
  {
    words: 'another object under the key in raw-hist, with the same bytes and from elsewhere',
    scene: UNVERSIONED,
    prepare: (line) => line.bench.put('rawHist', ARCHIVE_KEY, BODY),
    archived: [BODY],
    staysInLand: true,
  },
];

async function judge({ scene, prepare, archived, staysInLand }: Refusal): Promise<string[]> {
  const line = await DisturbedLine.create(scene, []);
  try {
    await prepare?.(line);
    const outcome = await line.takeNext(GIVEN).then(
      () => 'it goes on',
      () => undefined,
    );
    const { bench } = line;
    const wrong = outcome === undefined ? [] : [outcome];
    wrong.push(...(await findRewritten(bench.pipeline)).map((key) => `written over: ${key}`));
    const held = await hashArchive(bench.pipeline);
    if (held.join() !== archived.map(sha256).join()) wrong.push('raw-hist is not as it must be');
    if ((await bench.keys('land')).length > 0 !== staysInLand)
      wrong.push(staysInLand ? 'land is empty' : 'land is not empty');
    if (await createGlueCatalogue().readDatabase(bench.pipeline.database)) wrong.push('it is published');
    return wrong;
  } finally {
    line.close();
  }
}

export const refusals: CaseGroup = {
  name: 'what a run must stop at',
  on: 'emulator',
  quick: 3,
  cases: () =>
    Promise.resolve(
      REFUSALS.map((refusal) => ({ name: refusal.words, run: () => inWords(() => judge(refusal)) })),
    ),
};
