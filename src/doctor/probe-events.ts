import type { QueueSettings } from '../adapters/event-queue';
import { createS3Client } from '../adapters/s3-client';
import { readNotified } from '../adapters/s3-notifications';
import { readQueueSettings } from '../adapters/sqs-queue';
import type { Pipeline } from '../definition/pipeline';
import { pipelinePrefix } from '../layout/object-keys';
import { ok, probe, skipped, warning, type ProbeResult, type Seen } from './probe';

/** A worker gathers what comes together for several seconds before it deletes it. */
const SHORTEST_VISIBILITY_SECONDS = 20;

/** The queue that the pipeline receives events from, and whether land's bucket tells it. Nothing is received. */
export async function probeEvents(pipeline: Pipeline): Promise<ProbeResult[]> {
  const { events } = pipeline.triggers;
  if (!events) return [];
  let settings: QueueSettings | undefined;
  const queue = await probe('event queue', async (signal) => {
    settings = await readQueueSettings(events.queue, { signal });
    return judgeQueue(settings);
  });
  const found = settings;
  if (!found) return [queue, skipped('land events', 'the queue cannot be looked at')];
  const notified = await probe('land events', async (signal) => {
    const bucket = pipeline.areas.land;
    const prefix = pipelinePrefix(pipeline);
    const what = await readNotified(
      createS3Client({ maxAttempts: 2 }),
      { bucket, prefix, queueArn: found.arn },
      { signal },
    );
    return judgeNotified(what, `s3://${bucket}`, prefix, found.arn);
  });
  return [queue, notified];
}

function judgeQueue({ arn, visibilitySeconds, deadLetters, waiting }: QueueSettings): Seen {
  const seen = `${arn} is there; about ${waiting} messages wait; visibility timeout ${visibilitySeconds} s`;
  if (visibilitySeconds < SHORTEST_VISIBILITY_SECONDS) {
    return warning(
      `${seen}: messages come back before they are dealt with`,
      `Set VisibilityTimeout to at least ${SHORTEST_VISIBILITY_SECONDS} seconds (30 is SQS's default).`,
    );
  }
  if (deadLetters) return ok(`${seen}; after ${deadLetters.afterReceives} receives to ${deadLetters.queue}`);
  return warning(
    `${seen}; no redrive policy: messages that are of nobody come back until they expire`,
    'Set a RedrivePolicy with a dead-letter queue, and an alarm on it.',
  );
}

function judgeNotified(
  notified: Awaited<ReturnType<typeof readNotified>>,
  bucket: string,
  prefix: string,
  arn: string,
): Seen {
  const mend = `Have ${bucket} notify ${arn} of s3:ObjectCreated:* below ${prefix} (docs/triggers.md). Until then the sweep finds what lands.`;
  switch (notified) {
    case 'all of it':
      return ok(`${bucket} tells the queue of all that is created below ${prefix}`);
    case 'a part':
      return warning(`${bucket} tells the queue of a part only of what is created below ${prefix}`, mend);
    case 'by others':
      return ok(`${bucket} tells EventBridge or SNS; whether they tell the queue cannot be seen from here`);
    case 'nothing':
      return warning(`${bucket} does not tell the queue`, mend);
    case undefined:
      return warning(
        `whether ${bucket} tells the queue cannot be told`,
        `Allow s3:GetBucketNotification on ${bucket.replace('s3://', 'arn:aws:s3:::')} to the role of this process, which runs do not need.`,
      );
  }
}
