import { Context } from '@temporalio/activity';
import type { TaskOptions } from '../engine/tasks';
import { NOTHING, type Amount } from '../layout/delivery';

/** The workflow run that this activity works for: records of one run never mix with those of another. */
export function currentRunId(): string {
  const { workflowExecution } = Context.current().info;
  if (!workflowExecution) throw new Error('this activity works for a workflow run only');
  return workflowExecution.runId;
}

/** Whether an attempt before this one may have done some of it. */
export const isRetried = (): boolean => Context.current().info.attempt > 1;

export const cancellationSignal = (): AbortSignal => Context.current().cancellationSignal;

const progressOf = new WeakMap<Context, Amount>();

/** How far this activity is; its heartbeats tell it. */
export function currentProgress(): Amount {
  const context = Context.current();
  const progress = progressOf.get(context) ?? { ...NOTHING };
  progressOf.set(context, progress);
  return progress;
}

/** Options for one engine task, of which several may be under way: cancelled with the activity, whose progress they add to. */
export function taskOptions(): TaskOptions {
  const progress = currentProgress();
  let told = { rows: 0, bytes: 0 };
  return {
    signal: cancellationSignal(),
    onProgress: ({ rows, bytes }) => {
      progress.rows += rows - told.rows;
      progress.bytes += bytes - told.bytes;
      told = { rows, bytes };
    },
  };
}
