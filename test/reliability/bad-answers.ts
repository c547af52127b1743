import type { CaseGroup } from './case';
import type { Scene } from './disturbed-line';
import type { Call, Fault } from './fault-proxy';
import { judgeScene, runUndisturbed } from './run-scene';

/** What a call may be answered with; undefined where the service never answers so. */
const ANSWERS: Readonly<Record<string, (call: Call) => Fault | undefined>> = {
  lost: () => 'lost',
  reset: () => 'reset',
  truncated: () => 'truncated',
  slow: () => 'slow',
  'internal error': () => ({ status: 500, code: 'InternalError' }),
  'slow down': ({ isGlue }) =>
    isGlue ? { status: 400, code: 'ThrottlingException' } : { status: 503, code: 'SlowDown' },
  conflict: ({ isEffect, isGlue }) =>
    isEffect && !isGlue ? { status: 409, code: 'ConditionalRequestConflict' } : undefined,
  // The SDK's own second attempt, after an answer was lost, is refused by what the first one wrote.
  'done and refused': ({ isOnlyWhereNothingIs }) => (isOnlyWhereNothingIs ? 'done-and-refused' : undefined),
};

/** Each call answered badly, once: what was asked for may have been done, or not. */
export const badAnswersOf = (scene: Scene): CaseGroup => ({
  name: `bad answers: ${scene.name}`,
  on: 'emulator',
  quick: 6,
  atOnce: 2,
  cases: async () => {
    const [calls = []] = (await runUndisturbed(scene)).lives;
    return Object.entries(ANSWERS).flatMap(([words, answer]) =>
      calls.flatMap((call, index) =>
        answer(call) === undefined
          ? []
          : {
              name: `${words}: call ${index}`,
              run: () => {
                let at = -1;
                return judgeScene(scene, [
                  {
                    faultOf: (actual) => {
                      at += 1;
                      return at === index ? answer(actual) : undefined;
                    },
                  },
                ]);
              },
            },
      ),
    );
  },
});
