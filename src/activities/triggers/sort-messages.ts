import type { QueueMessage } from '../../adapters/event-queue';
import { readS3Message, type ObjectEvent } from '../../adapters/s3-events';
import type { Pipeline } from '../../definition/pipeline';
import { pipelinePrefix } from '../../layout/object-keys';

export interface SortedMessages {
  /** Names of the pipelines in whose land something may have landed. */
  landed: Set<string>;
  /** May be deleted once those pipelines know. */
  done: QueueMessage[];
  /** Somebody else's, or nobody's: the queue's redrive policy decides. */
  left: { id: string; why: string }[];
}

/** What messages mean to the pipelines of this worker that have the queue. Order and repetition mean nothing. */
export function sortMessages(
  messages: readonly QueueMessage[],
  pipelines: readonly Pipeline[],
): SortedMessages {
  const sorted: SortedMessages = { landed: new Set(), done: [], left: [] };
  for (const message of messages) {
    const read = readS3Message(message.body);
    const events = read.kind === 'events' ? read.events : [];
    const owners = events.map((event) => pipelines.find((pipeline) => isOf(pipeline, event)));
    for (const [place, owner] of owners.entries())
      if (owner && !events[place]?.isRemoval) sorted.landed.add(owner.name);
    const why =
      read.kind === 'unreadable'
        ? read.why
        : owners.includes(undefined)
          ? 'it is of no pipeline of this worker that has the queue'
          : undefined;
    if (why === undefined) sorted.done.push(message);
    else sorted.left.push({ id: message.id, why });
  }
  return sorted;
}

const isOf = (pipeline: Pipeline, { bucket, key }: ObjectEvent): boolean =>
  bucket === pipeline.areas.land && key.startsWith(pipelinePrefix(pipeline));
