import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { PutBucketNotificationConfigurationCommand } from '@aws-sdk/client-s3';
import type { Examination } from '../../src/doctor/examine';
import { s3 } from '../adapters/test-buckets';
import { readJson } from '../cli/start-landfall';
import { runLandfall } from '../support/run-landfall';
import { createTestPipeline, type TestPipeline } from '../support/test-pipeline';
import { createTestQueue, type TestQueue } from '../support/test-queue';

let pipeline: TestPipeline;
beforeEach(async () => {
  pipeline = await createTestPipeline();
  pipeline.release({ options: `triggers: { events: { queue: '${pipeline.name}-landed' } },` });
});
afterEach(() => pipeline.remove());

async function examine(environment: NodeJS.ProcessEnv = {}) {
  const result = await runLandfall(['doctor', pipeline.module, '--json'], { ...process.env, ...environment });
  const { probes } = readJson(result) as Examination;
  return (name: string) => probes.find((each) => each.name === name);
}

test('a queue that land notifies, with a redrive policy, is well', async () => {
  const queue: TestQueue = await createTestQueue(pipeline);
  const dead = await createTestPipeline();
  await createTestQueue(dead, false);
  const deadLetterTargetArn = `arn:aws:sqs:eu-west-1:000000000000:${dead.name}-landed`;
  await queue.set({ RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: '5' }) });
  const of = await examine();
  expect(of('event queue')).toMatchObject({
    verdict: 'ok',
    seen: expect.stringContaining(`after 5 receives to ${dead.name}-landed`) as string,
  });
  expect(of('land events')).toMatchObject({
    verdict: 'ok',
    seen: expect.stringContaining('of all that is created') as string,
  });
  dead.remove();
});

test('what is missing is told: a redrive policy, the time to deal with messages, the notification', async () => {
  const queue = await createTestQueue(pipeline, false);
  let of = await examine();
  expect(of('event queue')).toMatchObject({
    verdict: 'warning',
    seen: expect.stringContaining('no redrive policy') as string,
  });
  expect(of('land events')).toMatchObject({
    verdict: 'warning',
    seen: expect.stringContaining('a part only') as string,
    next: expect.stringContaining('Until then the sweep finds what lands') as string,
  });
  await queue.set({ VisibilityTimeout: '5' });
  await s3.send(
    new PutBucketNotificationConfigurationCommand({
      Bucket: pipeline.areas.land,
      NotificationConfiguration: {},
    }),
  );
  of = await examine();
  expect(of('event queue')?.seen).toContain('messages come back before they are dealt with');
  expect(of('land events')?.seen).toContain('does not tell the queue');
  await s3.send(
    new PutBucketNotificationConfigurationCommand({
      Bucket: pipeline.areas.land,
      NotificationConfiguration: { EventBridgeConfiguration: {} },
    }),
  );
  of = await examine();
  expect(of('land events')).toMatchObject({
    verdict: 'ok',
    seen: expect.stringContaining('cannot be seen from here') as string,
  });
});

test('a queue that is not there, or not for this role', async () => {
  let of = await examine();
  expect(of('event queue')).toMatchObject({
    verdict: 'failed',
    seen: `There is no queue ${pipeline.name}-landed.`,
  });
  expect(of('land events')?.verdict).toBe('skipped');

  const denying = createServer((_request, response) => {
    response.writeHead(403, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(JSON.stringify({ __type: 'com.amazonaws.sqs#AccessDeniedException', message: 'denied' }));
  }).listen(0, '127.0.0.1');
  await once(denying, 'listening');
  try {
    const { port } = denying.address() as AddressInfo;
    of = await examine({ AWS_ENDPOINT_URL_SQS: `http://127.0.0.1:${port}` });
    expect(of('event queue')).toMatchObject({
      verdict: 'failed',
      next: expect.stringContaining('Allow sqs:GetQueueUrl') as string,
    });
  } finally {
    denying.close();
  }
});
