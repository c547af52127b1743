import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Decision, RunResult } from '../layout/delivery';
import { isFileLandTimestamp } from '../layout/land-timestamp';
import type { Looked } from '../layout/looked';
import type { BegunMaintenance, MaintenanceRequest } from '../layout/maintenance';

export interface TakeDeliveryRequest {
  /** The `file_land_timestamp` to take the delivery as, or to come back to. UTC epoch seconds. */
  fileLandTimestamp?: number;
  /** Somebody's word on that delivery, which was refused. */
  decision?: Decision;
  /** From the `ask-again` that answered this very request before. */
  since?: number;
}

/** Who had the intake stop taking deliveries, and why. */
export interface Pause {
  by: string;
  why: string;
  /** ISO 8601. */
  at: string;
}

export type TakenDelivery =
  | { kind: 'nothing-landed' }
  /** Something waits, but the delivery is not complete, as the pipeline's `complete` has it: land is as it was. */
  | { kind: 'not-complete'; missing: string[] }
  /** A run was begun, or one that was under way has it; follow it by its workflow ID. */
  | { kind: 'run'; fileLandTimestamp: number; workflowId: string; attached: boolean }
  /** Published before; this is what its run returned. */
  | { kind: 'published'; result: RunResult }
  /** Nothing is taken until somebody resumes the intake: land is as it was. */
  | { kind: 'paused'; pause: Pause };

/** The intake goes on as a new execution, with a history of its own, and cannot take requests along. */
export interface AskAgain {
  kind: 'ask-again';
  /** To be given with the request. */
  since: number;
}

export interface IntakeStatus {
  /** The `file_land_timestamp` of the delivery whose run is under way. */
  active: number | null;
  paused: Pause | null;
  /** Requests that have no answer yet. */
  waiting: number;
  /** ISO 8601: when events were last told of. */
  lastEvent: string | null;
  /** What the latest event, sweep or start of a worker came to. */
  lastLook: LastLook | null;
}

export interface LastLook {
  /** ISO 8601. */
  at: string;
  /** In words. */
  found: string;
}

/** What made somebody think that something may have landed. */
export interface Nudge {
  because: 'event' | 'worker-start';
}

export const takeDeliveryUpdate = defineUpdate<TakenDelivery | AskAgain, [TakeDeliveryRequest]>(
  'takeDelivery',
);
export const pauseUpdate = defineUpdate<IntakeStatus, [Omit<Pause, 'at'>]>('pause');
/** The same from a rollback, which cannot ask for an answer. */
export const pauseSignal = defineSignal<[Omit<Pause, 'at'>]>('pauseFor');
export const resumeUpdate = defineUpdate<IntakeStatus>('resume');
/** Answered at once, also while a run is under way: land is then looked at when it has ended. */
export const lookUpdate = defineUpdate<Looked | AskAgain>('look');
/** Begun only between two runs, and none is begun before it has ended. */
export const maintainUpdate = defineUpdate<BegunMaintenance | AskAgain, [MaintenanceRequest]>('maintain');
/** Once it is sent, land will be looked at: however many are sent meanwhile, once. */
export const nudgeSignal = defineSignal<[Nudge]>('nudge');
export const intakeStatusQuery = defineQuery<IntakeStatus>('intakeStatus');

/** @throws Error with words for whoever asks: the request is not accepted, and leaves no trace in the history */
export function refuseMalformed({ fileLandTimestamp, decision }: TakeDeliveryRequest): void {
  if (decision && (fileLandTimestamp === undefined || decision.by === '' || decision.why === ''))
    throw new Error('to accept or to replay takes the fileLandTimestamp of the delivery, by whom, and why');
  if (fileLandTimestamp !== undefined && !isFileLandTimestamp(fileLandTimestamp)) {
    throw new Error(
      `fileLandTimestamp must be UTC epoch seconds, a whole number of at most ten digits, not ${fileLandTimestamp}`,
    );
  }
}

/** @throws Error when nobody says who pauses, or why */
export function refuseNameless({ by, why }: Omit<Pause, 'at'>): void {
  if (by === '' || why === '') throw new Error('to pause takes by whom, and why');
}
