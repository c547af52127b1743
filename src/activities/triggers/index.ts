import type { Logger } from 'pino';
import type { Pipeline } from '../../definition/pipeline';
import { askToLook } from './ask-to-look';
import { receiveEvents } from './receive-events';

/** What the activities that start things by themselves work with; Temporal's client comes from the worker. */
export interface TriggerDependencies {
  pipelines: readonly Pipeline[];
  logger: Logger;
  /** Aborted when the worker begins to stop: whoever only waits for something stops at once. */
  stopping: AbortSignal;
}

export const createTriggerActivities = (dependencies: TriggerDependencies) => ({
  receiveEvents: receiveEvents(dependencies),
  askToLook: askToLook(),
});

export type TriggerActivities = ReturnType<typeof createTriggerActivities>;
