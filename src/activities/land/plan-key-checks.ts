import type { Table } from '../../definition/pipeline';
import type { PlannedFile } from '../records';

const hasUniqueKey = ({ primaryKey, columns }: Table): boolean =>
  primaryKey.length > 0 || columns.some(({ unique }) => unique);

/**
 * The tables whose rows must be held against those of other files, of their own or of another table; all else is found
 * by the check of each file alone.
 */
export function planKeyChecks(
  tables: readonly Table[],
  files: readonly Pick<PlannedFile, 'table'>[],
): string[] {
  return tables
    .filter((table) => {
      const own = files.filter((file) => file.table === table.name).length;
      return own > 0 && (table.foreignKeys.length > 0 || (own > 1 && hasUniqueKey(table)));
    })
    .map(({ name }) => name);
}
