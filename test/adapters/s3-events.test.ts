import fc from 'fast-check';
import { readS3Message } from '../../src/adapters/s3-events';
import { notificationOf } from '../support/test-queue';

const KEY = 'production-environment/my-data/orders-data/a b+ü%.csv';
const landed = { kind: 'events', events: [{ bucket: 'land', key: KEY, isRemoval: false }] };

const inSns = (message: string): string =>
  JSON.stringify({ Type: 'Notification', TopicArn: 'arn:aws:sns:eu-west-1:1:t', Message: message });
const inEventBridge = (type: string): string =>
  JSON.stringify({
    version: '0',
    'detail-type': type,
    source: 'aws.s3',
    detail: { version: '0', bucket: { name: 'land' }, object: { key: KEY, size: 1 }, reason: 'PutObject' },
  });

test('S3’s own notification, with a key that S3 encodes', () => {
  expect(readS3Message(notificationOf('land', KEY))).toEqual(landed);
});

test('the same in SNS’s envelope', () => {
  expect(readS3Message(inSns(notificationOf('land', KEY)))).toEqual(landed);
});

test('EventBridge’s, whose keys are as they are, also in SNS’s envelope', () => {
  expect(readS3Message(inEventBridge('Object Created'))).toEqual(landed);
  expect(readS3Message(inSns(inEventBridge('Object Created')))).toEqual(landed);
});

test.each([
  ['ObjectRemoved:Delete', notificationOf('land', KEY, 'ObjectRemoved:Delete')],
  ['ObjectRemoved:DeleteMarkerCreated', notificationOf('land', KEY, 'ObjectRemoved:DeleteMarkerCreated')],
  ['LifecycleExpiration:Delete', notificationOf('land', KEY, 'LifecycleExpiration:Delete')],
  ['Object Deleted', inEventBridge('Object Deleted')],
])('%s tells of what is gone', (_name, body) => {
  expect(readS3Message(body)).toEqual({
    kind: 'events',
    events: [{ bucket: 'land', key: KEY, isRemoval: true }],
  });
});

test('S3’s test of a queue', () => {
  const body = JSON.stringify({ Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'land' });
  expect(readS3Message(body)).toEqual({ kind: 'test' });
  expect(readS3Message(inSns(body))).toEqual({ kind: 'test' });
});

test.each([
  '',
  'banana',
  'null',
  '[]',
  '42',
  '{}',
  '{"Records":[]}',
  '{"Records":{}}',
  '{"Records":[null]}',
  '{"Records":[{"eventName":"ObjectCreated:Put"}]}',
  '{"Records":[{"eventName":"ObjectCreated:Put","s3":{"bucket":{"name":"b"},"object":{}}}]}',
  '{"Records":[{"eventName":"ObjectCreated:Put","s3":{"bucket":{"name":"b"},"object":{"key":"%E0%A4%A"}}}]}',
  '{"Type":"Notification","Message":"banana"}',
  '{"source":"aws.s3"}',
  '{"source":"aws.s3","detail":{"bucket":{"name":"b"},"object":{}}}',
  '{"source":"aws.ec2","detail":{}}',
])('%s is no event', (body) => {
  expect(readS3Message(body)).toMatchObject({ kind: 'unreadable', why: expect.any(String) as string });
});

test('never throws, whatever is in it', () => {
  fc.assert(
    fc.property(fc.json(), (body) => {
      expect(['events', 'test', 'unreadable']).toContain(readS3Message(body).kind);
    }),
    { seed: 20_261_123 },
  );
});
