import type { z } from 'zod';
import { DefinitionError } from '../errors';

const CHECKS_ONLY = "a column only checks values: change them in the table's transform";

/** What to write instead of the wrappers and types of zod that are no column. */
const INSTEAD: Readonly<Record<string, string>> = {
  optional:
    'Write .nullable(): a field is there or null, and in JSON a column that may be null may be absent.',
  nonoptional: 'Leave .optional() and .nonoptional() out: a column has a value unless it is .nullable().',
  default: `Leave .default() out and write .nullable(): ${CHECKS_ONLY}.`,
  prefault: `Leave .prefault() out and write .nullable(): ${CHECKS_ONLY}.`,
  catch: 'Leave .catch() out: a value that is not as declared is refused, never replaced.',
  pipe: `Leave .transform(), .preprocess(), .pipe() and codecs out: ${CHECKS_ONLY}.`,
  transform: `Leave .transform() out: ${CHECKS_ONLY}.`,
  readonly: 'Leave .readonly() out: values are never changed.',
  lazy: 'Write the column itself: a type that contains itself has no type in Athena.',
  array: 'Write column.array(…) around the column.',
  object: 'Write column.struct({ … }), without .partial(), .extend(), .loose() and the like after it.',
  union: 'Choose one type, or read the column as column.string() and tell them apart in the transform.',
};

/** @returns why a schema that no builder made, or that a method of zod has wrapped, is no column */
export function notAColumn(name: string, { _zod: { def } }: z.ZodType): DefinitionError {
  const coerced = 'coerce' in def && def.coerce === true;
  return new DefinitionError({
    happened: `Column "${name}" is a ${coerced ? 'coercing ' : ''}zod ${def.type}, which ${
      coerced ? 'would change values' : 'says nothing of the type it has in Athena'
    }.`,
    next:
      (coerced ? undefined : INSTEAD[def.type]) ??
      'Begin it with a column builder, such as column.string(), column.int64() or column.decimal(12, 2); .nullable(), .min() and the like may follow.',
  });
}

/** @throws DefinitionError when a check of zod's gives a value back that is not the one it was given */
export function refuseChange(name: string, check: { check: string; normalize?: boolean }): void {
  if (check.check !== 'overwrite' && check.normalize !== true) return;
  throw new DefinitionError({
    happened: `Column "${name}" changes values (with .trim(), .toLowerCase(), .normalize(), .overwrite() or the like).`,
    next: `Leave it out: ${CHECKS_ONLY}. To refuse such values, give a pattern.`,
  });
}
