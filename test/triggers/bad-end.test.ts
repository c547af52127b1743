import {
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  ChildWorkflowFailure,
  RetryState,
  TimeoutFailure,
  type TemporalFailure,
} from '@temporalio/common';
import { noteBadEnd, whyLeftAlone, type BadEnd } from '../../src/workflows/bad-end';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DELIVERY = 1_534_968_800;

const child = (cause: TemporalFailure): ChildWorkflowFailure =>
  new ChildWorkflowFailure(undefined, {}, 'runPipeline', RetryState.RETRY_POLICY_NOT_SET, cause);
const activity = (cause: TemporalFailure): ActivityFailure =>
  new ActivityFailure('failed', 'checkFiles', '1', RetryState.MAXIMUM_ATTEMPTS_REACHED, undefined, cause);
const application = (type: string): ApplicationFailure => ApplicationFailure.create({ type, message: type });

test.each([
  ['a cancelled run', child(new CancelledFailure('cancelled')), 'cancelled'],
  ['a transform that fails', child(application('TransformError')), 'failed'],
  ['missing rights', child(application('SetupError')), 'failed'],
  ['a refusal', child(application('DeliveryRefusedError')), 'failed'],
  ['a fault in code', child(activity(application('TypeError'))), 'failed'],
  ['an outage', child(application('UnavailableError')), 'unavailable'],
  [
    'workers that die',
    child(activity(new TimeoutFailure('heartbeat', undefined, 'HEARTBEAT'))),
    'unavailable',
  ],
])('%s: %#', (_name, failure, how) => {
  expect(noteBadEnd(undefined, DELIVERY, failure, 0)).toEqual({
    fileLandTimestamp: DELIVERY,
    how,
    at: 0,
    times: 1,
  });
});

test('what an outage ended is begun again, ever less often; what else ended badly is not', () => {
  let end: BadEnd | undefined;
  const pauses = Array.from({ length: 9 }, () => {
    end = noteBadEnd(end, DELIVERY, child(application('UnavailableError')), 0);
    const { until = '' } = whyLeftAlone(end, DELIVERY, 0) ?? {};
    return Date.parse(until) / MINUTE;
  });
  expect(pauses).toEqual([5, 10, 20, 40, 80, 160, 320, 360, 360]);
  expect(whyLeftAlone(end, DELIVERY, 6 * HOUR - 1)).toMatchObject({ kind: 'left-alone' });
  expect(whyLeftAlone(end, DELIVERY, 6 * HOUR)).toBeUndefined();
  expect(whyLeftAlone(end, DELIVERY + 1, 0)).toBeUndefined();
  const failed = noteBadEnd(end, DELIVERY, child(application('TransformError')), 0);
  expect(failed.times).toBe(1);
  expect(whyLeftAlone(failed, DELIVERY, 1_000 * HOUR)).toEqual({
    kind: 'left-alone',
    fileLandTimestamp: DELIVERY,
    ended: 'failed',
  });
});
