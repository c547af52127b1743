import { isRegExp } from 'node:util/types';
import { z } from 'zod';

const LONGEST_QUIET_SECONDS = 7 * 24 * 60 * 60;
const LONGEST_WAIT_SECONDS = 10 * LONGEST_QUIET_SECONDS;

// `DONE` or `orders-data/_SUCCESS`; whoever writes it knows why it begins with an underscore.
const NOTE_PATH = /^(?!.*(^|\/)\.{1,2}(\/|$))[^/\p{Cc}\p{Cf}]+(\/[^/\p{Cc}\p{Cf}]+)?$/u;

const path = z.custom<string | RegExp>(
  (value) => isRegExp(value) || (typeof value === 'string' && NOTE_PATH.test(value)),
  'must be a file name, with the folder of a table before it or none, or an expression for it',
);
const field = z.string().min(1);
const fields = z.strictObject({
  file: field,
  bytes: field.optional(),
  rows: field.optional(),
  md5: field.optional(),
  sha256: field.optional(),
});

const manifestSchema = z.discriminatedUnion('format', [
  z.strictObject({ name: path, format: z.literal('json'), list: field.optional(), fields }),
  z.strictObject({ name: path, format: z.literal('csv'), fields }),
]);

export const completenessSchema = z
  .strictObject({
    tables: z.boolean().optional(),
    marker: path.optional(),
    manifest: manifestSchema.optional(),
    quietSeconds: z.int().min(1).max(LONGEST_QUIET_SECONDS).optional(),
    atMostSeconds: z.int().min(1).max(LONGEST_WAIT_SECONDS).optional(),
  })
  .refine(
    ({ tables, marker, manifest, quietSeconds }) =>
      tables !== undefined || marker !== undefined || manifest !== undefined || quietSeconds !== undefined,
    'must say by what: tables, marker, manifest or quietSeconds',
  )
  .refine(
    ({ quietSeconds, atMostSeconds = Infinity }) =>
      atMostSeconds === Infinity || (quietSeconds !== undefined && quietSeconds <= atMostSeconds),
    'may have atMostSeconds only with quietSeconds, and not less than them',
  )
  .refine(
    ({ marker, manifest }) => marker === undefined || manifest === undefined,
    'must have a marker or a manifest, not both: a manifest is a marker',
  );
