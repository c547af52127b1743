import { GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
import { expectAnswered } from './aws-answers';
import { explainFailures, readAwsFailure, type AwsCall } from './aws-errors';
import { awsSettings, configuredEndpoint } from './aws-settings';
import type { CallOptions } from './object-store';
import { abortable } from './s3-calls';
import { SetupError } from '../errors';

/** A queue that was found, and the client of its region. */
export interface FoundQueue {
  sqs: SQSClient;
  url: string;
  /** As it was declared. */
  written: string;
}

const ARN = /^arn:aws[a-z-]*:sqs:([a-z0-9-]+):(\d{12}):(.+)$/;
const URL_OF_REGION = /^https?:\/\/sqs\.([a-z0-9-]+)\.amazonaws\./;

/** The last part of a queue's name, ARN or URL is its name. */
export const queueName = (queue: string): string => queue.slice(queue.search(/[^:/]*$/));

/**
 * Finds a queue by name, ARN or URL, in its own region and account. Where the environment names an endpoint, accounts and
 * regions are the endpoint's, and only the name counts.
 * @throws SetupError when it is not there, or may not be seen
 */
export async function findQueue(queue: string, options: CallOptions = {}): Promise<FoundQueue> {
  const isElsewhere = configuredEndpoint('SQS') !== undefined;
  const [, arnRegion, owner] = ARN.exec(queue) ?? [];
  const region = isElsewhere ? undefined : (arnRegion ?? URL_OF_REGION.exec(queue)?.[1]);
  const sqs = new SQSClient({ ...awsSettings(), ...(region === undefined ? {} : { region }) });
  if (!isElsewhere && queue.startsWith('http')) return { sqs, url: queue, written: queue };
  const input = {
    QueueName: queueName(queue),
    ...(isElsewhere || owner === undefined ? {} : { QueueOwnerAWSAccountId: owner }),
  };
  return explainSqsFailures('Finding', 'GetQueueUrl', queue, options.signal, async () => {
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand(input), abortable(options.signal));
    return { sqs, url: expectAnswered(QueueUrl, 'QueueUrl'), written: queue };
  });
}

/** @throws SetupError when the queue is not there; otherwise as `explainFailures` */
export async function explainSqsFailures<T>(
  doing: string,
  action: string,
  queue: string,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  const call: AwsCall = {
    service: 'SQS',
    doing: `${doing} queue ${queue}`,
    permission: `sqs:${action} on ${queue}`,
    signal,
  };
  return explainFailures(call, async () => {
    try {
      return await work();
    } catch (error) {
      if (!/NonExistentQueue|QueueDoesNotExist/.test(readAwsFailure(error)?.code ?? '')) throw error;
      throw new SetupError(
        {
          happened: `There is no queue ${queue}.`,
          next: "Create it, or correct its name in the pipeline's triggers.events.queue.",
        },
        { cause: error },
      );
    }
  });
}
