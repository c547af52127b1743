import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import {
  Client,
  Connection,
  isGrpcDeadlineError,
  WithStartWorkflowOperation,
  WorkflowFailedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
} from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import { SetupError, UsageError } from './errors';
import type { RunResult } from './layout/delivery';
import type { BegunMaintenance, MaintenanceRequest, MaintenanceResult } from './layout/maintenance';
import { PIPELINE_NAME } from './layout/names';
import { intakeWorkflowId, runWorkflowId, taskQueue } from './layout/workflow-names';
import { toBusyError, toMaintenanceFailure } from './maintenance-failure';
import { toRunFailure, toTakeFailure } from './run-failure';
import { summarizeRun, type RunSummary } from './run-summary';
import { startIntakeOptions } from './start-intake';
import { isStuck, toStuckIntake } from './stuck-intake';
import {
  cannotReachTemporal,
  lostTemporal,
  readTemporalTarget,
  type TemporalTarget,
} from './temporal-connection';
import { readTriggersStatus, type TriggersStatus } from './triggers-status';
import type { intake } from './workflows/intake';
import type {
  AskAgain,
  IntakeStatus,
  Pause,
  TakeDeliveryRequest,
  TakenDelivery,
} from './workflows/intake-messages';
import type { runPipeline } from './workflows/run-pipeline';
import type { RunProgress } from './workflows/run-progress';

const WORKER_PATIENCE_MS = 5_000;
const PROGRESS_PATIENCE_MS = 3_000;
const CONNECT_PATIENCE_MS = 5_000;
/** Temporal waits up to ten seconds between its attempts. */
const STUCK_PATIENCE_MS = 60_000;

/** Starts, follows and cancels runs. Every call may be made twice: the pipeline's intake sees to that. */
export class LandfallClient {
  /** What is not answered yet. */
  private readonly asked = new Set<Promise<unknown>>();

  private constructor(
    private readonly client: Client,
    private readonly connection: Connection,
    private readonly target: TemporalTarget,
  ) {}

  /** @throws SetupError when Temporal cannot be reached where the profile or `TEMPORAL_ADDRESS` says it is */
  static async connect(): Promise<LandfallClient> {
    const target = readTemporalTarget();
    const { connectionOptions, address, namespace } = target;
    const connection = await Connection.connect({
      connectTimeout: CONNECT_PATIENCE_MS,
      ...connectionOptions,
    }).catch((error: unknown) => {
      throw cannotReachTemporal(address, error);
    });
    return new LandfallClient(new Client({ connection, namespace }), connection, target);
  }

  /**
   * Has the pipeline's intake take what waits in land, or attach to the run that has it already.
   * @throws SetupError when no worker serves the pipeline
   * @throws UsageError when the timestamp cannot be taken
   */
  async takeDelivery(pipeline: string, request: TakeDeliveryRequest = {}): Promise<TakenDelivery> {
    let asked = request;
    for (;;) {
      const answer = await this.askIntake<TakenDelivery | AskAgain>(pipeline, 'takeDelivery', asked);
      if (answer.kind !== 'ask-again') return answer;
      asked = { ...request, since: answer.since };
    }
  }

  /**
   * Has the pipeline's intake take nothing from land until it is resumed; the run that is under way goes on.
   * @throws SetupError when no worker serves the pipeline
   */
  pause(pipeline: string, pause: Omit<Pause, 'at'>): Promise<IntakeStatus> {
    return this.askIntake(pipeline, 'pause', pause);
  }

  /** Has the intake take deliveries again. @throws SetupError when no worker serves the pipeline */
  resume(pipeline: string): Promise<IntakeStatus> {
    return this.askIntake(pipeline, 'resume');
  }

