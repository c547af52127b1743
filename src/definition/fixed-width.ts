import { DefinitionError } from '../errors';
import type { Column } from './read-column';

/** Where a field stands in its line, in characters, and what is padding in it. */
export interface FixedField {
  /** Characters. */
  width: number;
  /** Its first character, the line's first being 1, as record layouts count. @default behind the field before it */
  start?: number;
  /** At which ends spaces are no part of the value. @default the format's `trim` */
  trim?: FixedTrim;
  /** `'0'`: zeros ahead of the last character are no part of the value either. @default ' ' */
  pad?: ' ' | '0';
}

export type FixedTrim = 'both' | 'start' | 'end' | 'none';

/** By the name of the column; a number is a width. */
export type FixedFields = Readonly<Record<string, number | FixedField>>;

export interface PlacedField {
  name: string;
  /** Of its first character, from 0. */
  from: number;
  /** Behind its last one. */
  to: number;
  trim: FixedTrim;
  pad: ' ' | '0';
}

/** Where each field stands, in their order in the definition. */
export function placeFields(fields: FixedFields, trim: FixedTrim): PlacedField[] {
  let at = 0;
  return Object.entries(fields).map(([name, given]) => {
    const field: FixedField = typeof given === 'number' ? { width: given } : given;
    const from = field.start === undefined ? at : field.start - 1;
    at = from + field.width;
    return { name, from, to: at, trim: field.trim ?? trim, pad: field.pad ?? ' ' };
  });
}

/** How long a line is. */
export const lengthOfLine = (fields: readonly PlacedField[]): number =>
  Math.max(...fields.map(({ to }) => to));

/** @throws DefinitionError when fields and columns are not the same, or two fields share characters */
export function refuseMisplacedFields(
  where: string,
  fields: FixedFields,
  columns: readonly Pick<Column, 'name'>[],
): void {
  const placed = placeFields(fields, 'both');
  const missing = columns.find(({ name }) => !placed.some((field) => field.name === name));
  const unknown = placed.find(({ name }) => !columns.some((column) => column.name === name));
  if (missing || unknown) {
    throw new DefinitionError({
      happened: missing
        ? `${where}: fixedWidth() has no field for the column "${missing.name}".`
        : `${where}: fixedWidth() has a field "${unknown?.name ?? ''}", which is not one of its columns.`,
      next: 'Give every column its width; what stands in no field is passed over.',
    });
  }
  const inOrder = [...placed].sort((left, right) => left.from - right.from);
  const second = inOrder.find((field, index) => field.from < (inOrder[index - 1]?.to ?? 0));
  if (!second) return;
  const first = inOrder[inOrder.indexOf(second) - 1];
  throw new DefinitionError({
    happened: `${where}: the fields "${first?.name ?? ''}" (characters ${(first?.from ?? 0) + 1} to ${first?.to ?? 0}) and "${second.name}" (${second.from + 1} to ${second.to}) share characters.`,
    next: 'Correct their starts and widths; a transform can take a part out of a column.',
  });
}
