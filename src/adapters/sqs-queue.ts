import {
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  type Message,
} from '@aws-sdk/client-sqs';
import { expectAnswered } from './aws-answers';
import type { EventQueue, QueueMessage, QueueSettings } from './event-queue';
import type { CallOptions } from './object-store';
import { abortable } from './s3-calls';
import { explainSqsFailures, findQueue, queueName } from './sqs-client';

/** SQS's own bound of a batch. */
const BATCH = 10;

/**
 * @param queue name, ARN or URL
 * @throws SetupError when there is no such queue, or it may not be seen
 */
export async function openQueue(queue: string, options: CallOptions = {}): Promise<EventQueue> {
  const { sqs, url } = await findQueue(queue, options);
  return {
    receive: ({ waitSeconds, signal }) =>
      explainSqsFailures('Receiving from', 'ReceiveMessage', queue, signal, async () => {
        const { Messages = [] } = await sqs.send(
          new ReceiveMessageCommand({
            QueueUrl: url,
            MaxNumberOfMessages: BATCH,
            WaitTimeSeconds: waitSeconds,
          }),
          abortable(signal),
        );
        return Messages.map(toQueueMessage);
      }),
    remove: (messages, { signal } = {}) =>
      explainSqsFailures('Deleting from', 'DeleteMessage', queue, signal, async () => {
        let failed = 0;
        for (let at = 0; at < messages.length; at += BATCH) {
          const Entries = messages
            .slice(at, at + BATCH)
            .map(({ receipt }, place) => ({ Id: String(place), ReceiptHandle: receipt }));
          const command = new DeleteMessageBatchCommand({ QueueUrl: url, Entries });
          failed += (await sqs.send(command, abortable(signal))).Failed?.length ?? 0;
        }
        return failed;
      }),
  };
}

/** @throws SetupError when it is not there, or the role may not ask */
export async function readQueueSettings(queue: string, { signal }: CallOptions = {}): Promise<QueueSettings> {
  const { sqs, url } = await findQueue(queue, signal ? { signal } : {});
  return explainSqsFailures('Reading the attributes of', 'GetQueueAttributes', queue, signal, async () => {
    const { Attributes = {} } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }),
      abortable(signal),
    );
    return {
      arn: expectAnswered(Attributes.QueueArn, 'QueueArn'),
      visibilitySeconds: Number(Attributes.VisibilityTimeout ?? 0),
      deadLetters: readRedrive(Attributes.RedrivePolicy),
      waiting: Number(Attributes.ApproximateNumberOfMessages ?? 0),
    };
  });
}

function readRedrive(policy: string | undefined): QueueSettings['deadLetters'] {
  if (!policy) return undefined;
  const { deadLetterTargetArn = '', maxReceiveCount } = JSON.parse(policy) as Record<string, string>;
  return { queue: queueName(deadLetterTargetArn), afterReceives: Number(maxReceiveCount) };
}

const toQueueMessage = ({ MessageId, ReceiptHandle, Body = '' }: Message): QueueMessage => ({
  id: MessageId ?? '',
  receipt: expectAnswered(ReceiptHandle, 'ReceiptHandle'),
  body: Body,
});
