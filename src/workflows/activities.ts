import { ActivityCancellationType, proxyActivities, type ActivityInterfaceFor } from '@temporalio/workflow';
import type { Activities } from '../activities';

const retry = {
  initialInterval: '1 second',
  backoffCoefficient: 2,
  maximumInterval: '1 minute',
  maximumAttempts: 10,
};

/** For records, listings and calls of services: done within seconds. */
export const quick: ActivityInterfaceFor<Activities> = proxyActivities<Activities>({
  startToCloseTimeout: '5 minutes',
  retry,
});

/**
 * For work that goes through files: as long as it heartbeats it may take its time, and a cancelled run waits until
 * it has stopped, so that nothing is written after the run has ended.
 */
export const long: ActivityInterfaceFor<Activities> = proxyActivities<Activities>({
  startToCloseTimeout: '12 hours',
  heartbeatTimeout: '30 seconds',
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry,
});
