import type { CaseGroup, Store } from './case';
import { hashArchive, sha256 } from './content';
import { DisturbedLine, type Scene } from './disturbed-line';
import { runUndisturbed } from './run-scene';
import { findRewritten } from './write-once';

const FIRST = 'id\n1\n2\n';
const AGAIN = { same: FIRST, other: 'id\n3\n4\n', larger: 'id\n3\n4\n5\n6\n7\n' };
const FILE = 'a-data/x.csv';
/** What one re-upload can set off: the disturbed run, the next delivery, and finding nothing. */
const MOST_RUNS = 5;

type Content = keyof typeof AGAIN;

/** The supplier uploads the file again just before a call of the run; then everything that waits is taken. */
async function judge(scene: Scene, content: Content, place: number): Promise<string[]> {
  let calls = -1;
  let pinned = false;
  let uploadedAfterPin = false;
  const line: DisturbedLine = await DisturbedLine.create(scene, [
    {
      faultOf: async ({ words }) => {
        calls += 1;
        if (calls === place) {
          uploadedAfterPin = pinned;
          await line.bench.land(FILE, AGAIN[content]);
        }
        pinned ||= words.startsWith('PUT ') && words.endsWith('/manifest.json');
        return undefined;
      },
    },
  ]);
  try {
    let published = 0;
    for (let runs = 0; ; runs += 1) {
      if (runs === MOST_RUNS) return ['land is never empty'];
      try {
        const result = await line.takeNext();
        if (!result || result === 'quarantined') break;
        published = result.tables[0]?.published ?? 0;
      } catch (error) {
        // Without versions, what a supplier overwrites cannot be read any more: the run fails, and the next takes what is there.
        if (scene.versionedLand === true) return [`a run fails: ${String(error)}`];
      }
    }
    const keepsVersions = scene.versionedLand === true;
    return await weigh(line, {
      ...{ content, published, uploadedAfterPin, keepsVersions },
      uploaded: calls >= place,
    });
  } catch (error) {
    return [`it does not come to its end: ${String(error)}`];
  } finally {
    line.close();
  }
}

const rowsOf = (body: string): number => body.split('\n').length - 2;

/** What was current when a delivery was pinned is in raw-hist once; what was uploaded last is, too; and nothing else. */
async function weigh(
  { bench }: DisturbedLine,
  about: {
    content: Content;
    published: number;
    uploaded: boolean;
    uploadedAfterPin: boolean;
    keepsVersions: boolean;
  },
): Promise<string[]> {
  const archived = await hashArchive(bench.pipeline);
  const count = (body: string): number => archived.filter((each) => each === sha256(body)).length;
  const again = AGAIN[about.content];
  const wrong = (await findRewritten(bench.pipeline)).map((key) => `written over: ${key}`);
  const copies = { first: count(FIRST), again: count(again) };
  if (!about.uploaded) {
    if (copies.first !== 1) wrong.push(`the file is in raw-hist ${copies.first} times`);
  } else if (about.content === 'same') {
    if (copies.first < 1 || copies.first > 2) wrong.push(`the file is in raw-hist ${copies.first} times`);
  } else {
    if (copies.again !== 1) wrong.push(`what was uploaded again is in raw-hist ${copies.again} times`);
    if (copies.first > 1) wrong.push(`what was uploaded first is in raw-hist ${copies.first} times`);
    if (copies.first === 0 && about.uploadedAfterPin && about.keepsVersions)
      wrong.push('what was pinned is not in raw-hist');
  }
  // Keys carry the timestamp, and come in its order.
  if (copies.again === 1 && archived.indexOf(sha256(FIRST)) > archived.indexOf(sha256(again)))
    wrong.push('what was overwritten is archived as a later delivery than what replaced it');
  const known = new Set([sha256(FIRST), sha256(again)]);
  const strangers = archived.filter((each) => !known.has(each)).length;
  if (strangers > 0) wrong.push(`${strangers} objects in raw-hist were never uploaded`);
  const rows =
    about.content === 'same' || !about.uploaded
      ? copies.first * rowsOf(FIRST)
      : copies.first * rowsOf(FIRST) + copies.again * rowsOf(again);
  if (about.published !== rows) wrong.push(`${about.published} rows are published of ${rows} archived`);
  if ((await bench.keys('land')).length > 0) wrong.push('land is not empty');
  return wrong;
}

/** @param rounds how often each is done: between processes that run side by side, no two are alike */
export const reUploadsOf = (scene: Scene, on: Store, rounds = 1): CaseGroup => ({
  name: `re-uploads, ${on}: ${scene.name}`,
  on,
  quick: 6,
  atOnce: 2,
  cases: async () => {
    const [calls = []] = (await runUndisturbed(scene)).lives;
    return (Object.keys(AGAIN) as Content[]).flatMap((content) =>
      Array.from({ length: rounds * (calls.length + 1) }, (_, index) => {
        const place = index % (calls.length + 1);
        const round = Math.floor(index / (calls.length + 1));
        return {
          name: `${content} content before call ${place}${round === 0 ? '' : `, round ${round + 1}`}`,
          run: () => judge(scene, content, place),
        };
      }),
    );
  },
});
