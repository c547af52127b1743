import { toCanonicalColumn } from '../checks/compile-column';
import { toTypeScript } from '../checks/compile-json-column';
import { toTypeScriptValue } from '../checks/compile-refinement';
import { isNested } from '../definition/column-type';
import type { Column } from '../definition/read-column';
import { parseJsonValue } from './parse-json-record';
import type { TableValue } from './table-row';

function decoderOf(column: Column): (value: string) => unknown {
  if (!isNested(column.type)) return (value) => toTypeScriptValue(column.type.name, value);
  const decode = toTypeScript(toCanonicalColumn(column));
  return (value) => decode(parseJsonValue(value));
}

/**
 * Makes a row as TypeScript sees it (`Row`) of values in canonical form.
 * @returns a function that is given the value at each place in the order of the columns; none there is null
 */
export function compileRowDecoder(
  columns: readonly Column[],
): (valueAt: (place: number) => TableValue) => Record<string, unknown> {
  const names = columns.map(({ name }) => name);
  const decoders = columns.map(decoderOf);
  return (valueAt) => {
    const row: Record<string, unknown> = {};
    for (let place = 0; place < names.length; place += 1) {
      const value = valueAt(place) ?? null;
      row[names[place] as string] =
        value === null ? null : (decoders[place] as (value: string) => unknown)(value);
    }
    return row;
  };
}
