import type { ColumnTypeName } from '../definition/column-type';

/** How the canonical form of a value becomes JSON: as a string with escapes, between plain quotes, or as it is. */
export type JsonForm = 'string' | 'quoted' | 'unchanged';

/**
 * Numbers keep all their digits. A decimal is a JSON string: as a number it would be rounded by Athena's SerDe and by
 * nearly every parser of JSON. Dates and timestamps are strings as Athena reads them, bytes are base64; the canonical form
 * of an array or struct is its JSON.
 */
export function jsonFormOf(type: ColumnTypeName): JsonForm {
  switch (type) {
    case 'string':
      return 'string';
    case 'decimal':
    case 'date':
    case 'timestamp':
    case 'binary':
      return 'quoted';
    default:
      return 'unchanged';
  }
}

const ENCODERS: Record<JsonForm, (value: string) => string> = {
  string: (value) => JSON.stringify(value),
  quoted: (value) => `"${value}"`,
  unchanged: (value) => value,
};

/** Makes JSON of a value in canonical form. */
export const jsonEncoder = (type: ColumnTypeName): ((value: string) => string) => ENCODERS[jsonFormOf(type)];
