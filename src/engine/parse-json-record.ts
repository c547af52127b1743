import { isLosslessNumber, parse } from 'lossless-json';
import type { JsonValue } from '../checks/json-value';

export type { JsonValue } from '../checks/json-value';

export type JsonRecord = ReadonlyMap<string, JsonValue>;

const QUOTE = 34;
const BACKSLASH = 92;
const COLON = 58;

export type JsonFault = 'malformed-json' | 'repeated-json-key' | 'too-deep';

/** Parsers of JSON recurse, so depth is bounded before one is asked; they forget members, so these are counted too. */
function measure(text: string): { depth: number; members: number } {
  let depth = 0;
  let deepest = 0;
  let members = 0;
  let inString = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (inString) {
      if (code === BACKSLASH) at += 1;
      else if (code === QUOTE) inString = false;
    } else if (code === QUOTE) inString = true;
    else if (code === 0x7b || code === 0x5b) {
      depth += 1;
      if (depth > deepest) deepest = depth;
    } else if (code === 0x7d || code === 0x5d) depth -= 1;
    else if (code === COLON) members += 1;
  }
  return { depth: deepest, members };
}

function countMembers(value: unknown): number {
  if (typeof value !== 'object' || value === null || isLosslessNumber(value)) return 0;
  const children: unknown[] = Object.values(value);
  const own = Array.isArray(value) ? 0 : children.length;
  return children.reduce<number>((count, child) => count + countMembers(child), own);
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

/**
 * One JSON object, or why it is none: malformed (also when it has half a character, or is no object), nested deeper
 * than `deepest`, or one that names a key twice, be it with the same value.
 */
export function parseJsonRecord(text: string, deepest: number): JsonRecord | JsonFault {
  const { depth, members } = measure(text);
  if (depth > deepest) return 'too-deep';
  try {
    const parsed = parse(text, undefined, { onDuplicateKey: ({ newValue }) => newValue });
    const isObject = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
    if (!isObject || isLosslessNumber(parsed)) return 'malformed-json';
    return countMembers(parsed) === members ? toEntries(parsed) : 'repeated-json-key';
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof HalfCharacter) return 'malformed-json';
    throw error;
  }
}

/** Far below what the parser's recursion takes. */
const DEEPEST = 1000;

/** A value of JSON that Landfall has written. */
export function parseJsonValue(text: string): JsonValue {
  const record = parseJsonRecord(`{"value":${text}}`, DEEPEST);
  return typeof record === 'string' ? null : (record.get('value') ?? null);
}
