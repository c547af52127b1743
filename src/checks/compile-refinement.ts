import { isDeepStrictEqual } from 'node:util';
import type { z } from 'zod';
import type { ColumnTypeName } from '../definition/column-type';
import type { Column } from '../definition/read-column';
import { DefinitionError } from '../errors';
import type { Fault } from './value-reader';

/** The value as TypeScript sees it: what the column's zod schema is a schema of. Of a canonical text. */
export function toTypeScriptValue(type: ColumnTypeName, value: string): string | number | bigint | boolean {
  switch (type) {
    case 'int8':
    case 'int16':
    case 'int32':
    case 'float32':
    case 'float64':
      return Number(value);
    case 'int64':
      return BigInt(value);
    case 'boolean':
      return value === 'true';
    default:
      return value;
  }
}

/** Messages are the user's functions, given the value, so those of a sensitive column may hold it. */
function describeIssues({ issues }: z.ZodError, { sensitive }: Column): string {
  return sensitive
    ? "what the column's refinement asks (its message is kept back, since the column is sensitive)"
    : [...new Set(issues.map((issue) => issue.message))].join('; ');
}

/**
 * Asks zod, value by value, what rules as data cannot hold. The check throws DefinitionError when the schema itself
 * fails, or changes the value: a check never transforms.
 */
export function compileRefinement(column: Column, schema: z.ZodType): (value: unknown) => Fault | undefined {
  return (value) => {
    let parsed: z.ZodSafeParseResult<unknown>;
    try {
      parsed = schema.safeParse(value);
    } catch (cause) {
      // The error's own words, and its stack, may hold the value.
      const detail = cause instanceof Error && !column.sensitive ? `: ${cause.message}` : '';
      throw new DefinitionError(
        {
          happened: `The refinement of column "${column.name}" failed instead of judging a value${detail}.`,
          next: 'Mend the function, so that it returns true or false (not a promise) for every value of the type.',
        },
        column.sensitive ? {} : { cause },
      );
    }
    if (!parsed.success) return { code: 'refinement', expected: describeIssues(parsed.error, column) };
    if (Object.is(parsed.data, value) || isDeepStrictEqual(parsed.data, value)) return undefined;
    throw new DefinitionError({
      happened: `The schema of column "${column.name}" changes values (with .trim(), .toLowerCase() or the like).`,
      next: "Change values in the table's transform; a column only checks them.",
    });
  };
}
