import {
  defaultPayloadConverter,
  ScheduleNotFoundError,
  WorkflowNotFoundError,
  type Client,
} from '@temporalio/client';
import type { ListeningProgress } from './activities/triggers/receive-events';
import { listenerWorkflowId, sweepId } from './layout/workflow-names';

/** What starts a pipeline by itself, as Temporal has it. */
export interface TriggersStatus {
  events: {
    /** As declared; null until a worker has begun to listen. */
    queue: string | null;
    listening: boolean;
    /** Received, and of these left in the queue, since the worker has listened. */
    messages: number;
    left: number;
    /** Why the latest attempt failed. */
    failing: string | null;
  } | null;
  sweep: { everySeconds: number; paused: boolean; next: Date | null; last: Date | null } | null;
}

export async function readTriggersStatus(client: Client, pipeline: string): Promise<TriggersStatus> {
  const [events, sweep] = await Promise.all([readListener(client, pipeline), readSweep(client, pipeline)]);
  return { events, sweep };
}

async function readListener(client: Client, pipeline: string): Promise<TriggersStatus['events']> {
  try {
    const { status, raw } = await client.workflow.getHandle(listenerWorkflowId(pipeline)).describe();
    if (status.name !== 'RUNNING') return null;
    const [pending] = raw.pendingActivities ?? [];
    const payload = pending?.heartbeatDetails?.payloads?.[0];
    const progress = payload ? defaultPayloadConverter.fromPayload<ListeningProgress>(payload) : undefined;
    const failing = pending?.lastFailure?.message ?? null;
    return {
      queue: progress?.queue ?? null,
      listening: pending !== undefined && failing === null,
      messages: progress?.messages ?? 0,
      left: progress?.left ?? 0,
      failing,
    };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}

async function readSweep(client: Client, pipeline: string): Promise<TriggersStatus['sweep']> {
  try {
    const { spec, state, info } = await client.schedule.getHandle(sweepId(pipeline)).describe();
    return {
      everySeconds: (spec.intervals?.[0]?.every ?? 0) / 1000,
      paused: state.paused,
      next: state.paused ? null : (info.nextActionTimes[0] ?? null),
      last: info.recentActions.at(-1)?.takenAt ?? null,
    };
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return null;
    throw error;
  }
}
