import type { ObjectStore } from '../adapters/object-store';
import type { Pipeline } from '../definition/pipeline';
import type { TaskProgress } from './tasks';
import type { TempPlace } from './temp-place';
import type { TransformLogLine } from './transform-log';

/** What a task works with that writes nothing, beside its own data. */
export interface ReadingContext extends TempPlace {
  store: Pick<ObjectStore, 'read' | 'open'>;
  pipelines: readonly Pipeline[];
  /** Called often; whoever passes it on may thin it out. */
  onProgress: (progress: TaskProgress) => void;
}

/** What a task works with, beside its own data. */
export interface TaskContext extends ReadingContext {
  store: ObjectStore;
  /** Takes what a transform has for the log. */
  onLog?: (line: TransformLogLine) => void;
}
