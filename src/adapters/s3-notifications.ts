import {
  GetBucketNotificationConfigurationCommand,
  PutBucketNotificationConfigurationCommand,
  type FilterRule,
  type NotificationConfiguration,
  type S3Client,
} from '@aws-sdk/client-s3';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { explainFailures, readAwsFailure } from './aws-errors';
import { awsSettings, configuredEndpoint } from './aws-settings';
import type { CallOptions } from './object-store';
import { abortable, describeS3Call } from './s3-calls';
import { createS3Client } from './s3-client';
import { queueName } from './sqs-client';
import { readQueueSettings } from './sqs-queue';

/** What a bucket tells a queue of what is created below a prefix. */
export type Notified = 'all of it' | 'a part' | 'by others' | 'nothing';

const CREATED = 's3:ObjectCreated:*';

/** @returns undefined when the role may not ask, or the store does not know how */
export async function readNotified(
  s3: S3Client,
  { bucket, prefix, queueArn }: { bucket: string; prefix: string; queueArn: string },
  { signal }: CallOptions = {},
): Promise<Notified | undefined> {
  const location = { bucket, key: '' };
  const call = describeS3Call('Reading the notifications of', 's3:GetBucketNotification', location, signal);
  return explainFailures(call, async () => {
    try {
      const command = new GetBucketNotificationConfigurationCommand({ Bucket: bucket });
      return judgeNotified(await s3.send(command, abortable(signal)), prefix, queueArn);
    } catch (error) {
      const status = readAwsFailure(error)?.status;
      if (status === 403 || status === 501) return undefined;
      throw error;
    }
  });
}

function judgeNotified(
  { QueueConfigurations = [], TopicConfigurations = [], EventBridgeConfiguration }: NotificationConfiguration,
  prefix: string,
  queueArn: string,
): Notified {
  const direct = QueueConfigurations.filter(({ QueueArn }) => QueueArn === queueArn);
  const covers = direct.some(({ Events = [], Filter }) => {
    const rules = Filter?.Key?.FilterRules ?? [];
    return Events.includes(CREATED) && rules.every((rule) => lets(rule, prefix));
  });
  if (covers) return 'all of it';
  if (direct.length > 0) return 'a part';
  return TopicConfigurations.length > 0 || EventBridgeConfiguration ? 'by others' : 'nothing';
}

const lets = ({ Name, Value = '' }: FilterRule, prefix: string): boolean =>
  Value === '' || (/^prefix$/i.test(Name ?? '') && prefix.startsWith(Value));

/**
 * Makes queues that are missing and has the buckets notify them: for the embedded stack and tests. Notifications that a
 * bucket has stay. Does nothing where no endpoint is configured: on AWS both belong to whoever runs the account.
 */
export async function createMissingQueues(
  wanted: readonly { queue: string; bucket: string; prefix: string }[],
): Promise<void> {
  if (wanted.length === 0 || configuredEndpoint('SQS') === undefined) return;
  const s3 = createS3Client();
  const sqs = new SQSClient(awsSettings());
  for (const { queue, bucket, prefix } of wanted) {
    await sqs.send(new CreateQueueCommand({ QueueName: queueName(queue) }));
    const { arn } = await readQueueSettings(queue);
    const { $metadata: _, ...present } = await s3.send(
      new GetBucketNotificationConfigurationCommand({ Bucket: bucket }),
    );
    if (judgeNotified(present, prefix, arn) === 'all of it') continue;
    const added = {
      QueueArn: arn,
      Events: [CREATED] as ['s3:ObjectCreated:*'],
      Filter: { Key: { FilterRules: [{ Name: 'prefix' as const, Value: prefix }] } },
    };
    const NotificationConfiguration = {
      ...present,
      QueueConfigurations: [...(present.QueueConfigurations ?? []), added],
    };
    await s3.send(
      new PutBucketNotificationConfigurationCommand({ Bucket: bucket, NotificationConfiguration }),
    );
  }
}
