import type { ColumnTypeName } from '../definition/column-type';

const toPlainString = (value: string): string => `"${value}"`;
const unchanged = (value: string): string => value;

/**
 * Makes JSON of a value in canonical form. Numbers keep all their digits. A decimal is a JSON string: as a number it
 * would be rounded by Athena's SerDe and by nearly every parser of JSON. Dates and timestamps are strings as Athena
 * reads them, bytes are base64; the canonical form of an array or struct is its JSON.
 */
export function jsonEncoder(type: ColumnTypeName): (value: string) => string {
  switch (type) {
    case 'string':
      return (value) => JSON.stringify(value);
    case 'decimal':
    case 'date':
    case 'timestamp':
    case 'binary':
      return toPlainString;
    default:
      return unchanged;
  }
}
