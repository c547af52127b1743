import { lengthOfLine, placeFields, type PlacedField } from '../definition/fixed-width';
import type { FixedWidthFormat } from '../definition/format';
import type { Column } from '../definition/read-column';
import type { CsvRow } from './scan-csv';

const SURROGATE = /[\uD800-\uDBFF]/;

/** Only spaces are padding: no other blank, and no zero unless the field says so. */
function toValue(text: string, { trim, pad }: PlacedField): string {
  let from = 0;
  let to = text.length;
  if (trim === 'both' || trim === 'start') while (from < to && text.charAt(from) === ' ') from += 1;
  if (trim === 'both' || trim === 'end') while (to > from && text.charAt(to - 1) === ' ') to -= 1;
  if (pad === '0') while (from < to - 1 && text.charAt(from) === '0') from += 1;
  return text.slice(from, to);
}

/** Characters are Unicode's: one that takes two units is one. */
function slicerOf(line: string): { length: number; slice: (from: number, to: number) => string } {
  if (!SURROGATE.test(line)) return { length: line.length, slice: (from, to) => line.slice(from, to) };
  const characters = Array.from(line);
  return { length: characters.length, slice: (from, to) => characters.slice(from, to).join('') };
}

/** Takes lines apart at the places of the fields, in the order of the columns. A line of another length is a fault. */
export async function* splitFixedWidth(
  batches: AsyncIterable<CsvRow[]>,
  { fields, trim, shortLines }: FixedWidthFormat,
  columns: readonly Pick<Column, 'name'>[],
): AsyncGenerator<CsvRow[]> {
  const placed = placeFields(fields, trim);
  const ordered = columns.map(({ name }) => placed.find((field) => field.name === name) as PlacedField);
  const length = lengthOfLine(placed);
  const split = (row: CsvRow): CsvRow => {
    if (row.fault !== undefined) return row;
    const line = row.fields[0] ?? '';
    if (line === '') return { ...row, fault: 'blank-line', fields: [] };
    const { length: own, slice } = slicerOf(line);
    if (own > length || (own < length && shortLines === 'refused'))
      return { ...row, fault: 'line-length', expected: `${length} characters` };
    return { ...row, fields: ordered.map((field) => toValue(slice(field.from, field.to), field)) };
  };
  for await (const batch of batches) yield batch.map(split);
}
