import { createS3ObjectStore } from '../../src/adapters/s3-object-store';
import { inWords, type CaseGroup } from './case';
import { hashArea } from './content';
import { DisturbedLine, type Scene } from './disturbed-line';
import type { Call } from './fault-proxy';
import { runUndisturbed } from './run-scene';
import type { TestPipeline } from '../support/test-pipeline';

/** What is written there is read again before anything relies on it. */
const AREAS = ['rawHist', 'quarantine', 'raw', 'processed'] as const;
type Area = (typeof AREAS)[number];

interface Written {
  area: Area;
  key: string;
}

/** @returns what a call has made, once it is done: an object written at once, or an upload completed */
function findWritten({ areas }: TestPipeline, { isEffect, isGlue, words }: Call): Written | undefined {
  const match = /^(?:PUT|POST) \/([^/]+)\/([^(]+?)( \(.+\))?$/.exec(words);
  if (!isEffect || isGlue || !match) return undefined;
  const [, bucket, key = '', step] = match;
  const isWhole = words.startsWith('PUT') ? step === undefined : step === ' (of an upload)';
  const area = AREAS.find((each) => areas[each] === bucket);
  return area !== undefined && isWhole ? { area, key } : undefined;
}

/** One byte is another, as a store with a fault of its own would have it. */
async function damage(pipeline: TestPipeline, { area, key }: Written): Promise<boolean> {
  const store = createS3ObjectStore();
  const location = { bucket: pipeline.areas[area], key };
  const stored = await store.head(location);
  const body = await pipeline.read(area, key);
  if (!stored || body.length === 0) return false;
  body[body.length - 2] = (body[body.length - 2] ?? 0) ^ 1;
  await store.write(location, body, { metadata: stored.metadata });
  return true;
}

async function judge(scene: Scene, place: number): Promise<string[]> {
  let objects = 0;
  let last: Written | undefined;
  const done = { isDamaged: false };
  const line: DisturbedLine = await DisturbedLine.create(scene, [
    {
      faultOf: async (call) => {
        const { pipeline } = line.bench;
        if (last && objects - 1 === place && !done.isDamaged) done.isDamaged = await damage(pipeline, last);
        const written = findWritten(pipeline, call);
        if (written) objects += 1;
        last = written;
        return undefined;
      },
    },
  ]);
  try {
    const { pipeline } = line.bench;
    const before = await hashArea(pipeline, 'land');
    const outcome = await line.takeNext().then(
      (result) => (result === undefined ? 'nothing was taken' : 'nobody noticed'),
      () => undefined,
    );
    if (!done.isDamaged) return [];
    const wrong = outcome === undefined ? [] : [outcome];
    const held = new Set(
      (await Promise.all([hashArea(pipeline, 'land'), hashArea(pipeline, 'rawHist')]))
        .flat()
        .map(({ sha256 }) => sha256),
    );
    for (const { key, sha256 } of before) if (!held.has(sha256)) wrong.push(`${key} is nowhere as it landed`);
    return wrong;
  } finally {
    line.close();
  }
}

/** A byte of a copy is changed just after it was stored: the run must stop, and what landed must still be somewhere. */
export const damagedCopiesOf = (scene: Scene): CaseGroup => ({
  name: `damaged copies: ${scene.name}`,
  on: 'emulator',
  quick: 4,
  atOnce: 2,
  cases: async () => {
    const { lives } = await runUndisturbed(scene);
    const written = (lives[0] ?? []).filter(
      ({ isEffect, words }) =>
        isEffect &&
        /-(raw-hist|quarantine|raw|processed)\//.test(words) &&
        (words.startsWith('PUT') ? !words.endsWith(')') : words.endsWith('(of an upload)')),
    );
    return written.map((_, place) => ({
      name: `object ${place} of ${written.length}`,
      run: () => inWords(() => judge(scene, place)),
    }));
  },
});
