import type { CaseGroup } from './case';
import type { Life, Scene } from './disturbed-line';
import { judgeScene, runUndisturbed, type SceneRun } from './run-scene';

interface Point {
  words: string;
  life: Life;
}

/** Every place at which a process can be killed so that it makes a difference. */
function crashPoints({ lives, answered }: SceneRun): Point[] {
  const effects = (lives[0] ?? []).filter(({ isEffect }) => isEffect);
  return [
    ...effects.flatMap(({ place }) =>
      (['crash-before', 'crash-after'] as const).map((fault): Point => ({
        words: `${fault} effect ${place}`,
        life: { faultOf: (call) => (call.isEffect && call.place === place ? fault : undefined) },
      })),
    ),
    ...Array.from({ length: answered }, (_, place) => ({
      words: `answer ${place} is not recorded`,
      life: { forgets: place },
    })),
  ];
}

export const crashesOf = (scene: Scene): CaseGroup => ({
  name: `crash: ${scene.name}`,
  on: 'emulator',
  quick: 6,
  atOnce: 2,
  cases: async () =>
    crashPoints(await runUndisturbed(scene)).map(({ words, life }) => ({
      name: words,
      run: () => judgeScene(scene, [life]),
    })),
});

/** The second crash is counted from the first: a place that the second life does not reach is no disturbance. */
export const crashPairsOf = (scene: Scene): CaseGroup => ({
  name: `two crashes: ${scene.name}`,
  on: 'emulator',
  quick: 6,
  atOnce: 2,
  cases: async () => {
    const points = crashPoints(await runUndisturbed(scene));
    return points.flatMap((first) =>
      points
        .filter(({ life }) => life.faultOf)
        .map((second) => ({
          name: `${first.words}, then ${second.words}`,
          run: () => judgeScene(scene, [first.life, second.life]),
        })),
    );
  },
});
