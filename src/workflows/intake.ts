import {
  allHandlersFinished,
  condition,
  continueAsNew,
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
import type { Decision } from '../layout/delivery';
import { searchAttributes } from '../layout/search-attributes';
import { runWorkflowId } from '../layout/workflow-names';
import { activities } from './activities';
import {
  intakeStatusQuery,
  pauseUpdate,
  refuseMalformed,
  refuseNameless,
  resumeUpdate,
  takeDeliveryUpdate,
  type AskAgain,
  type IntakeStatus,
  type Pause,
  type TakeDeliveryRequest,
  type TakenDelivery,
} from './intake-messages';
import { attachSignal, type runPipeline } from './run-pipeline';

export interface IntakeInput {
  pipeline: string;
  /** What the execution before this one knew. */
  latest?: TakenRun;
  paused?: Pause;
}

interface TakenRun {
  fileLandTimestamp: number;
  /** Runs that were begun up to this one. */
  sequence: number;
}

/** Takes a pipeline's deliveries one at a time; one for each pipeline, for as long as there is the pipeline. */
export async function intake({ pipeline, ...before }: IntakeInput): Promise<void> {
  let active: number | undefined;
  let { latest, paused } = before;
  let deciding = false;
  let waiting = 0;

  setHandler(intakeStatusQuery, status);
  setHandler(pauseUpdate, pause, { validator: refuseNameless });
  setHandler(resumeUpdate, resume);
  setHandler(takeDeliveryUpdate, takeDelivery, { validator: refuseMalformed });
  describe();

  await condition(() => goesOnAnew() && !deciding);
  await condition(allHandlersFinished);
  await continueAsNew<typeof intake>({
    pipeline,
    ...(latest === undefined ? {} : { latest }),
    ...(paused === undefined ? {} : { paused }),
  });

  /** Between two runs only; whoever waits then is told to ask again, or a history of many waiters would never end. */
  function goesOnAnew(): boolean {
    return active === undefined && workflowInfo().continueAsNewSuggested;
  }

  function status(): IntakeStatus {
    return { active: active ?? null, paused: paused ?? null, waiting };
  }

  function describe(): void {
    setCurrentDetails(
      paused
        ? `**Paused** by ${paused.by} since ${paused.at}: ${paused.why}. Nothing is taken from land until it is resumed.`
        : `Takes the deliveries of **${pipeline}** one at a time.`,
    );
  }

  function pause({ by, why }: Omit<Pause, 'at'>): IntakeStatus {
    paused = { by, why, at: new Date().toISOString() };
    describe();
    return status();
  }

  function resume(): IntakeStatus {
    paused = undefined;
    describe();
    return status();
  }

  async function takeDelivery(request: TakeDeliveryRequest): Promise<TakenDelivery | AskAgain> {
    waiting += 1;
    try {
      return await takeInTurn(request);
    } finally {
      waiting -= 1;
    }
  }

  async function takeInTurn({
    fileLandTimestamp: requested,
    decision,
    since,
  }: TakeDeliveryRequest): Promise<TakenDelivery | AskAgain> {
    // What waited in land when the caller asked may be taken, even published, before its turn comes.
    const taken = since ?? latest?.sequence ?? 0;
    const asked = active;
    const isUnderWay = asked !== undefined && (await stillRuns(asked));
    const oldest = isUnderWay ? taken : taken + 1;
    // It has ended, and its end is on its way here.
    if (!isUnderWay) await condition(() => active === undefined || active !== asked);
    for (;;) {
      // One waiter at a time goes on; the others find it deciding again.
      while (deciding) await condition(() => !deciding);
      if (paused) return { kind: 'paused', pause: paused };
      if (goesOnAnew()) return { kind: 'ask-again', since: oldest - 1 };
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
      await condition(() => active === undefined || paused !== undefined);
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
        return attached(input.active ?? 0);
      case 'delivery':
        return active === undefined ? startRun(pinned, decision) : { kind: 'wait' };
    }
  }

  /** A run that has ended takes no signal, also while the intake has yet to hear of its end. */
  async function stillRuns(fileLandTimestamp: number): Promise<boolean> {
    try {
      await getExternalWorkflowHandle(runWorkflowId(pipeline, fileLandTimestamp)).signal(attachSignal);
      return true;
    } catch (error) {
      if (isCancellation(error)) throw error;
      return false;
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
