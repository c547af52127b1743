import { DisturbedLine, type Life, type Scene } from './disturbed-line';
import type { Call } from './fault-proxy';
import { compareSnapshots, takeSnapshot, type Snapshot } from './snapshot';

/** So that keys are the same in every run of a scene. */
const GIVEN = 1_534_968_800;

export interface SceneRun {
  snapshot: Snapshot;
  lives: readonly (readonly Call[])[];
  answered: number;
}

async function runScene(scene: Scene, lives: readonly Life[]): Promise<SceneRun> {
  const line = await DisturbedLine.create(scene, lives);
  try {
    if (!(await line.takeNext(GIVEN))) throw new Error('nothing was taken');
    await line.wakeZombies();
    return { snapshot: await takeSnapshot(line.bench.pipeline), lives: line.lives, answered: line.answered };
  } finally {
    line.close();
  }
}

const undisturbed = new Map<string, Promise<SceneRun>>();

/** Run once for each scene; everything else is compared with it. */
export function runUndisturbed(scene: Scene): Promise<SceneRun> {
  const known = undisturbed.get(scene.name) ?? runScene(scene, []);
  undisturbed.set(scene.name, known);
  return known;
}

/** @returns what is not as in an undisturbed run, in words */
export async function judgeScene(scene: Scene, lives: readonly Life[]): Promise<string[]> {
  const { snapshot } = await runUndisturbed(scene);
  try {
    return compareSnapshots(snapshot, (await runScene(scene, lives)).snapshot);
  } catch (error) {
    return [`it does not come to its end: ${error instanceof Error ? error.message : String(error)}`];
  }
}
