import {
  allHandlersFinished,
  condition,
  continueAsNew,
  defineQuery,
  defineUpdate,
  getExternalWorkflowHandle,
  isCancellation,
  ParentClosePolicy,
  setCurrentDetails,
  setHandler,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { PinnedDelivery } from '../activities/land/pin-delivery';
import type { Decision, RunResult } from '../layout/delivery';
import { isFileLandTimestamp } from '../layout/land-timestamp';
import { searchAttributes } from '../layout/search-attributes';
import { runWorkflowId } from '../layout/workflow-names';
import { activities } from './activities';
import { attachSignal, type runPipeline } from './run-pipeline';

export interface IntakeInput {
  pipeline: string;
}

export interface TakeDeliveryRequest {
  /** The `file_land_timestamp` to take the delivery as, or to come back to. UTC epoch seconds. */
  fileLandTimestamp?: number;
  /** Somebody's word on that delivery, which was refused. */
  decision?: Decision;
}

export type TakenDelivery =
  | { kind: 'nothing-landed' }
  /** Something waits, but the delivery is not complete, as the pipeline's `complete` has it: land is as it was. */
  | { kind: 'not-complete'; missing: string[] }
  /** A run was begun, or one that was under way has it; follow it by its workflow ID. */
  | { kind: 'run'; fileLandTimestamp: number; workflowId: string; attached: boolean }
  /** Published before; this is what its run returned. */
  | { kind: 'published'; result: RunResult };

export const takeDeliveryUpdate = defineUpdate<TakenDelivery, [TakeDeliveryRequest]>('takeDelivery');
export const activeDeliveryQuery = defineQuery<number | null>('activeDelivery');

/** Takes a pipeline's deliveries one at a time; one for each pipeline, for as long as there is the pipeline. */
export async function intake({ pipeline }: IntakeInput): Promise<void> {
  let active: number | undefined;
  let latest: { fileLandTimestamp: number; sequence: number } | undefined;
  let deciding = false;

  setHandler(activeDeliveryQuery, () => active ?? null);
  setHandler(takeDeliveryUpdate, takeDelivery, { validator: refuseMalformed });
  setCurrentDetails(`Takes the deliveries of **${pipeline}** one at a time.`);

  await condition(() => workflowInfo().continueAsNewSuggested && active === undefined && !deciding);
  await condition(allHandlersFinished);
  await continueAsNew<typeof intake>({ pipeline });

  async function takeDelivery({
    fileLandTimestamp: requested,
    decision,
  }: TakeDeliveryRequest): Promise<TakenDelivery> {
    // What waited in land when the caller asked may be taken, even published, before its turn comes.
    const taken = latest?.sequence ?? 0;
    const oldest = active === undefined ? taken + 1 : taken;
    for (;;) {
      // One waiter at a time goes on; the others find it deciding again.
      while (deciding) await condition(() => !deciding);
      deciding = true;
      try {
        const decided = await decide(requested, decision);
        // What is not complete still waits, so only a run that was begun since can have what the caller meant.
        if (decided.kind === 'nothing-landed' && latest && latest.sequence >= oldest)
          return attached(latest.fileLandTimestamp);
        if (decided.kind === 'not-complete' && latest && latest.sequence > taken)
          return attached(latest.fileLandTimestamp);
        if (decided.kind !== 'wait') return decided;
      } finally {
        deciding = false;
      }
      await condition(() => active === undefined);
    }
  }

  async function decide(
    requested: number | undefined,
    decision: Decision | undefined,
  ): Promise<TakenDelivery | { kind: 'wait' }> {
    const input = {
      pipeline,
      ...(requested === undefined ? {} : { requested }),
      ...(active === undefined ? {} : { active }),
      ...(decision === undefined ? {} : { decision }),
    };
    const pinned: PinnedDelivery = await activities.pinDelivery.executeWithOptions(
      { summary: 'land: pin what waits' },
      [input],
    );
    switch (pinned.kind) {
      case 'nothing':
        return { kind: 'nothing-landed' };
      case 'published':
        return { kind: 'published', result: pinned.result };
      case 'not-complete':
      case 'wait':
        return pinned;
      case 'active':
        return attachToActive(input.active ?? 0);
      case 'delivery':
        return active === undefined ? startRun(pinned, decision) : { kind: 'wait' };
    }
  }

  /** A run that has ended takes no signal, also while the intake has yet to hear of its end. */
  async function attachToActive(fileLandTimestamp: number): Promise<TakenDelivery | { kind: 'wait' }> {
    try {
      await getExternalWorkflowHandle(runWorkflowId(pipeline, fileLandTimestamp)).signal(attachSignal);
      return attached(fileLandTimestamp);
    } catch (error) {
      if (isCancellation(error)) throw error;
      return { kind: 'wait' };
    }
  }

  function attached(fileLandTimestamp: number): TakenDelivery {
    return {
      kind: 'run',
      fileLandTimestamp,
      workflowId: runWorkflowId(pipeline, fileLandTimestamp),
      attached: true,
    };
  }

  async function startRun(
    pinned: Extract<PinnedDelivery, { kind: 'delivery' }>,
    decision: Decision | undefined,
  ): Promise<TakenDelivery> {
    const { fileLandTimestamp, files, bytes } = pinned;
    const workflowId = runWorkflowId(pipeline, fileLandTimestamp);
    try {
      const run = await startChild<typeof runPipeline>('runPipeline', {
        workflowId,
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
      active = fileLandTimestamp;
      latest = { fileLandTimestamp, sequence: (latest?.sequence ?? 0) + 1 };
      const end = (): void => {
        active = undefined;
      };
      // Whoever asked for the run hears of its failure; the intake only goes on.
      void run.result().then(end, end);
      return { kind: 'run', fileLandTimestamp, workflowId, attached: false };
    } catch (error) {
      if (error instanceof WorkflowExecutionAlreadyStartedError) return attached(fileLandTimestamp);
      throw error;
    }
  }
}

const describeDecision = (decision: Decision | undefined): string =>
  decision
    ? `${decision.kind === 'accept' ? 'Accepted' : 'Replayed'} by ${decision.by}: ${decision.why}. `
    : '';

function refuseMalformed(request: TakeDeliveryRequest): void {
  const { fileLandTimestamp, decision } = request;
  if (decision && (fileLandTimestamp === undefined || decision.by === '' || decision.why === ''))
    throw new Error('to accept or to replay takes the fileLandTimestamp of the delivery, by whom, and why');
  if (fileLandTimestamp !== undefined && !isFileLandTimestamp(fileLandTimestamp)) {
    throw new Error(
      `fileLandTimestamp must be UTC epoch seconds, a whole number of at most ten digits, not ${fileLandTimestamp}`,
    );
  }
}