  /**
   * Moves, sweeps or makes anew what was published, through the pipeline's worker, and waits for the end.
   * @throws BusyError while a run, or other maintenance, is under way
   * @throws UsageError when there is nothing of what was asked for
   * @throws SetupError when no worker serves the pipeline
   */
  async maintain<R extends MaintenanceResult>(
    pipeline: string,
    request: Extract<MaintenanceRequest, { kind: R['kind'] }>,
    onBegun: (begun: Extract<BegunMaintenance, { kind: 'begun' }>) => void = () => undefined,
  ): Promise<R> {
    let begun: BegunMaintenance | AskAgain;
    do begun = await this.askIntake<BegunMaintenance | AskAgain>(pipeline, 'maintain', request);
    while (begun.kind === 'ask-again');
    if (begun.kind !== 'begun') throw toBusyError(pipeline, begun);
    onBegun(begun);
    try {
      return (await this.client.workflow.getHandle(begun.workflowId, begun.runId).result()) as R;
    } catch (error) {
      if (error instanceof WorkflowFailedError) throw toMaintenanceFailure(pipeline, request.kind, error);
      throw this.explain(error);
    }
  }

  /** What the intake is at. @returns undefined when it was never asked for anything, or no worker answers for it */
  async intakeStatus(pipeline: string): Promise<IntakeStatus | undefined> {
    if (!(await this.isServed(pipeline))) return undefined;
    const intakeOf = this.client.workflow.getHandle<typeof intake>(intakeWorkflowId(pipeline));
    try {
      return await this.connection.withDeadline(Date.now() + WORKER_PATIENCE_MS, () =>
        intakeOf.query<IntakeStatus>('intakeStatus'),
      );
    } catch (error) {
      if (error instanceof WorkflowNotFoundError || isGrpcDeadlineError(error)) return undefined;
      throw this.explain(error);
    }
  }

  /** What starts the pipeline by itself, and how that goes. */
  async triggersStatus(pipeline: string): Promise<TriggersStatus> {
    return readTriggersStatus(this.client, requireName(pipeline)).catch((error: unknown) => {
      throw this.explain(error);
    });
  }

  private async askIntake<Answer>(pipeline: string, update: string, ...args: unknown[]): Promise<Answer> {
    await this.requireWorker(pipeline);
    // The same each time that it is sent, so that it is done once.
    const updateId = randomUUID();
    const deadline = Date.now() + STUCK_PATIENCE_MS;
    for (;;) {
      const startWorkflowOperation = new WithStartWorkflowOperation<typeof intake>(
        'intake',
        startIntakeOptions(pipeline),
      );
      try {
        return await this.client.workflow.executeUpdateWithStart<typeof intake, Answer, unknown[]>(update, {
          args,
          updateId,
          startWorkflowOperation,
        });
      } catch (error) {
        if (error instanceof WorkflowUpdateFailedError) throw toTakeFailure(pipeline, error);
        if (!isStuck(error)) throw this.explain(error);
        if (Date.now() > deadline) throw toStuckIntake(pipeline, error);
        await delay(1_000);
      }
    }
  }

  /**
   * Waits for a run to end.
   * @throws RunFailedError when it was refused, failed, was cancelled or timed out
   */
  async result(pipeline: string, fileLandTimestamp: number): Promise<RunResult> {
    try {
      return await this.runHandle(pipeline, fileLandTimestamp).result();
    } catch (error) {
      if (error instanceof WorkflowFailedError) throw toRunFailure({ pipeline, fileLandTimestamp }, error);
      throw notFound(pipeline, fileLandTimestamp, error) ?? this.explain(error);
    }
  }

  /**
   * Takes what waits and waits for its run.
   * @returns undefined when nothing has landed, nothing is complete or the intake is paused: `takeDelivery` says which
   */
  async run(pipeline: string, request: TakeDeliveryRequest = {}): Promise<RunResult | undefined> {
    const taken = await this.takeDelivery(pipeline, request);
    if (taken.kind === 'nothing-landed' || taken.kind === 'not-complete' || taken.kind === 'paused')
      return undefined;
    return taken.kind === 'published' ? taken.result : this.result(pipeline, taken.fileLandTimestamp);
  }

