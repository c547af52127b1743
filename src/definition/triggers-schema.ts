import { z } from 'zod';
import { readEvery } from './triggers';

const NAME = '[A-Za-z0-9_-]{1,80}(\\.fifo)?';
const QUEUE = new RegExp(
  `^(${NAME}|arn:aws[a-z-]*:sqs:[a-z0-9-]+:\\d{12}:${NAME}|https?://[A-Za-z0-9.:-]+/\\d{12}/${NAME})$`,
);

export const triggersSchema = z
  .strictObject({
    events: z
      .strictObject({
        queue: z.string().regex(QUEUE, 'must be the name, the ARN or the URL of an SQS queue'),
      })
      .optional(),
    sweep: z
      .strictObject({
        every: z
          .string()
          .refine(
            (every) => readEvery(every) !== undefined,
            'must be a whole number of minutes, hours or days, from "1 minute" to "7 days"',
          ),
      })
      .optional(),
  })
  .refine(
    ({ events, sweep }) => events !== undefined || sweep !== undefined,
    'must say by what: events or sweep',
  );
