import { CancelledFailure, TerminatedFailure, type WorkflowFailedError } from '@temporalio/client';
import { BusyError, LandfallError } from './errors';
import type { BegunMaintenance, MaintenanceKind } from './layout/maintenance';
import { kindOf, wordsOf } from './run-failure';

const AGAIN: Record<MaintenanceKind, string> = {
  rollback: 'landfall rollback',
  gc: 'landfall gc',
  recreate: 'landfall glue recreate',
};

export function toBusyError(
  pipeline: string,
  begun: Exclude<BegunMaintenance, { kind: 'begun' }>,
): BusyError {
  return begun.kind === 'under-way'
    ? new BusyError({
        happened: `The run of delivery ${begun.fileLandTimestamp} of pipeline "${pipeline}" is under way.`,
        unchanged: 'Nothing was changed.',
        next: `Wait for its end (landfall status ${pipeline}), or cancel it, and do it again.`,
      })
    : new BusyError({
        happened: `Other maintenance of pipeline "${pipeline}" is under way: workflow ${begun.workflowId}.`,
        unchanged: 'Nothing was changed.',
        next: 'Wait for its end, or end it in the Temporal Web UI, and do it again.',
      });
}

export function toMaintenanceFailure(
  pipeline: string,
  kind: MaintenanceKind,
  { cause, message }: WorkflowFailedError,
): LandfallError {
  const again = `${AGAIN[kind]} ${pipeline}`;
  if (cause instanceof CancelledFailure || cause instanceof TerminatedFailure) {
    return new LandfallError(
      {
        happened: `It was cancelled before its end: ${again}.`,
        unchanged: 'What it had done is recorded, and stays.',
        next: `What is otherwise now: landfall plan. To go on: ${again}`,
      },
      { cause },
    );
  }
  const words = wordsOf(cause) ?? {
    happened: `It failed: ${cause?.message ?? message}.`,
    next: `See the worker’s log, and do it again: ${again}`,
  };
  return new (kindOf(cause))(words, { cause });
}
