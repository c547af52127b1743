import { Context } from '@temporalio/activity';
import type { TaskOptions } from '../engine/tasks';
import { NOTHING, type Amount } from '../layout/delivery';

/** The workflow run that this activity works for: records of one run never mix with those of another. */
export function currentRunId(): string {
  const { workflowExecution } = Context.current().info;
  if (!workflowExecution) throw new Error('this activity works for a workflow run only');
  return workflowExecution.runId;
}

export const cancellationSignal = (): AbortSignal => Context.current().cancellationSignal;

const progressOf = new WeakMap<Context, Amount>();

/** How far this activity is; its heartbeats tell it. */
export function currentProgress(): Amount {
  const context = Context.current();
  const progress = progressOf.get(context) ?? { ...NOTHING };
  progressOf.set(context, progress);
  return progress;
}

/** Options for one engine task: cancelled with the activity, its progress added to what came before it. */
export function taskOptions(): TaskOptions {
  const progress = currentProgress();
  const before = { ...progress };
  return {
    signal: cancellationSignal(),
    onProgress: ({ rows, bytes }) => {
      progress.rows = before.rows + rows;
      progress.bytes = before.bytes + bytes;
    },
  };
}
