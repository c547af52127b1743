import { DefinitionError } from '../errors';
import { glueType, isNested } from './column-type';
import type { TableFormat } from './format';
import type { Column } from './read-column';

const CANNOT_HOLD: Partial<Record<TableFormat['name'], string>> = {
  csv: 'CSV',
  'fixed-width': 'fixed-width text',
  custom: 'the text that a parser gives',
};

/** @throws DefinitionError when the format has no way to write arrays and structs */
export function refuseNestedInText(where: string, { name }: TableFormat, columns: readonly Column[]): void {
  const nested = columns.find(({ type }) => isNested(type));
  const holder = CANNOT_HOLD[name];
  if (holder === undefined || !nested) return;
  throw new DefinitionError({
    happened: `${where}: column "${nested.name}" is ${glueType(nested.type)}, which ${holder} cannot hold.`,
    next: 'Read it as column.string() and take it apart in the transform, or give the table the format jsonLines(), json() or parquet().',
  });
}

/** @throws DefinitionError when a key or an order is to be made of arrays or structs */
export function refuseNestedKeys(
  where: string,
  key: string,
  names: readonly string[],
  columns: readonly Column[],
): void {
  const nested = columns.find(({ name, type }) => names.includes(name) && isNested(type));
  if (!nested) return;
  throw new DefinitionError({
    happened: `${where}: ${key} names "${nested.name}", which is ${glueType(nested.type)} and has no order.`,
    next: 'Name columns that hold one value each; a transform can take one out of an array or a struct.',
  });
}
