import { Client, Connection } from '@temporalio/client';
import { runWorkflowId } from '../src/layout/workflow-names';
import { readTemporalTarget } from '../src/temporal-connection';

interface Step {
  activity: string;
  waitedMs: number;
  workedMs: number;
}

type Time = { seconds?: unknown; nanos?: number | null } | null | undefined;

const toMs = (time: Time): number => Number(time?.seconds ?? 0) * 1000 + (time?.nanos ?? 0) / 1e6;

/** Where the time of a run went, activity by activity, as its workflow's history has it. */
export async function explainRun(pipeline: string, fileLandTimestamp: number): Promise<string[]> {
  const { connectionOptions, namespace } = readTemporalTarget();
  const connection = await Connection.connect(connectionOptions);
  try {
    const handle = new Client({ connection, namespace }).workflow.getHandle(
      runWorkflowId(pipeline, fileLandTimestamp),
    );
    const events = (await handle.fetchHistory()).events ?? [];
    const eventOf = new Map(events.map((event) => [String(event.eventId), event]));
    const steps = events.flatMap((event): Step[] => {
      const done = event.activityTaskCompletedEventAttributes;
      if (!done) return [];
      const scheduled = eventOf.get(String(done.scheduledEventId));
      const started = eventOf.get(String(done.startedEventId));
      return [
        {
          activity: scheduled?.activityTaskScheduledEventAttributes?.activityType?.name ?? '',
          waitedMs: toMs(started?.eventTime) - toMs(scheduled?.eventTime),
          workedMs: toMs(event.eventTime) - toMs(started?.eventTime),
        },
      ];
    });
    const whole = toMs(events.at(-1)?.eventTime) - toMs(events[0]?.eventTime);
    const inActivities = steps.reduce((sum, { waitedMs, workedMs }) => sum + waitedMs + workedMs, 0);
    return [
      ...steps.map(
        ({ activity, waitedMs, workedMs }) =>
          `${activity}: ${workedMs.toFixed(0)} ms, after ${waitedMs.toFixed(0)} ms in the queue`,
      ),
      `the workflow's whole: ${whole.toFixed(0)} ms, ${(whole - inActivities).toFixed(0)} ms of them between activities`,
    ];
  } finally {
    await connection.close();
  }
}
