import { IntegrityError } from '../errors';

/**
 * The SDK's types call every part of an answer optional, whatever the service promises.
 * @throws IntegrityError when the service left out what the protocol rests on
 */
export function expectAnswered<T>(value: T | undefined, what: string): T {
  if (value !== undefined) return value;
  throw new IntegrityError({
    happened: `The service answered without ${what}.`,
    unchanged: 'Nothing was done with its answer.',
    next: 'Use a service that answers as AWS does; AWS_ENDPOINT_URL says which is asked.',
  });
}
