import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkFile } from '../../src/engine/check-file';
import { checkKeys } from '../../src/engine/check-keys';
import { deriveTable } from '../../src/engine/derive-table';
import type { TaskContext } from '../../src/engine/task-context';
import type { Engine, WriteCuratedPartTask } from '../../src/engine/tasks';
import { inTempPlace } from '../../src/engine/temp-place';
import { transformFile } from '../../src/engine/transform-file';
import { writeCuratedPart } from '../../src/engine/write-curated-part';

/** The engine's own tasks, without the processes that they run in otherwise. */
export function createEngineInProcess(parts: Pick<TaskContext, 'pipelines' | 'store'>): Engine {
  const perform = <T, R>(work: (task: T, context: TaskContext) => Promise<R>, task: T): Promise<R> =>
    inTempPlace(join(tmpdir(), 'landfall-test-'), (place) =>
      work(task, { ...parts, ...place, onProgress: () => undefined }),
    );
  return {
    start: () => undefined,
    checkFile: (task) => perform(checkFile, task),
    checkKeys: (task) => perform(checkKeys, task),
    transformFile: (task) => perform(transformFile, task),
    writeCuratedPart: (task) => perform(writeCuratedPart, task),
    deriveTable: (task) => perform(deriveTable, task),
    close: () => Promise.resolve(),
  };
}

/** The same, which tells of each part before it makes it. */
export function createTellingEngine(
  of: Parameters<typeof createEngineInProcess>[0],
  onPart: (task: WriteCuratedPartTask) => void,
): Engine {
  const engine = createEngineInProcess(of);
  return {
    ...engine,
    writeCuratedPart: (task) => {
      onPart(task);
      return engine.writeCuratedPart(task);
    },
  };
}