  /** How far a run is, stage by stage; an error when no worker says so within seconds. */
  async progress(pipeline: string, fileLandTimestamp: number): Promise<RunProgress> {
    const asked = this.connection.withDeadline(Date.now() + PROGRESS_PATIENCE_MS, () =>
      this.runHandle(pipeline, fileLandTimestamp).query<RunProgress>('progress'),
    );
    this.asked.add(asked);
    try {
      return await asked;
    } catch (error) {
      throw notFound(pipeline, fileLandTimestamp, error) ?? this.explain(error);
    } finally {
      this.asked.delete(asked);
    }
  }

  /** Asks a run to stop; what it has reached is kept, and running it again goes on from there. */
  async cancel(pipeline: string, fileLandTimestamp: number): Promise<void> {
    try {
      await this.runHandle(pipeline, fileLandTimestamp).cancel();
    } catch (error) {
      throw notFound(pipeline, fileLandTimestamp, error) ?? this.explain(error);
    }
  }

  /** The latest runs of a pipeline, newest first. */
  async listRuns(pipeline: string, most = 20): Promise<RunSummary[]> {
    const query = `LandfallPipeline = '${requireName(pipeline)}' AND WorkflowType = 'runPipeline'`;
    const runs: RunSummary[] = [];
    try {
      for await (const execution of this.client.workflow.list({ query })) {
        runs.push(summarizeRun(execution));
        if (runs.length >= most) break;
      }
    } catch (error) {
      // The first worker adds the search attribute: before, there is nothing to list.
      if (!/LandfallPipeline/.test(String((error as Error).cause))) throw this.explain(error);
    }
    return runs.sort((a, b) => b.startedAt.getTime() - a.startedAt.getTime());
  }

  async close(): Promise<void> {
    // Temporal's client tries again by a timer, which throws past everybody once the connection is closed.
    await Promise.allSettled(this.asked);
    await this.connection.close();
  }

  private runHandle(pipeline: string, fileLandTimestamp: number) {
    return this.client.workflow.getHandle<typeof runPipeline>(runWorkflowId(pipeline, fileLandTimestamp));
  }

  /** Whether a worker (or the one with this identity) has asked for this pipeline's work within the last minutes. */
  async isServed(pipeline: string, identity?: string): Promise<boolean> {
    const request = {
      namespace: this.target.namespace,
      taskQueue: { name: taskQueue(requireName(pipeline)) },
      taskQueueType: temporal.api.enums.v1.TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
    };
    try {
      const { pollers } = await this.connection.workflowService.describeTaskQueue(request);
      return pollers.some((poller) => identity === undefined || poller.identity === identity);
    } catch (error) {
      throw this.explain(error);
    }
  }

  private explain(error: unknown): unknown {
    return lostTemporal(this.target, error) ?? error;
  }

  private async requireWorker(pipeline: string): Promise<void> {
    // A worker that has just started asks for work within moments.
    const deadline = Date.now() + WORKER_PATIENCE_MS;
    while (Date.now() < deadline) {
      if (await this.isServed(pipeline)) return;
      await delay(250);
    }
    throw new SetupError({
      happened: `No worker serves a pipeline named "${pipeline}".`,
      unchanged: 'Land is as it was.',
      next: 'Check the name; start a worker with: npx landfall worker <module that defines the pipeline>',
    });
  }
}

function requireName(pipeline: string): string {
  if (PIPELINE_NAME.test(pipeline)) return pipeline;
  throw new UsageError({
    happened: `"${pipeline}" cannot be the name of a pipeline.`,
    next: 'Names have lower case letters, digits and hyphens.',
  });
}

function notFound(pipeline: string, fileLandTimestamp: number, error: unknown): UsageError | undefined {
  if (!(error instanceof WorkflowNotFoundError)) return undefined;
  return new UsageError(
    {
      happened: `Temporal knows no run of delivery ${fileLandTimestamp} of pipeline "${pipeline}".`,
      next: `List its runs with: landfall status ${pipeline}`,
    },
    { cause: error },
  );
}
