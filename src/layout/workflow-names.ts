import type { MaintenanceKind } from './maintenance';

/** Names by which clients, workers and workflows find each other; all follow from the pipeline's name. */
export const taskQueue = (pipeline: string): string => `landfall-${pipeline}`;
export const intakeWorkflowId = (pipeline: string): string => `landfall-${pipeline}-intake`;
export const runWorkflowId = (pipeline: string, fileLandTimestamp: number): string =>
  `landfall-${pipeline}-${fileLandTimestamp}`;
export const listenerWorkflowId = (pipeline: string): string => `landfall-${pipeline}-events`;
/** Of the schedule, and the beginning of its workflows' IDs. */
export const sweepId = (pipeline: string): string => `landfall-${pipeline}-sweep`;
/** What moves, sweeps or makes anew what was published; one of each kind at a time. */
export const maintenanceWorkflowId = (pipeline: string, kind: MaintenanceKind): string =>
  `landfall-${pipeline}-${kind}`;
