import { z } from 'zod';

// Every delivery that is looked at is one record to read.
const MOST_DELIVERIES = 100;

const count = z.int().min(0);

const range = z
  .strictObject({ min: count.optional(), max: count.optional() })
  .refine(({ min = 0, max = min }) => min <= max, 'must have a max that is not below its min');

export const deliveryVolumesSchema = z.strictObject({ rows: range.optional(), bytes: range.optional() });

const share = z.number().min(0).optional();
const historyBound = z
  .strictObject({ minShare: share, maxShare: share, deviations: z.number().positive().optional() })
  .refine(
    ({ minShare, maxShare, deviations }) =>
      (deviations === undefined) !== (minShare === undefined && maxShare === undefined),
    'must have either deviations, or minShare or maxShare or both',
  )
  .refine(
    ({ minShare = 0, maxShare = minShare }) => minShare <= maxShare,
    'must have a maxShare that is not below its minShare',
  )
  .optional();

const deliveries = z.int().min(1).max(MOST_DELIVERIES).optional();
export const historySchema = z
  .strictObject({
    last: deliveries,
    atLeast: deliveries,
    rows: historyBound,
    bytes: historyBound,
    files: historyBound,
  })
  .refine(({ rows, bytes, files }) => rows ?? bytes ?? files, 'must judge rows, bytes or files')
  .refine(
    ({ last = 10, atLeast = 1 }) => atLeast <= last,
    'must have an atLeast that is not above its last (10, where it is not given)',
  );
