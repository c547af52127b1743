import * as errors from '../errors';
import { LandfallError } from '../errors';

/** An error as plain data, so that it crosses from one process to another with its class and words. */
export interface TransferredError {
  name: string;
  message: string;
  stack?: string;
  words?: { happened: string; unchanged?: string; next: string };
}

export function toTransferredError(error: unknown): TransferredError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
  const { name, message, stack } = error;
  return {
    name,
    message,
    ...(stack === undefined ? {} : { stack }),
    ...(error instanceof LandfallError
      ? {
          words: {
            happened: error.happened,
            next: error.next,
            ...(error.unchanged && { unchanged: error.unchanged }),
          },
        }
      : {}),
  };
}

type LandfallErrorClass = new (words: errors.FailureWords) => LandfallError;
const CLASSES: ReadonlyMap<string, LandfallErrorClass> = new Map(Object.entries(errors));

export function fromTransferredError({ name, message, stack, words }: TransferredError): Error {
  const error = words
    ? new (CLASSES.get(name) ?? LandfallError)(words)
    : Object.assign(new Error(message), { name });
  // Where it was thrown, not where it arrived.
  if (stack !== undefined) error.stack = stack;
  return error;
}
