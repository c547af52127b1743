/** A value of JSON whose numbers keep their text. `text` of an array or object only says that it is one. */
export type JsonValue =
  | { kind: 'string' | 'number' | 'boolean'; text: string }
  | { kind: 'array'; text: string; items: readonly JsonValue[] }
  | { kind: 'object'; text: string; entries: ReadonlyMap<string, JsonValue> }
  | null;
