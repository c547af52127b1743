import type { z } from 'zod';
import type { ColumnTypeName } from '../definition/column-type';
import type { Column } from '../definition/read-column';
import { DefinitionError } from '../errors';
import type { RuleCheck } from './compile-rules';

/** The value as TypeScript sees it: what the column's zod schema is a schema of. */
function toTypeScriptValue(type: ColumnTypeName, value: string): string | number | bigint | boolean {
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

/** A refinement's own words may hold the value. */
const HIDDEN = 'what its refinement asks for';

const messagesOf = ({ issues }: z.ZodError): string => issues.map(({ message }) => message).join('; ');

/**
 * Asks zod, value by value, what rules as data cannot hold. The check throws DefinitionError when the schema itself
 * fails, or changes the value: a check never transforms.
 */
export function compileRefinement(column: Column, schema: z.ZodType): RuleCheck {
  const type = column.type.name;
  return (text) => {
    const value = toTypeScriptValue(type, text);
    let parsed: z.ZodSafeParseResult<unknown>;
    try {
      parsed = schema.safeParse(value);
    } catch (cause) {
      // The error's own words may hold the value.
      const detail = cause instanceof Error && !column.sensitive ? `: ${cause.message}` : '';
      throw new DefinitionError(
        {
          happened: `The refinement of column "${column.name}" failed instead of judging a value${detail}.`,
          next: 'Mend the function, so that it returns true or false (not a promise) for every value of the type.',
        },
        { cause },
      );
    }
    if (!parsed.success) {
      return { code: 'refinement', expected: column.sensitive ? HIDDEN : messagesOf(parsed.error) };
    }
    if (parsed.data === value) return undefined;
    throw new DefinitionError({
      happened: `The schema of column "${column.name}" changes values (with .trim(), .toLowerCase() or the like).`,
      next: "Change values in the table's transform; a column only checks them.",
    });
  };
}
