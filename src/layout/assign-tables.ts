/** What decides whether a table claims a file. */
export interface Claims {
  name: string;
  folder: string;
  fileName: RegExp | undefined;
  /** Endings that its format may have, each with or without `.gz` or `.zst`. */
  endings: readonly string[];
}

/** The tables that claim a file of this name in this folder: one, or the delivery is refused. */
export function findClaimingTables<T extends Claims>(
  tables: readonly T[],
  folder: string,
  fileName: string,
): T[] {
  const plainName = fileName.replace(/\.(gz|zst)$/i, '').toLowerCase();
  return tables.filter(
    (table) =>
      table.folder === folder &&
      (table.fileName
        ? table.fileName.test(fileName)
        : table.endings.some((ending) => plainName.endsWith(ending))),
  );
}
