import { Context } from '@temporalio/activity';
import type { TaskOptions, TaskProgress } from '../engine/tasks';

/** The workflow run that this activity works for: records of one run never mix with those of another. */
export function currentRunId(): string {
  const { workflowExecution } = Context.current().info;
  if (!workflowExecution) throw new Error('this activity works for a workflow run only');
  return workflowExecution.runId;
}

export const cancellationSignal = (): AbortSignal => Context.current().cancellationSignal;

/** How far an activity is, as its heartbeat tells it. */
export interface HeartbeatProgress extends TaskProgress {
  files: number;
}

const HEARTBEAT_MS = 1000;

/** Heartbeats for as long as the work takes, with its latest progress. */
export async function withHeartbeats<T>(work: (progress: HeartbeatProgress) => Promise<T>): Promise<T> {
  const context = Context.current();
  const progress: HeartbeatProgress = { files: 0, rows: 0, bytes: 0 };
  const timer = setInterval(() => context.heartbeat({ ...progress }), HEARTBEAT_MS);
  try {
    context.heartbeat({ ...progress });
    return await work(progress);
  } finally {
    clearInterval(timer);
  }
}

/** Options for one engine task, its progress added to what earlier files of the batch have reached. */
export function taskOptions(progress: HeartbeatProgress): TaskOptions {
  const before = { ...progress };
  return {
    signal: cancellationSignal(),
    onProgress: ({ rows, bytes }) => {
      progress.rows = before.rows + rows;
      progress.bytes = before.bytes + bytes;
    },
  };
}
