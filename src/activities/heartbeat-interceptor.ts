import { Context } from '@temporalio/activity';
import type { ActivityExecuteInput, ActivityInboundCallsInterceptor, Next } from '@temporalio/worker';
import { currentProgress } from './context';

const HEARTBEAT_MS = 1000;

/**
 * Heartbeats for as long as an activity works, so that a dead worker is noticed within the heartbeat timeout and a
 * cancellation is heard; the event loop stays free for it, since rows are touched in other processes only.
 */
export class HeartbeatInterceptor implements ActivityInboundCallsInterceptor {
  async execute(
    input: ActivityExecuteInput,
    next: Next<ActivityInboundCallsInterceptor, 'execute'>,
  ): Promise<unknown> {
    const context = Context.current();
    // It waits all its life: it heartbeats between two waits, and tells what it has received.
    if (context.info.activityType === 'receiveEvents') return next(input);
    const heartbeat = (): void => context.heartbeat({ ...currentProgress() });
    const timer = setInterval(heartbeat, HEARTBEAT_MS);
    try {
      return await next(input);
    } finally {
      clearInterval(timer);
    }
  }
}
