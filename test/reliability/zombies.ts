import type { CaseGroup } from './case';
import type { Scene } from './disturbed-line';
import { judgeScene, runUndisturbed } from './run-scene';

/** A worker is stopped past its heartbeat timeout, and goes on beside its successor: sooner, or when all is over. */
export const zombiesOf = (scene: Scene): CaseGroup => ({
  name: `zombies: ${scene.name}`,
  on: 'emulator',
  quick: 6,
  atOnce: 2,
  cases: async () => {
    const [calls = []] = (await runUndisturbed(scene)).lives;
    const effects = calls.filter(({ isEffect }) => isEffect).length;
    return (['when its successor has answered', 'when all is over'] as const).flatMap((wakes) =>
      Array.from({ length: effects }, (_, place) => ({
        name: `stopped before effect ${place}, continued ${wakes}`,
        run: () =>
          judgeScene(scene, [{ stalls: { before: (call) => call.isEffect && call.place === place, wakes } }]),
      })),
    );
  },
});
