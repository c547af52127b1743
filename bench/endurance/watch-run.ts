import { Client, Connection } from '@temporalio/client';
import { runWorkflowId } from '../../src/layout/workflow-names';
import { readTemporalTarget } from '../../src/temporal-connection';

const LOOK_EVERY_MS = 250;

/** An activity of the run that is under way, as Temporal knows it. */
export interface PendingActivity {
  name: string;
  attempt: number;
  /** By its last heartbeat. */
  bytes: number;
}

type Time = { seconds?: unknown; nanos?: number | null } | null | undefined;

const toMs = (time: Time): number => Number(time?.seconds ?? 0) * 1000 + (time?.nanos ?? 0) / 1e6;

const attemptOf = ({ name, attempt }: PendingActivity): string => `${name} ${attempt}`;

/** Looks at a run all the time: how long its activities are silent, and what they are at. */
export class RunWatch {
  /** The longest time from one heartbeat of an attempt to its next, or to now. */
  mostSilentMs = 0;
  private pending: PendingActivity[] = [];
  /** Attempts of a worker that is dead. */
  private readonly dead = new Set<string>();
  private ended = false;
  private waiting: { wanted: (activity: PendingActivity) => boolean; resolve: () => void }[] = [];

  private constructor(
    private readonly connection: Connection,
    private readonly client: Client,
    private readonly workflowId: string,
  ) {}

  static async open(pipeline: string, fileLandTimestamp: number): Promise<RunWatch> {
    const { connectionOptions, namespace } = readTemporalTarget();
    const connection = await Connection.connect(connectionOptions);
    const client = new Client({ connection, namespace });
    const watch = new RunWatch(connection, client, runWorkflowId(pipeline, fileLandTimestamp));
    void watch.look();
    return watch;
  }

  /** Resolves as soon as an activity is under way that is as wanted. */
  until(wanted: (activity: PendingActivity) => boolean): Promise<void> {
    return new Promise((resolve) => void this.waiting.push({ wanted, resolve }));
  }

  /** Nobody is there any more who could be heard of the attempts that are under way. */
  workerDied(): void {
    for (const activity of this.pending) this.dead.add(attemptOf(activity));
  }

  /** Milliseconds until the run is closed. */
  async untilClosed(): Promise<number> {
    const began = performance.now();
    for (;;) {
      const { status } = await this.client.workflow.getHandle(this.workflowId).describe();
      if (status.name !== 'RUNNING') return performance.now() - began;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async close(): Promise<void> {
    this.ended = true;
    await this.connection.close();
  }

  private async look(): Promise<void> {
    while (!this.ended) {
      await this.readPending().catch(() => undefined);
      const met = this.waiting.filter(({ wanted }) => this.pending.some(wanted));
      this.waiting = this.waiting.filter((each) => !met.includes(each));
      for (const { resolve } of met) resolve();
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }

  private async readPending(): Promise<void> {
    const { raw } = await this.client.workflow.getHandle(this.workflowId).describe();
    const now = Date.now();
    this.pending = (raw.pendingActivities ?? []).flatMap((activity) => {
      const started = toMs(activity.lastStartedTime);
      // It waits for a worker, or for its next attempt: nobody is there to be heard.
      if (Number(activity.state) !== 2) return [];
      const [details] = activity.heartbeatDetails?.payloads ?? [];
      const amount = details?.data ? (JSON.parse(Buffer.from(details.data).toString()) as object) : {};
      const { bytes = 0 } = amount as { bytes?: number };
      const found = { name: activity.activityType?.name ?? '', attempt: activity.attempt ?? 1, bytes };
      const silent = now - Math.max(started, toMs(activity.lastHeartbeatTime));
      if (!this.dead.has(attemptOf(found))) this.mostSilentMs = Math.max(this.mostSilentMs, silent);
      return [found];
    });
  }
}
