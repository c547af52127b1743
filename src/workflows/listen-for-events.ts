import { continueAsNew, proxyActivities, setCurrentDetails, sleep, workflowInfo } from '@temporalio/workflow';
import type { TriggerActivities } from '../activities/triggers';

const { receiveEvents } = proxyActivities<Pick<TriggerActivities, 'receiveEvents'>>({
  startToCloseTimeout: '12 hours',
  // It waits for messages up to twenty seconds at a time, and heartbeats in between.
  heartbeatTimeout: '1 minute',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' },
});

/** A worker of the release before this one may still be there for a while, and know of no events. */
const MOST_REFUSALS = 30;

/** Receives the events of a pipeline's queue for as long as the pipeline declares one. */
export async function listenForEvents({ pipeline }: { pipeline: string }): Promise<string> {
  setCurrentDetails(
    `Has the intake of **${pipeline}** look at land when S3 tells that something landed. The pending activity says what fails, if something does.`,
  );
  let refusals = 0;
  while (!workflowInfo().continueAsNewSuggested) {
    const end = await receiveEvents.executeWithOptions({ summary: 'receive events' }, [pipeline]);
    refusals = end === 'not-declared' ? refusals + 1 : 0;
    if (refusals >= MOST_REFUSALS) return 'The pipeline declares no events.';
    if (refusals > 0) await sleep('1 minute');
  }
  return continueAsNew<typeof listenForEvents>({ pipeline });
}
