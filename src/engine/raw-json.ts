import type { JsonValue } from '../checks/json-value';

/** A value as it landed, but for spaces and the way in which characters are escaped. */
export function jsonTextOf(value: JsonValue): string {
  if (value === null) return 'null';
  switch (value.kind) {
    case 'array':
      return `[${value.items.map(jsonTextOf).join(',')}]`;
    case 'object':
      return recordOf([...value.entries])();
    case 'string':
      return JSON.stringify(value.text);
    default:
      return value.text;
  }
}

/** Apart, so that rows which pass pay nothing for it. */
export const recordOf = (entries: readonly (readonly [string, JsonValue | undefined])[]) => (): string => {
  const members = entries.flatMap(([key, value]) =>
    value === undefined ? [] : `${JSON.stringify(key)}:${jsonTextOf(value)}`,
  );
  return `{${members.join(',')}}`;
};
