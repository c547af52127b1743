import {
  Client,
  Connection,
  isGrpcServiceError,
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
  ServiceError,
  WorkflowNotFoundError,
  type ScheduleOptions,
  type ScheduleOptionsStartWorkflowAction,
} from '@temporalio/client';
import type { Pipeline } from './definition/pipeline';
import { searchAttributes } from './layout/search-attributes';
import { listenerWorkflowId, sweepId, taskQueue } from './layout/workflow-names';
import { startIntakeOptions } from './start-intake';
import { cannotReachTemporal, readTemporalTarget } from './temporal-connection';
import type { intake } from './workflows/intake';
import type { Nudge } from './workflows/intake-messages';
import type { listenForEvents } from './workflows/listen-for-events';
import type { sweepLand } from './workflows/sweep-land';

const NOTE =
  'As the pipeline declares it in code; the next worker that starts sets it so again, but for a pause.';
const UNDECLARED = 'The pipeline declares no events any more.';
const PERMISSION_DENIED = 7;

/**
 * Makes what starts the pipelines equal to what their code declares: who listens for events, the schedule of the sweep, and
 * neither where none is declared. Whatever landed while no worker ran is looked for at once. May be called by any number of
 * workers; the last one that starts is right.
 * @throws SetupError when Temporal cannot be reached
 */
export async function applyTriggers(pipelines: readonly Pipeline[]): Promise<void> {
  const { connectionOptions, address, namespace } = readTemporalTarget();
  const connection = await Connection.connect(connectionOptions).catch((error: unknown) => {
    throw cannotReachTemporal(address, error);
  });
  try {
    const client = new Client({ connection, namespace });
    await Promise.all(pipelines.map((pipeline) => applyTo(client, pipeline)));
  } finally {
    await connection.close();
  }
}

async function applyTo(client: Client, { name, triggers: { events, sweep } }: Pipeline): Promise<void> {
  if (sweep) await setSweep(client, name, sweep.everySeconds);
  else await unlessGone(() => client.schedule.getHandle(sweepId(name)).delete());
  if (events) await startListening(client, name);
  else await unlessGone(() => client.workflow.getHandle(listenerWorkflowId(name)).terminate(UNDECLARED));
  if (!sweep) return;
  await client.workflow.signalWithStart<typeof intake, [Nudge]>('intake', {
    ...startIntakeOptions(name),
    signal: 'nudge',
    signalArgs: [{ because: 'worker-start' }],
  });
}

type SweepAction = ScheduleOptionsStartWorkflowAction<typeof sweepLand>;

async function setSweep(client: Client, pipeline: string, everySeconds: number): Promise<void> {
  const scheduleId = sweepId(pipeline);
  const declared = {
    scheduleId,
    // Spread a little, so that many pipelines do not all list their land in the same second.
    spec: { intervals: [{ every: everySeconds * 1000 }], jitter: (everySeconds * 1000) / 10 },
    action: {
      type: 'startWorkflow',
      workflowType: 'sweepLand',
      workflowId: scheduleId,
      taskQueue: taskQueue(pipeline),
      args: [{ pipeline }],
      staticSummary: `${pipeline}: sweep`,
      typedSearchAttributes: [{ key: searchAttributes.pipeline, value: pipeline }],
    },
    // A sweep that was missed is made good by the next: each looks at all that waits.
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 minute' },
    state: { note: NOTE },
  } satisfies ScheduleOptions<SweepAction>;
  try {
    await client.schedule.create(declared);
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    const { scheduleId: _, ...wanted } = declared;
    await client.schedule.getHandle(scheduleId).update<typeof sweepLand>(({ state: { paused, note } }) => ({
      ...wanted,
      state: { paused, note: paused ? note : NOTE },
    }));
  }
}

const startListening = (client: Client, pipeline: string) =>
  client.workflow.start<typeof listenForEvents>('listenForEvents', {
    workflowId: listenerWorkflowId(pipeline),
    taskQueue: taskQueue(pipeline),
    args: [{ pipeline }],
    workflowIdConflictPolicy: 'USE_EXISTING',
    staticSummary: `${pipeline}: events`,
    typedSearchAttributes: [{ key: searchAttributes.pipeline, value: pipeline }],
  });

/** Who may not remove what is not declared has, most likely, never been allowed to declare it. */
async function unlessGone(remove: () => Promise<unknown>): Promise<void> {
  try {
    await remove();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError || error instanceof ScheduleNotFoundError) return;
    const cause = error instanceof ServiceError ? error.cause : error;
    if (!isGrpcServiceError(cause) || (cause.code as number) !== PERMISSION_DENIED) throw error;
  }
}
