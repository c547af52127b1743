import type { Table } from '../definition/pipeline';
import type { Column } from '../definition/read-column';
import { textOf, type KeySpan } from './key-span';
import { NONE, NULL, type RowBatch } from './row-batch';

/** Columns whose values together are looked up: compared as values, so that `1.5` and `1.50` of a decimal are the same. */
export interface TableKey {
  /** As findings name it. */
  column: string;
  columns: readonly Column[];
  sensitive: boolean;
  /**
   * The key of a row, until the next one is read; `null` when a value is null, undefined when one is at fault and there is
   * none to compare.
   */
  read: (batch: RowBatch, index: number) => KeySpan | null | undefined;
  /** What a key says to people. */
  show: (key: KeySpan) => string;
}

/** Ahead of each part of a key that has several. */
const LENGTH_BYTES = 4;

function readerOfOne(place: number): TableKey['read'] {
  const key: KeySpan = { bytes: Buffer.alloc(0), start: 0, end: 0 };
  return ({ bytes, spans, width }, index) => {
    const at = (index * width + place) * 2;
    const start = spans[at] as number;
    if (start < 0) return start === NULL ? null : undefined;
    key.bytes = bytes;
    key.start = start;
    key.end = spans[at + 1] as number;
    return key;
  };
}

function readerOfMany(places: readonly number[]): TableKey['read'] {
  const key: KeySpan = { bytes: Buffer.alloc(1024), start: 0, end: 0 };
  return ({ bytes, spans, width }, index) => {
    const row = index * width;
    let hasNull = false;
    let size = 0;
    for (const place of places) {
      const at = (row + place) * 2;
      const start = spans[at] as number;
      if (start === NONE) return undefined;
      if (start === NULL) hasNull = true;
      else size += LENGTH_BYTES + (spans[at + 1] as number) - start;
    }
    if (hasNull) return null;
    if (size > key.bytes.length) key.bytes = Buffer.alloc(size * 2);
    key.end = 0;
    for (const place of places) {
      const at = (row + place) * 2;
      const start = spans[at] as number;
      const end = spans[at + 1] as number;
      key.end = key.bytes.writeUInt32LE(end - start, key.end);
      key.end += bytes.copy(key.bytes, key.end, start, end);
    }
    return key;
  };
}

function partsOf({ bytes, start, end }: KeySpan): string[] {
  const parts: string[] = [];
  for (let at = start; at < end;) {
    const from = at + LENGTH_BYTES;
    at = from + bytes.readUInt32LE(at);
    parts.push(bytes.toString('utf8', from, at));
  }
  return parts;
}

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
    read: compound ? readerOfMany(places) : readerOfOne(only),
    show: (key) => (compound ? partsOf(key).join(', ') : textOf(key)),
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
