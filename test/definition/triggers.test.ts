import { pipelineOf, refusalOf } from './pipeline-of';

const triggersOf = (triggers: unknown) => pipelineOf({ triggers }).triggers;
const refused = (triggers: unknown): string => refusalOf(() => triggersOf(triggers)).happened;

test('without any, nothing starts by itself', () => {
  expect(pipelineOf({}).triggers).toEqual({ events: undefined, sweep: undefined });
});

test('events come with a sweep; a sweep comes alone', () => {
  expect(triggersOf({ events: { queue: 'landed' } })).toEqual({
    events: { queue: 'landed' },
    sweep: { everySeconds: 900 },
  });
  expect(triggersOf({ events: { queue: 'landed' }, sweep: { every: '1 hour' } }).sweep).toEqual({
    everySeconds: 3_600,
  });
  expect(triggersOf({ sweep: { every: '7 days' } })).toEqual({
    events: undefined,
    sweep: { everySeconds: 604_800 },
  });
});

test.each([
  'orders-landed',
  'orders.fifo',
  'arn:aws:sqs:eu-west-1:123456789012:orders-landed',
  'https://sqs.eu-west-1.amazonaws.com/123456789012/orders-landed',
])('a queue may be written as %s', (queue) => {
  expect(triggersOf({ events: { queue } }).events).toEqual({ queue });
});

test.each(['', 'orders landed', 's3://orders', 'arn:aws:sns:eu-west-1:123456789012:orders', 'a'.repeat(81)])(
  '"%s" is no queue',
  (queue) => {
    expect(refused({ events: { queue } })).toContain(
      'triggers.events.queue must be the name, the ARN or the URL of an SQS queue',
    );
  },
);

test.each(['5', '0 minutes', '5 seconds', '1.5 hours', '-5 minutes', '8 days', '169 hours', ' 5 minutes'])(
  'a sweep is not every "%s"',
  (every) => {
    expect(refused({ sweep: { every } })).toContain(
      'triggers.sweep.every must be a whole number of minutes, hours or days, from "1 minute" to "7 days"',
    );
  },
);

test('what is unknown or says nothing is refused', () => {
  expect(refused({})).toContain('triggers must say by what: events or sweep');
  expect(refused({ cron: '* * * * *' })).toContain('triggers has "cron", which Landfall does not know');
  expect(refused({ sweep: { evry: '5 minutes' } })).toContain('"evry"');
});
