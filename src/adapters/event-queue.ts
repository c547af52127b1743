import type { CallOptions } from './object-store';

export interface QueueMessage {
  id: string;
  /** For `remove`, until the message is received again. */
  receipt: string;
  body: string;
}

/** A queue in the few verbs that receiving events needs. What is received is hidden for the queue's own visibility timeout. */
export interface EventQueue {
  /** Waits up to `waitSeconds` (at most 20) for up to ten messages. */
  receive(options: CallOptions & { waitSeconds: number }): Promise<QueueMessage[]>;
  /** @returns how many could not be removed: they come back */
  remove(messages: readonly QueueMessage[], options?: CallOptions): Promise<number>;
}

/** How a queue is set, as far as it matters here. */
export interface QueueSettings {
  arn: string;
  visibilitySeconds: number;
  /** Where messages go that nobody can use; absent without a redrive policy. */
  deadLetters: { queue: string; afterReceives: number } | undefined;
  waiting: number;
}
