import { proxyActivities, setCurrentDetails } from '@temporalio/workflow';
import type { TriggerActivities } from '../activities/triggers';
import { describeLooked } from '../layout/looked';

const { askToLook } = proxyActivities<Pick<TriggerActivities, 'askToLook'>>({
  startToCloseTimeout: '15 minutes',
  retry: { initialInterval: '1 second', maximumInterval: '1 minute', maximumAttempts: 5 },
});

/** What a sweep came to, also in words. */
export interface Swept {
  found: string;
  kind: string;
  fileLandTimestamp?: number;
}

/** Has the intake look at land, whatever events have told or not. */
export async function sweepLand({ pipeline }: { pipeline: string }): Promise<Swept> {
  const looked = await askToLook.executeWithOptions({ summary: 'land: does anything wait?' }, [pipeline]);
  const found = describeLooked(pipeline, looked);
  setCurrentDetails(found);
  return {
    found,
    kind: looked.kind,
    ...('fileLandTimestamp' in looked ? { fileLandTimestamp: looked.fileLandTimestamp } : {}),
  };
}
