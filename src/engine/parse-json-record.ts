import { isLosslessNumber, parse } from 'lossless-json';
import type { JsonValue } from '../checks/json-value';

export type { JsonValue } from '../checks/json-value';

export type JsonRecord = ReadonlyMap<string, JsonValue>;

const DEEPEST = 32;
const QUOTE = 34;
const BACKSLASH = 92;

/** Parsers of JSON recurse, so depth is bounded before one is asked. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (inString) {
      if (code === BACKSLASH) at += 1;
      else if (code === QUOTE) inString = false;
    } else if (code === QUOTE) inString = true;
    else if (code === 0x7b || code === 0x5b) {
      depth += 1;
      if (depth > DEEPEST) return true;
    } else if (code === 0x7d || code === 0x5d) depth -= 1;
  }
  return false;
}

const LONE_SURROGATE = /\p{Surrogate}/u;

class HalfCharacter extends Error {}

function requireWhole(text: string): string {
  if (LONE_SURROGATE.test(text)) throw new HalfCharacter();
  return text;
}

function toEntries(object: object): Map<string, JsonValue> {
  return new Map(Object.entries(object).map(([key, value]) => [requireWhole(key), toJsonValue(value)]));
}

function toJsonValue(value: unknown): JsonValue {
  if (value === null) return null;
  if (typeof value === 'string') return { kind: 'string', text: requireWhole(value) };
  if (typeof value === 'boolean') return { kind: 'boolean', text: String(value) };
  if (isLosslessNumber(value)) return { kind: 'number', text: value.value };
  if (Array.isArray(value)) return { kind: 'array', text: '[…]', items: value.map(toJsonValue) };
  return { kind: 'object', text: '{…}', entries: toEntries(value as object) };
}

/** A value of JSON that Landfall has written. */
export const parseJsonValue = (text: string): JsonValue =>
  parseJsonRecord(`{"value":${text}}`)?.get('value') ?? null;

/**
 * One JSON object.
 * @returns undefined when it is malformed, no object, nested too deep, names a key twice, or has half a character
 */
export function parseJsonRecord(text: string): JsonRecord | undefined {
  if (isTooDeep(text)) return undefined;
  try {
    const parsed = parse(text);
    const isObject = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
    return isObject && !isLosslessNumber(parsed) ? toEntries(parsed) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof HalfCharacter) return undefined;
    throw error;
  }
}
