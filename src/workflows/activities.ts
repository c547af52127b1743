import { ActivityCancellationType, proxyActivities, type ActivityInterfaceFor } from '@temporalio/workflow';
import type { Activities } from '../activities';

/**
 * Every activity heartbeats each second, so a dead worker is noticed soon, and long work may take its time. A
 * cancelled run waits until its activities have stopped, so that nothing is written after it has ended.
 */
export const activities: ActivityInterfaceFor<Activities> = proxyActivities<Activities>({
  startToCloseTimeout: '12 hours',
  heartbeatTimeout: '15 seconds',
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry: {
    initialInterval: '1 second',
    backoffCoefficient: 2,
    maximumInterval: '1 minute',
    maximumAttempts: 10,
  },
});
