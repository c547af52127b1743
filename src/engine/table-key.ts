import type { Table } from '../definition/pipeline';
import type { Column } from '../definition/read-column';
import type { TableValue } from './table-row';

/** Columns whose values together are looked up: compared as values, so that `1.5` and `1.50` of a decimal are the same. */
export interface TableKey {
  /** As findings name it. */
  column: string;
  columns: readonly Column[];
  sensitive: boolean;
  /** The key of a row; `null` when a value is null, undefined when one is at fault and there is none to compare. */
  read: (values: readonly TableValue[]) => string | null | undefined;
  /** What a key says to people. */
  show: (key: string) => string;
}

/** A copy: a slice would keep the whole chunk that it was cut from. */
const flat = (text: string): string => Buffer.from(text, 'utf8').toString('utf8');

/** @param columns those of the rows that will be given, in their order */
export function tableKey(names: readonly string[], columns: readonly Column[]): TableKey {
  const places = names.map((name) => columns.findIndex((column) => column.name === name));
  const own = places.map((place) => columns[place] as Column);
  const [only = -1] = places;
  const compound = places.length > 1;
  return {
    column: names.join(', '),
    columns: own,
    sensitive: own.some((column) => column.sensitive),
    read: (values) => {
      if (!compound) {
        const value = values[only];
        return typeof value === 'string' ? flat(value) : value;
      }
      const key = places.map((place) => values[place]);
      if (key.includes(undefined)) return undefined;
      return key.includes(null) ? null : JSON.stringify(key);
    },
    show: (key) => (compound ? (JSON.parse(key) as string[]).join(', ') : key),
  };
}

/** What no two rows of a table may share. */
export interface UniqueKey extends TableKey {
  code: 'duplicate-key' | 'unique';
}

/** The primary key first; a column that is all of it need not be unique once more. */
export function uniqueKeys(
  { primaryKey, columns: declared }: Pick<Table, 'primaryKey' | 'columns'>,
  columns: readonly Column[] = declared,
): UniqueKey[] {
  const key = primaryKey.length === 0 ? [] : [{ code: 'duplicate-key' as const, names: primaryKey }];
  const unique = declared
    .filter(({ name, unique: isUnique }) => isUnique && primaryKey.join() !== name)
    .map(({ name }) => ({ code: 'unique' as const, names: [name] }));
  return [...key, ...unique].map(({ code, names }) => ({ code, ...tableKey(names, columns) }));
}
