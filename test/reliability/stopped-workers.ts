import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { inWords, type CaseGroup, type Store } from './case';
import { LiveLine, runLiveUndisturbed, runToEnd, type LiveScene } from './live-line';
import { compareSnapshots, takeSnapshot } from './snapshot';

const STOPS = 80;
/** The activities' heartbeat timeout, and somewhat more. */
const PAST_HEARTBEAT_MS = 17_000;

/** A process and all that it has started. */
function treeOf(pid: number): number[] {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        return [{ pid: Number(name), parent: Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) }];
      } catch {
        return [];
      }
    });
  const found = [pid];
  for (const each of found)
    found.push(...parents.filter(({ parent }) => parent === each).map((child) => child.pid));
  return found;
}

function signalTree(tree: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of tree) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended.
    }
  }
}

async function judge(scene: LiveScene, place: number): Promise<string[]> {
  const { snapshot, milliseconds } = await runLiveUndisturbed(scene);
  const wakesBesideSuccessor = place % 2 === 0;
  return LiveLine.with(scene, async (line) => {
    const zombie = line.currentWorker;
    let tree: number[] = [];
    const wakes = { at: 0 };
    const wake = async (): Promise<void> => {
      await delay(Math.max(0, wakes.at - Date.now()));
      // Whoever waits for a child is woken before it.
      signalTree(tree, 'SIGCONT');
    };
    await runToEnd(line, async () => {
      await delay((place * milliseconds) / STOPS);
      tree = treeOf(zombie.process.pid ?? 0);
      signalTree(tree, 'SIGSTOP');
      wakes.at = Date.now() + PAST_HEARTBEAT_MS;
      await line.startWorker();
      if (wakesBesideSuccessor) await wake();
    });
    if (!wakesBesideSuccessor) await wake();
    // It has what it was at done, or given up, before it ends.
    await zombie.stop();
    return compareSnapshots(snapshot, await takeSnapshot(line.pipeline));
  });
}

/** A worker and its engine are stopped past the heartbeat timeout, and continued beside their successor or when all is over. */
export const stoppedWorkersOf = (scene: LiveScene, on: Store): CaseGroup => ({
  name: `SIGSTOP of the worker, ${on}: ${scene.name}`,
  on,
  quick: 1,
  atOnce: 4,
  cases: () =>
    Promise.resolve(
      Array.from({ length: STOPS }, (_, place) => ({
        name: `at ${place} of ${STOPS} parts of a run`,
        run: () => inWords(() => judge(scene, place)),
      })),
    ),
});
