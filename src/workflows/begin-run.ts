import { ParentClosePolicy, startChild, type ChildWorkflowHandle } from '@temporalio/workflow';
import type { PinnedDelivery } from '../activities/land/pin-delivery';
import type { Decision } from '../layout/delivery';
import { searchAttributes } from '../layout/search-attributes';
import { runWorkflowId } from '../layout/workflow-names';
import type { TakenDelivery } from './intake-messages';
import type { runPipeline } from './run-pipeline';

/** @throws WorkflowExecutionAlreadyStartedError when there is one already, unless it ended badly */
export function beginRun(
  pipeline: string,
  { fileLandTimestamp, files, bytes }: Extract<PinnedDelivery, { kind: 'delivery' }>,
  decision: Decision | undefined,
): Promise<ChildWorkflowHandle<typeof runPipeline>> {
  return startChild<typeof runPipeline>('runPipeline', {
    workflowId: runWorkflowId(pipeline, fileLandTimestamp),
    args: [{ pipeline, fileLandTimestamp }],
    parentClosePolicy: ParentClosePolicy.ABANDON,
    workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
    staticSummary: `${pipeline}: delivery ${fileLandTimestamp}`,
    staticDetails: `${describeDecision(decision)}${files} ${files === 1 ? 'file' : 'files'}, ${bytes} bytes, landed ${new Date(fileLandTimestamp * 1000).toISOString()}`,
    typedSearchAttributes: [
      { key: searchAttributes.pipeline, value: pipeline },
      { key: searchAttributes.fileLandTimestamp, value: fileLandTimestamp },
      { key: searchAttributes.outcome, value: 'running' },
    ],
  });
}

export type BegunRun = Extract<TakenDelivery, { kind: 'run' }>;

/** For whoever asks for a run that is under way. */
export const attachedTo = (pipeline: string, fileLandTimestamp: number): BegunRun => ({
  ...{ kind: 'run', fileLandTimestamp, attached: true },
  workflowId: runWorkflowId(pipeline, fileLandTimestamp),
});

const describeDecision = (decision: Decision | undefined): string =>
  decision
    ? `${decision.kind === 'accept' ? 'Accepted' : 'Replayed'} by ${decision.by}: ${decision.why}. `
    : '';
