import type { CaseGroup } from './case';
import type { Scene } from './disturbed-line';
import type { Call, Fault } from './fault-proxy';
import { judgeScene, runUndisturbed } from './run-scene';

const ANSWERS: Readonly<Record<string, Fault>> = {
  lost: 'lost',
  reset: 'reset',
  truncated: 'truncated',
  slow: 'slow',
  'internal error': { status: 500, code: 'InternalError' },
  'slow down': { status: 503, code: 'SlowDown' },
  conflict: { status: 409, code: 'ConditionalRequestConflict' },
};

/** 409 is an answer of S3's conditional writes alone. */
const canAnswer = (fault: Fault, { isEffect, words }: Call): boolean =>
  typeof fault !== 'object' || fault.status !== 409 || (isEffect && !words.startsWith('AWSGlue'));

/** Each call answered badly, once: what was asked for may have been done, or not. */
export const badAnswersOf = (scene: Scene): CaseGroup => ({
  name: `bad answers: ${scene.name}`,
  quick: 8,
  cases: async () => {
    const [calls = []] = (await runUndisturbed(scene)).lives;
    return Object.entries(ANSWERS).flatMap(([words, fault]) =>
      calls
        .map((call, index) => ({ call, index }))
        .filter(({ call }) => canAnswer(fault, call))
        .map(({ index }) => ({
          name: `${words}: call ${index}`,
          run: () => {
            let at = -1;
            const faultOf = (): Fault | undefined => {
              at += 1;
              return at === index ? fault : undefined;
            };
            return judgeScene(scene, [{ faultOf }]);
          },
        })),
    );
  },
});
