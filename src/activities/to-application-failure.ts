import type { ActivityExecuteInput, ActivityInboundCallsInterceptor, Next } from '@temporalio/worker';
import { ApplicationFailure } from '@temporalio/common';
import { DeliveryRefusedError, LandfallError } from '../errors';

/** Temporal's form of a Landfall error: its class as the type, its words as the message and the details. */
export function toApplicationFailure(error: LandfallError): ApplicationFailure {
  const { name, message, happened, unchanged, next, retryable } = error;
  return ApplicationFailure.create({
    type: name,
    message,
    nonRetryable: !retryable,
    details: [
      {
        happened,
        next,
        ...(unchanged === undefined ? {} : { unchanged }),
        ...(error instanceof DeliveryRefusedError ? error.refused : {}),
      },
    ],
    ...(error.cause instanceof Error ? { cause: error.cause } : {}),
  });
}

/** Makes every Landfall error that leaves an activity a failure that says what to do and is retried only if that may help. */
export class FailureInterceptor implements ActivityInboundCallsInterceptor {
  async execute(
    input: ActivityExecuteInput,
    next: Next<ActivityInboundCallsInterceptor, 'execute'>,
  ): Promise<unknown> {
    try {
      return await next(input);
    } catch (error) {
      throw error instanceof LandfallError ? toApplicationFailure(error) : error;
    }
  }
}
