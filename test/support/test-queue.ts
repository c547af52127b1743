import {
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { createMissingQueues } from '../../src/adapters/s3-notifications';
import { PREFIX, type TestPipeline } from './test-pipeline';

/** A queue that a test's land bucket notifies. */
export interface TestQueue {
  name: string;
  send(bodies: readonly string[]): Promise<void>;
  /** Messages that are in it, seen or hidden. */
  count(): Promise<number>;
  set(attributes: Record<string, string>): Promise<void>;
  /** Takes one message and does not delete it. */
  takeOne(): Promise<string | undefined>;
}

export async function createTestQueue(pipeline: TestPipeline, isNotified = true): Promise<TestQueue> {
  const sqs = new SQSClient({});
  const name = `${pipeline.name}-landed`;
  // What no pipeline has: the queue alone.
  const prefix = isNotified ? PREFIX : 'nobody/';
  await createMissingQueues([{ queue: name, bucket: pipeline.areas.land, prefix }]);
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: name }));
  return {
    name,
    async send(bodies) {
      for (let at = 0; at < bodies.length; at += 10) {
        const Entries = bodies
          .slice(at, at + 10)
          .map((MessageBody, place) => ({ Id: String(place), MessageBody }));
        await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
      }
    },
    async count() {
      const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] });
      const { Attributes = {} } = await sqs.send(command);
      return (
        Number(Attributes.ApproximateNumberOfMessages) +
        Number(Attributes.ApproximateNumberOfMessagesNotVisible)
      );
    },
    set: async (Attributes) => {
      await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes }));
    },
    async takeOne() {
      const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5 }));
      return Messages?.[0]?.Body;
    },
  };
}

/** S3's own notification of an upload (or of something else), as it comes without an envelope. */
export const notificationOf = (bucket: string, key: string, eventName = 'ObjectCreated:Put'): string =>
  JSON.stringify({
    Records: [
      {
        eventVersion: '2.1',
        eventSource: 'aws:s3',
        eventName,
        s3: {
          bucket: { name: bucket },
          object: { key: encodeURIComponent(key).replaceAll('%20', '+'), size: 1 },
        },
      },
    ],
  });
