import type { TriggersStatus } from '../triggers-status';
import type { IntakeStatus } from '../workflows/intake-messages';
import { describeEvery } from '../layout/describe-every';

/** What starts a pipeline by itself, and what that came to last: a line each. */
export function describeTriggers(
  { events, sweep }: TriggersStatus,
  intake: IntakeStatus | undefined,
): string[] {
  const { lastEvent, lastLook } = intake ?? {};
  return [
    ...(events ? [describeEvents(events, lastEvent ?? undefined)] : []),
    ...(sweep ? [describeSweep(sweep)] : []),
    ...(lastLook ? [`Looked at land at ${lastLook.at}: ${lastLook.found}`] : []),
  ];
}

function describeEvents(
  { queue, failing, left }: NonNullable<TriggersStatus['events']>,
  lastEvent: string | undefined,
): string {
  const of = queue === null ? 'Events' : `Events of queue ${queue}`;
  if (failing !== null) return `${of} are not received, which is tried again: ${failing}`;
  if (queue === null) return `${of}: no worker has begun to receive them.`;
  const latest = lastEvent === undefined ? 'none so far' : `the latest at ${lastEvent}`;
  return `${of}: ${latest}.${left > 0 ? ` ${left} messages were left in the queue (the worker's log says why).` : ''}`;
}

function describeSweep({ everySeconds, paused, next, last }: NonNullable<TriggersStatus['sweep']>): string {
  const before = last ? `, the latest at ${last.toISOString()}` : '';
  const after = paused
    ? '; the schedule is paused in Temporal'
    : next
      ? `, the next at ${next.toISOString()}`
      : '';
  return `Sweep every ${describeEvery(everySeconds)}${before}${after}.`;
}
