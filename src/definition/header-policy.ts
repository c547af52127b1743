import { DefinitionError } from '../errors';
import type { TableFormat } from './format';
import type { Column } from './read-column';

/** How far the header of a CSV file (or the keys of a JSON object) may be other than declared. */
export interface HeaderPolicy {
  /** `declared`: the columns stand in the order of `columns`. Not for JSON, whose keys have no order. @default 'any' */
  order: 'any' | 'declared';
  /** `ignore`: `Postcode` is `postcode`. @default 'exact' */
  case: 'exact' | 'ignore';
  /**
   * `null`: a nullable column that is missing has no values; others are refused. @default 'refuse', and 'null' for
   * JSON, which commonly leaves nulls out
   */
  missing: 'refuse' | 'null';
  /** `ignore`: what no column claims is neither checked nor processed; raw-hist has it as it landed. @default 'refuse' */
  extra: 'refuse' | 'ignore';
}

/** What Landfall holds its own files to. */
export const STRICT_HEADER: HeaderPolicy = {
  order: 'any',
  case: 'exact',
  missing: 'refuse',
  extra: 'refuse',
};

/** The form in which two names that are the same to the policy are equal. */
export const headerFolder = (policy: Pick<HeaderPolicy, 'case'>): ((name: string) => string) =>
  policy.case === 'ignore' ? (name) => name.toLowerCase() : (name) => name;

/** Every name that a column may have in a file. */
export const namesInFile = ({ header, aliases }: Pick<Column, 'header' | 'aliases'>): string[] => [
  header,
  ...aliases,
];

/** @throws DefinitionError when the policy says what its format cannot have, or would allow nothing */
export function readHeaderPolicy(
  where: string,
  given: Partial<HeaderPolicy>,
  format: TableFormat,
  columns: readonly Column[],
): HeaderPolicy {
  const isJson = format.name === 'json' || format.name === 'json-lines';
  if (isJson && given.order === 'declared') {
    throw new DefinitionError({
      happened: `${where}: header.order is "declared", but the keys of a JSON object have no order.`,
      next: 'Leave header.order out.',
    });
  }
  if (given.missing === 'null' && format.name === 'parquet') {
    throw new DefinitionError({
      happened: `${where}: header.missing is "null", but a Parquet file says of each column whether it has nulls.`,
      next: 'Leave header.missing out.',
    });
  }
  if (given.missing === 'null' && !columns.some(({ nullable }) => nullable)) {
    throw new DefinitionError({
      happened: `${where}: header.missing is "null", but no column may be null.`,
      next: 'Give .nullable() to the columns that may be missing, or leave header.missing out.',
    });
  }
  return { ...STRICT_HEADER, missing: isJson ? 'null' : 'refuse', ...given };
}

/** @throws DefinitionError when a file's column could be two of the table's */
export function requireDistinctHeaders(
  where: string,
  columns: readonly Column[],
  policy: Pick<HeaderPolicy, 'case'>,
): void {
  const fold = headerFolder(policy);
  const claimed = new Map<string, { column: string; header: string }>();
  for (const column of columns) {
    for (const [place, header] of namesInFile(column).entries()) {
      const other = claimed.get(fold(header));
      if (other) {
        throw new DefinitionError({
          happened: `${where}: column "${column.name}" has the ${place === 0 ? 'header' : 'alias'} "${header}", which ${describeClaim(column.name, header, other)}.`,
          next: 'Give every column a header and aliases of its own.',
        });
      }
      claimed.set(fold(header), { column: column.name, header });
    }
  }
}

function describeClaim(column: string, header: string, other: { column: string; header: string }): string {
  if (other.column === column) return 'it has already';
  if (other.header === header) return 'another column has already';
  return `is "${other.header}" of column "${other.column}" when case is ignored`;
}
