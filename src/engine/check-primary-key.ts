import type { FindingCollector } from '../checks/collect-findings';
import type { Table } from '../definition/pipeline';
import type { Column } from '../definition/read-column';
import { KeyIndex } from './key-index';
import type { TableRow } from './table-row';

export interface PrimaryKeyWatch {
  /** @returns a promise when the caller should wait before it adds more */
  add(row: TableRow): Promise<void> | undefined;
  finish(): Promise<void>;
}

const NO_KEY: PrimaryKeyWatch = { add: () => undefined, finish: () => Promise.resolve() };

/**
 * No two rows of a file have the same key and none has a null in it. Keys are compared as values: `1.5` and `1.50` of a
 * decimal column are the same. A row with a fault in its key has none that could be compared.
 */
export function watchPrimaryKey(table: Table, findings: FindingCollector, folder: string): PrimaryKeyWatch {
  const places = table.primaryKey.map((name) => table.columns.findIndex((column) => column.name === name));
  if (places.length === 0) return NO_KEY;
  const columns = places.map((place) => table.columns[place] as Column);
  const column = table.primaryKey.join(', ');
  const sensitive = columns.some((each) => each.sensitive);
  const compound = places.length > 1;
  const index = new KeyIndex(folder, ({ row, line, key }) => {
    const value = compound ? (JSON.parse(key) as string[]).join(', ') : key;
    findings.addToRow({ code: 'duplicate-key', column, row, line, value, sensitive });
  });
  return {
    add({ values, row, line }) {
      const key = places.map((place) => values[place]);
      if (key.includes(undefined)) return undefined;
      if (key.includes(null)) {
        findings.addToRow({ code: 'null-in-key', column, row, line });
        return undefined;
      }
      return index.add(compound ? JSON.stringify(key) : flat(key[0] as string), row, line);
    },
    finish: () => index.finish(),
  };
}

/** A copy: a slice would keep the whole chunk that it was cut from. */
const flat = (text: string): string => Buffer.from(text, 'utf8').toString('utf8');
