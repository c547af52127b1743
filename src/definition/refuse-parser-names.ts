import { DefinitionError } from '../errors';
import type { HeaderPolicy } from './header-policy';
import type { Column } from './read-column';

/**
 * A parser names columns as the table does, so that its types can be checked; what tells how names stand in a file would
 * be lost.
 *
 * @throws DefinitionError when the table says how its columns are named or ordered in files
 */
export function refuseParserNames(
  where: string,
  { order, case: ofCase }: Partial<HeaderPolicy>,
  columns: readonly Column[],
): void {
  const renamed = columns.find(({ name, header, aliases }) => header !== name || aliases.length > 0);
  const said = renamed
    ? `column "${renamed.name}" has ${renamed.header === renamed.name ? 'an alias' : 'a header'}`
    : order === 'declared'
      ? 'header.order is "declared"'
      : ofCase === 'ignore'
        ? 'header.case is "ignore"'
        : undefined;
  if (said === undefined) return;
  throw new DefinitionError({
    happened: `${where}: ${said}, but a parser gives its columns by the names that the table has for them.`,
    next: 'Leave it out, and have the parser give each text under the name of its column.',
  });
}
