import { DefinitionError } from '../errors';

/** `Case ID` → `case_id`, since Glue has lower case names only. */
export function toColumnName(where: string, name: string): string {
  const glueName = name.toLowerCase().replaceAll(/[^a-z0-9_]+/g, '_');
  if (/^[a-z]/.test(glueName)) return glueName;
  throw new DefinitionError({
    happened: `${where}: "${name}" can be no name in Glue, which begins with a letter.`,
    next: 'Rename it in the metadata.',
  });
}

/** @throws DefinitionError when two of a table's columns, or of a struct's fields, would be one in Glue */
export function requireDistinctNames(
  where: string,
  columns: readonly { name: string; header: string }[],
): void {
  const names = new Map<string, string>();
  for (const { name, header } of columns) {
    const other = names.get(name);
    if (other !== undefined) {
      throw new DefinitionError({
        happened: `${where} has the columns "${other}" and "${header}", which are both "${name}" in Glue.`,
        next: 'Rename one of them in the metadata.',
      });
    }
    names.set(name, header);
  }
}
