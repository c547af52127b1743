import type { Table } from '../definition/pipeline';
import type { TransformContext } from '../definition/transform';
import { holdsSensitive } from './judged-columns';
import { createCounters } from './transform-counters';
import { transformErrors } from './transform-errors';
import { createTransformLog, type TransformLogLine } from './transform-log';
import type { TransformFileTask } from './tasks';

export interface OpenTransformContext {
  context: TransformContext;
  /** What was counted; absent where nothing was. */
  counters(): { counters?: Record<string, number> };
  /** Tells how many lines of the log were left out; what is logged after it is not heard. */
  end(): void;
}

/** What one transform of one file may know, tell and count. */
export function openTransformContext(
  task: TransformFileTask,
  table: Table,
  tell: (line: TransformLogLine) => void,
): OpenTransformContext {
  const { pipeline, fileName: file, fileLandTimestamp, version } = task;
  const errors = transformErrors(table, { file });
  const counters = createCounters(errors.wrongCount);
  const log = createTransformLog(tell, holdsSensitive(table));
  return {
    context: {
      ...{ pipeline, table: table.name, file, fileLandTimestamp, version },
      log: { info: log.info, warn: log.warn },
      count: counters.count,
    },
    counters() {
      const sums = counters.sums();
      return Object.keys(sums).length > 0 ? { counters: sums } : {};
    },
    end: () => log.end(),
  };
}
