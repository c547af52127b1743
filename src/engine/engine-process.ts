import { join } from 'node:path';
import { worker, workerEmit } from 'workerpool';
import { createS3ObjectStore } from '../adapters/s3-object-store';
import { loadPipelines } from '../definition/load-pipelines';
import { protectionsOf } from '../definition/protections';
import { checkFile } from './check-file';
import { checkKeys } from './check-keys';
import { deriveTable } from './derive-table';
import { endWithOwner } from './end-with-owner';
import { toTransferredError } from './error-transfer';
import { ENVIRONMENT, type ProcessAnswer, type ProcessEvent, type TaskName } from './process-messages';
import type { TaskContext } from './task-context';
import type { TaskProgress } from './tasks';
import { inTempPlace } from './temp-place';
import { transformFile } from './transform-file';
import { writeCuratedPart } from './write-curated-part';

const PROGRESS_EVERY_MS = 500;

const emit = (event: ProcessEvent): void => workerEmit(event);

/** Makes of a function that does a task one that answers the engine. */
function answering<T, R>(perform: (task: T, context: TaskContext) => Promise<R>) {
  return async (task: T): Promise<ProcessAnswer<R>> => {
    emit({ kind: 'started', pid: process.pid });
    let progress: TaskProgress = { bytes: 0, rows: 0 };
    const timer = setInterval(() => emit({ kind: 'progress', progress }), PROGRESS_EVERY_MS);
    try {
      const onProgress = (made: TaskProgress): void => {
        progress = made;
      };
      const parts = { store: await store, pipelines: await pipelines, onProgress };
      const result = await inTempPlace(
        join(process.env[ENVIRONMENT.tempFolder] ?? '', `${process.pid}-`),
        (place) => perform(task, { ...parts, ...place, onLog: (line) => emit({ kind: 'log', line }) }),
      );
      emit({ kind: 'progress', progress });
      return { result };
    } catch (error) {
      return { error: toTransferredError(error) };
    } finally {
      clearInterval(timer);
    }
  };
}

endWithOwner({
  owner: Number(process.env[ENVIRONMENT.owner]),
  tempFolder: process.env[ENVIRONMENT.tempFolder] ?? '',
});
const pipelines = loadPipelines(JSON.parse(process.env[ENVIRONMENT.modules] ?? '[]') as string[]);
const store = pipelines.then((all) => createS3ObjectStore({ protectionOf: protectionsOf(all) }));
// The first task tells of it.
store.catch(() => undefined);

const tasks: Record<TaskName, (task: never) => Promise<unknown>> = {
  checkFile: answering(checkFile),
  checkKeys: answering(checkKeys),
  transformFile: answering(transformFile),
  writeCuratedPart: answering(writeCuratedPart),
  deriveTable: answering(deriveTable),
};
worker(tasks);
