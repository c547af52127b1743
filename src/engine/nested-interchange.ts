import { innerColumns, type ColumnType } from '../definition/column-type';
import type { JsonValue } from '../checks/json-value';
import { parseJsonValue } from './parse-json-record';

const WRITTEN_AS_TEXT: readonly ColumnType['name'][] = ['float32', 'float64'];

/** Polars reads these from JSON in other ways than it casts them from text. */
const differsInPolars = (type: ColumnType): boolean =>
  type.name === 'timestamp' ||
  WRITTEN_AS_TEXT.includes(type.name) ||
  innerColumns(type).some((inner) => differsInPolars(inner.type));

function rewrite(type: ColumnType, value: JsonValue | undefined): string {
  if (value === null || value === undefined) return 'null';
  if (type.name === 'array' && value.kind === 'array')
    return `[${value.items.map((item) => rewrite(type.element.type, item)).join(',')}]`;
  if (type.name === 'struct' && value.kind === 'object')
    return `{${type.fields
      .map((field) => `${JSON.stringify(field.name)}:${rewrite(field.type, value.entries.get(field.name))}`)
      .join(',')}}`;
  if (type.name === 'timestamp') return `"${value.text.replace(' ', 'T')}"`;
  if (value.kind === 'string') return JSON.stringify(value.text);
  return WRITTEN_AS_TEXT.includes(type.name) ? `"${value.text}"` : value.text;
}

/**
 * Turns the canonical JSON of an array or struct into the JSON that Polars is given: floats as text, since its parser of
 * JSON is not its cast, and timestamps with a T, which is all that its cast knows.
 */
export function toPolarsJson(type: ColumnType): (json: string) => string {
  if (!differsInPolars(type)) return (json) => json;
  return (json) => rewrite(type, parseJsonValue(json));
}
