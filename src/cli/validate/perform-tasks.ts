import { join } from 'node:path';
import type { Pipeline } from '../../definition/pipeline';
import type { ReadingContext } from '../../engine/task-context';
import type { TaskProgress } from '../../engine/tasks';
import { inTempPlace } from '../../engine/temp-place';
import type { Assigned } from './assign-inputs';
import { showProgress } from './show-progress';

export type TaskSurroundings = Pick<ReadingContext, 'store' | 'tempFolder'>;

export interface InputTasks {
  /** One task after the other, in this process: checks hold no more than a few megabytes of any file. */
  perform<R>(task: (context: ReadingContext) => Promise<R>): Promise<R>;
  next(read: TaskProgress): void;
  end(): void;
}

export function createTasks(
  pipeline: Pipeline,
  files: Assigned['files'],
  { store, tempFolder: folder }: TaskSurroundings,
): InputTasks {
  const progress = showProgress(files.map(({ input }) => input.source.size));
  return {
    next: progress.next,
    end: progress.end,
    perform: (task) =>
      inTempPlace(join(folder, 'check-'), (place) =>
        task({ store, pipelines: [pipeline], ...place, onProgress: progress.update }),
      ),
  };
}
