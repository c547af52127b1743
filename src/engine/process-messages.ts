import type { TransferredError } from './error-transfer';
import type { TaskProgress } from './tasks';
import type { TransformLogLine } from './transform-log';

/** What an engine process tells while it works. */
export type ProcessEvent =
  | { kind: 'started'; pid: number }
  | { kind: 'progress'; progress: TaskProgress }
  | { kind: 'log'; line: TransformLogLine };

/** How a task ended; an error is an answer too, since only plain data arrives whole. */
export type ProcessAnswer<R> = { result: R } | { error: TransferredError };

export type TaskName = 'checkFile' | 'checkKeys' | 'transformFile' | 'writeCuratedPart' | 'deriveTable';

/** Set by the engine for its processes. */
export const ENVIRONMENT = {
  /** JSON array of absolute paths. */
  modules: 'LANDFALL_ENGINE_MODULES',
  tempFolder: 'LANDFALL_ENGINE_TEMP',
  owner: 'LANDFALL_ENGINE_OWNER',
} as const;
