import { DefinitionError } from '../errors';
import type { Column } from './read-column';

/** @throws DefinitionError when something names a column that is not there */
export function requireColumns(
  where: string,
  key: string,
  names: readonly string[],
  columns: readonly Column[],
): void {
  for (const name of names) {
    if (!columns.some((each) => each.name === name)) {
      throw new DefinitionError({
        happened: `${where}: ${key} names "${name}", which is not one of its columns.`,
        next: `Name one of: ${columns.map((each) => each.name).join(', ')}.`,
      });
    }
  }
}
