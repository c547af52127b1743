import { setTimeout as delay } from 'node:timers/promises';
import { inWords, type CaseGroup, type Store } from './case';
import { LiveLine, runLiveUndisturbed, runToEnd, type LiveScene } from './live-line';
import { compareSnapshots } from './snapshot';

const KILLS = 200;

/** The moments are spread evenly over the time that a run takes, from its beginning to just after its end. */
export const workerKillsOf = (scene: LiveScene, on: Store): CaseGroup => ({
  name: `SIGKILL of the worker, ${on}: ${scene.name}`,
  on,
  quick: 1,
  atOnce: 4,
  cases: () =>
    Promise.resolve(
      Array.from({ length: KILLS }, (_, place) => ({
        name: `at ${place} of ${KILLS} parts of a run`,
        run: () =>
          inWords(async () => {
            const { snapshot, milliseconds } = await runLiveUndisturbed(scene);
            const killed = await LiveLine.with(scene, (line) =>
              runToEnd(line, async () => {
                await delay((place * milliseconds) / KILLS);
                await line.currentWorker.kill();
                await line.startWorker();
              }),
            );
            return compareSnapshots(snapshot, killed.snapshot);
          }),
      })),
    ),
});
