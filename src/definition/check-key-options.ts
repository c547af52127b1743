import { DefinitionError } from '../errors';

const isName = (value: unknown): boolean => typeof value === 'string' && value !== '';

/** @throws DefinitionError when options that no compiler has seen are not of their types */
export function checkKeyOptions(
  column: string,
  { alias, unique }: { alias?: unknown; unique?: unknown },
): void {
  if (alias !== undefined && !(Array.isArray(alias) && alias.every(isName))) {
    throw new DefinitionError({
      happened: `Column "${column}" has an alias that is no list of names.`,
      next: "Write it as alias: ['Post code', 'postcode'].",
    });
  }
  if (unique !== undefined && typeof unique !== 'boolean') {
    throw new DefinitionError({
      happened: `Column "${column}" has unique: ${JSON.stringify(unique)}, which is neither true nor false.`,
      next: 'Write unique: true, or leave it out.',
    });
  }
}
