import type { CommanderError } from 'commander';
import { UsageError } from '../errors';

/** `error: unknown option '--jsno'\n(Did you mean --json?)` in our own words' places. */
export function toUsageError({ message }: CommanderError): UsageError {
  const [happened = '', suggestion] = message.replace(/^error: /, '').split('\n');
  return new UsageError({ happened, next: suggestion?.replace(/^\(|\)$/g, '') ?? 'See --help.' });
}
