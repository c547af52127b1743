import {
  allHandlersFinished,
  condition,
  continueAsNew,
  getExternalWorkflowHandle,
  isCancellation,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { PinDeliveryInput, PinnedDelivery } from '../activities/land/pin-delivery';
import type { Decision } from '../layout/delivery';
import { describeLooked, type Looked } from '../layout/looked';
import type { BegunMaintenance, MaintenanceRequest } from '../layout/maintenance';
import { runWorkflowId } from '../layout/workflow-names';
import { activities } from './activities';
import { describeFailure, noteBadEnd, whyLeftAlone, type BadEnd } from './bad-end';
import { beginMaintenance, describeUnderWay, type Maintenance } from './begin-maintenance';
import { attachedTo, beginRun, type BegunRun } from './begin-run';
import {
  intakeStatusQuery,
  lookUpdate,
  maintainUpdate,
  nudgeSignal,
  pauseSignal,
  pauseUpdate,
  refuseMalformed,
  refuseNameless,
  resumeUpdate,
  takeDeliveryUpdate,
  type AskAgain,
  type IntakeStatus,
  type LastLook,
  type Nudge,
  type Pause,
  type TakeDeliveryRequest,
  type TakenDelivery,
} from './intake-messages';
import { attachSignal } from './run-pipeline';

export interface IntakeInput {
  pipeline: string;
  /** What the execution before this one knew. */
  latest?: TakenRun;
  paused?: Pause;
  badEnd?: BadEnd;
  /** Somebody thinks that something may have landed, and land was not looked at since. */
  nudged?: boolean;
  lastEvent?: string;
  lastLook?: LastLook;
}

interface TakenRun {
  fileLandTimestamp: number;
  /** Runs that were begun up to this one. */
  sequence: number;
}

/** Takes a pipeline's deliveries one at a time; one for each pipeline, for as long as there is the pipeline. */
export async function intake({ pipeline, ...before }: IntakeInput): Promise<void> {
  let active: number | undefined;
  let { latest, paused, badEnd, nudged = false, lastEvent, lastLook } = before;
  let deciding = false;
  let maintenance: Maintenance | undefined;
  let waiting = 0;

  setHandler(intakeStatusQuery, status);
  setHandler(pauseUpdate, pause, { validator: refuseNameless });
  setHandler(pauseSignal, (why) => void pause(why));
  setHandler(resumeUpdate, resume);
  setHandler(maintainUpdate, maintain);
  setHandler(takeDeliveryUpdate, takeDelivery, { validator: refuseMalformed });
  setHandler(lookUpdate, look);
  setHandler(nudgeSignal, nudge);
  describe();

  await Promise.race([condition(() => goesOnAnew() && !deciding), lookWhenNudged()]);
  await condition(allHandlersFinished);
  await continueAsNew<typeof intake>({
    pipeline,
    ...(latest === undefined ? {} : { latest }),
    ...(paused === undefined ? {} : { paused }),
    ...(badEnd === undefined ? {} : { badEnd }),
    ...(nudged ? { nudged } : {}),
    ...(lastEvent === undefined ? {} : { lastEvent }),
    ...(lastLook === undefined ? {} : { lastLook }),
  });

  /** Between two runs only; whoever waits then is told to ask again, or a history of many waiters would never end. */
  function goesOnAnew(): boolean {
    return active === undefined && workflowInfo().continueAsNewSuggested;
  }

  function status(): IntakeStatus {
    return {
      active: active ?? null,
      paused: paused ?? null,
      waiting,
      lastEvent: lastEvent ?? null,
      lastLook: lastLook ?? null,
    };
  }

  function describe(): void {
    const doing = paused
      ? `**Paused** by ${paused.by} since ${paused.at}: ${paused.why}. Nothing is taken from land until it is resumed.`
      : `Takes the deliveries of **${pipeline}** one at a time.`;
    setCurrentDetails(lastLook ? `${doing}\n\nLooked at land at ${lastLook.at}: ${lastLook.found}` : doing);
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

  function nudge({ because }: Nudge): void {
    nudged = true;
    if (because === 'event') lastEvent = new Date().toISOString();
  }

  /** However many events come while it decides, a run is under way or it is paused: they are one look afterwards. */
  async function lookWhenNudged(): Promise<never> {
    for (;;) {
      await condition(() => nudged && !paused && active === undefined && !deciding && !goesOnAnew());
      try {
        await look();
      } catch (error) {
        if (isCancellation(error)) throw error;
        remember(`It failed: ${describeFailure(error)}`);
      }
    }
  }

  async function look(): Promise<Looked | AskAgain> {
    while (deciding) await condition(() => !deciding);
    const looked = await lookAtOnce();
    if (looked.kind !== 'ask-again') remember(describeLooked(pipeline, looked));
    return looked;
  }

  async function lookAtOnce(): Promise<Looked | AskAgain> {
    if (paused) return lookLater({ kind: 'paused', pause: paused });
    if (active !== undefined) return lookLater({ kind: 'under-way', fileLandTimestamp: active });
    if (goesOnAnew()) return lookLater({ kind: 'ask-again', since: 0 });
    deciding = true;
    // What is told from here on may not be in the listing, and is looked for again.
    nudged = false;
    try {
      const pinned = await pin({ isUnattended: true });
      if (pinned.kind === 'delivery') {
        const { fileLandTimestamp } = pinned;
        const leftAlone = whyLeftAlone(badEnd, fileLandTimestamp, Date.now());
        if (leftAlone) return leftAlone;
        const { paused: meanwhile } = status();
        if (meanwhile) return lookLater({ kind: 'paused', pause: meanwhile });
        const { attached: isAttached, workflowId } = await startRun(pinned, undefined);
        return isAttached
          ? { kind: 'under-way', fileLandTimestamp }
          : { kind: 'taken', fileLandTimestamp, workflowId };
      }
      if (pinned.kind === 'not-complete' || pinned.kind === 'refused') return pinned;
      return { kind: 'nothing-landed' };
    } finally {
      deciding = false;
    }
  }

  function lookLater<T>(answer: T): T {
    nudged = true;
    return answer;
  }

  function remember(found: string): void {
    lastLook = { at: new Date().toISOString(), found };
    describe();
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
          return attachedTo(pipeline, latest.fileLandTimestamp);
        if (decided.kind === 'not-complete' && latest && latest.sequence > taken)
          return attachedTo(pipeline, latest.fileLandTimestamp);
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
    const asked = active;
    const pinned = await pin({
      ...(requested === undefined ? {} : { requested }),
      ...(active === undefined ? {} : { active }),
      ...(decision === undefined ? {} : { decision }),
    });
    switch (pinned.kind) {
      case 'nothing':
      case 'refused':
        return { kind: 'nothing-landed' };
      case 'published':
        return { kind: 'published', result: pinned.result };
      case 'not-complete':
      case 'wait':
        return pinned;
      case 'active':
        return attachedTo(pipeline, asked ?? 0);
      case 'delivery':
        return startRun(pinned, decision);
    }
  }

  /** Nothing is taken while it goes on, also where somebody resumes the intake meanwhile. */
  async function maintain(request: MaintenanceRequest): Promise<BegunMaintenance | AskAgain> {
    while (deciding && !maintenance) await condition(() => !deciding);
    if (maintenance) return describeUnderWay(maintenance, request);
    if (goesOnAnew()) return { kind: 'ask-again', since: 0 };
    deciding = true;
    try {
      if (active !== undefined && (await stillRuns(active)))
        return { kind: 'under-way', fileLandTimestamp: active };
      maintenance = await beginMaintenance(pipeline, request);
      return { kind: 'begun', ...maintenance.begun, attached: false };
    } finally {
      const end = (): void => {
        maintenance = undefined;
        deciding = false;
      };
      if (maintenance) void maintenance.ended.then(end, end);
      else end();
    }
  }

  function pin(asked: Omit<PinDeliveryInput, 'pipeline'>): Promise<PinnedDelivery> {
    return activities.pinDelivery.executeWithOptions({ summary: 'land: pin what waits' }, [
      { pipeline, ...asked },
    ]);
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

  async function startRun(
    pinned: Extract<PinnedDelivery, { kind: 'delivery' }>,
    decision: Decision | undefined,
  ): Promise<BegunRun> {
    const { fileLandTimestamp } = pinned;
    try {
      const run = await beginRun(pipeline, pinned, decision);
      active = fileLandTimestamp;
      latest = { fileLandTimestamp, sequence: (latest?.sequence ?? 0) + 1 };
      void run.result().then(
        () => {
          active = undefined;
          if (badEnd?.fileLandTimestamp === fileLandTimestamp) badEnd = undefined;
        },
        // Whoever asked for the run hears of its failure; the intake only goes on.
        (failure: unknown) => {
          active = undefined;
          badEnd = noteBadEnd(badEnd, fileLandTimestamp, failure, Date.now());
        },
      );
      return { ...attachedTo(pipeline, fileLandTimestamp), attached: false };
    } catch (error) {
      if (error instanceof WorkflowExecutionAlreadyStartedError)
        return attachedTo(pipeline, fileLandTimestamp);
      throw error;
    }
  }
}
