import { setTimeout as delay } from 'node:timers/promises';
import {
  Client,
  Connection,
  WithStartWorkflowOperation,
  WorkflowFailedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
} from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import { LandfallError, SetupError, UsageError } from './errors';
import type { RunOutcome, RunResult } from './layout/delivery';
import { searchAttributes } from './layout/search-attributes';
import { intakeWorkflowId, runWorkflowId, taskQueue } from './layout/workflow-names';
import { toRunFailure, wordsOf } from './run-failure';
import { cannotReachTemporal, readTemporalTarget } from './temporal-connection';
import type { intake, TakeDeliveryRequest, TakenDelivery } from './workflows/intake';
import type { runPipeline } from './workflows/run-pipeline';
import type { RunProgress } from './workflows/run-progress';

const WORKER_PATIENCE_MS = 5000;

export interface RunSummary {
  workflowId: string;
  runId: string;
  fileLandTimestamp: number;
  outcome: RunOutcome;
  version: string | undefined;
  startedAt: Date;
  endedAt: Date | undefined;
}

/** Starts, follows and cancels runs. Every call may be made twice: the pipeline's intake sees to that. */
export class LandfallClient {
  private constructor(
    private readonly client: Client,
    private readonly connection: Connection,
  ) {}

  /** @throws SetupError when Temporal cannot be reached where the profile or `TEMPORAL_ADDRESS` says it is */
  static async connect(): Promise<LandfallClient> {
    const { connectionOptions, address, namespace } = readTemporalTarget();
    const connection = await Connection.connect(connectionOptions).catch((error: unknown) => {
      throw cannotReachTemporal(address, error);
    });
    return new LandfallClient(new Client({ connection, namespace }), connection);
  }

  /**
   * Has the pipeline's intake take what waits in land, or attach to the run that has it already.
   * @throws SetupError when no worker serves the pipeline
   * @throws UsageError when the timestamp cannot be taken
   */
  async takeDelivery(pipeline: string, request: TakeDeliveryRequest = {}): Promise<TakenDelivery> {
    await this.requireWorker(pipeline);
    const startWorkflowOperation = new WithStartWorkflowOperation<typeof intake>('intake', {
      workflowId: intakeWorkflowId(pipeline),
      taskQueue: taskQueue(pipeline),
      args: [{ pipeline }],
      workflowIdConflictPolicy: 'USE_EXISTING',
      staticSummary: `${pipeline}: intake`,
      typedSearchAttributes: [{ key: searchAttributes.pipeline, value: pipeline }],
    });
    try {
      return await this.client.workflow.executeUpdateWithStart<
        typeof intake,
        TakenDelivery,
        [TakeDeliveryRequest]
      >('takeDelivery', {
        args: [request],
        startWorkflowOperation,
      });
    } catch (error) {
      if (!(error instanceof WorkflowUpdateFailedError)) throw error;
      const words = wordsOf(error.cause);
      if (words) throw new UsageError(words, { cause: error.cause });
      throw new LandfallError(
        {
          happened: `The delivery of pipeline "${pipeline}" could not be taken: ${error.cause?.message ?? error.message}.`,
          unchanged: 'Land is as it was.',
          next: 'See the worker’s log, and run the pipeline again.',
        },
        { cause: error },
      );
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
      throw notFound(pipeline, fileLandTimestamp, error);
    }
  }

  /** Takes what waits and waits for its run. @returns undefined when nothing has landed */
  async run(pipeline: string, request: TakeDeliveryRequest = {}): Promise<RunResult | undefined> {
    const taken = await this.takeDelivery(pipeline, request);
    if (taken.kind === 'nothing-landed') return undefined;
    return taken.kind === 'published' ? taken.result : this.result(pipeline, taken.fileLandTimestamp);
  }

  /** How far a run is, stage by stage. */
  async progress(pipeline: string, fileLandTimestamp: number): Promise<RunProgress> {
    try {
      return await this.runHandle(pipeline, fileLandTimestamp).query<RunProgress>('progress');
    } catch (error) {
      throw notFound(pipeline, fileLandTimestamp, error);
    }
  }

  /** Asks a run to stop; what it has reached is kept, and running it again goes on from there. */
  async cancel(pipeline: string, fileLandTimestamp: number): Promise<void> {
    try {
      await this.runHandle(pipeline, fileLandTimestamp).cancel();
    } catch (error) {
      throw notFound(pipeline, fileLandTimestamp, error);
    }
  }

  /** The latest runs of a pipeline, newest first. */
  async listRuns(pipeline: string, most = 20): Promise<RunSummary[]> {
    const query = `LandfallPipeline = '${requireName(pipeline)}' AND WorkflowType = 'runPipeline'`;
    const runs: RunSummary[] = [];
    for await (const {
      workflowId,
      runId,
      typedSearchAttributes,
      startTime,
      closeTime,
    } of this.client.workflow.list({ query })) {
      runs.push({
        workflowId,
        runId,
        fileLandTimestamp: typedSearchAttributes.get(searchAttributes.fileLandTimestamp) ?? 0,
        outcome: (typedSearchAttributes.get(searchAttributes.outcome) ?? 'running') as RunOutcome,
        version: typedSearchAttributes.get(searchAttributes.version),
        startedAt: startTime,
        endedAt: closeTime,
      });
      if (runs.length >= most) break;
    }
    return runs.sort((a, b) => b.startedAt.getTime() - a.startedAt.getTime());
  }

  async close(): Promise<void> {
    await this.connection.close();
  }

  private runHandle(pipeline: string, fileLandTimestamp: number) {
    return this.client.workflow.getHandle<typeof runPipeline>(runWorkflowId(pipeline, fileLandTimestamp));
  }

  /** Whether a worker has asked for this pipeline's work within the last minutes. */
  async isServed(pipeline: string): Promise<boolean> {
    const { pollers } = await this.connection.workflowService.describeTaskQueue({
      namespace: this.client.options.namespace,
      taskQueue: { name: taskQueue(requireName(pipeline)) },
      taskQueueType: temporal.api.enums.v1.TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
    });
    return pollers.length > 0;
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
  if (/^[a-z][a-z0-9-]{0,99}$/.test(pipeline)) return pipeline;
  throw new UsageError({
    happened: `"${pipeline}" cannot be the name of a pipeline.`,
    next: 'Names have lower case letters, digits and hyphens.',
  });
}

function notFound(pipeline: string, fileLandTimestamp: number, error: unknown): unknown {
  if (!(error instanceof WorkflowNotFoundError)) return error;
  return new UsageError(
    {
      happened: `Temporal knows no run of delivery ${fileLandTimestamp} of pipeline "${pipeline}".`,
      next: `List its runs with: landfall status ${pipeline}`,
    },
    { cause: error },
  );
}
