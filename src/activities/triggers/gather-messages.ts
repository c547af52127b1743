import type { EventQueue, QueueMessage } from '../../adapters/event-queue';

/** The longest that SQS lets anybody wait. */
const IDLE_WAIT_SECONDS = 20;
const QUIET_SECONDS = 1;
/** Well below a queue's visibility timeout (30 seconds by default), so that nothing comes back meanwhile. */
const LONGEST_GATHERING_MS = 8_000;
const MOST_MESSAGES = 1_000;

/** Waits for a message, then takes what comes with it, until it is quiet: a burst is told of once. */
export async function gatherMessages(queue: EventQueue, signal: AbortSignal): Promise<QueueMessage[]> {
  const messages = await queue.receive({ waitSeconds: IDLE_WAIT_SECONDS, signal });
  const until = Date.now() + LONGEST_GATHERING_MS;
  while (messages.length > 0 && messages.length < MOST_MESSAGES && Date.now() < until) {
    const more = await queue.receive({ waitSeconds: QUIET_SECONDS, signal });
    if (more.length === 0) break;
    messages.push(...more);
  }
  return messages;
}
