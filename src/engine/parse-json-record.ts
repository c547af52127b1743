import { isLosslessNumber, parse } from 'lossless-json';

/** Numbers keep their text. `nested`: an array or object, which no column holds. */
export type JsonValue = { kind: 'string' | 'number' | 'boolean' | 'nested'; text: string } | null;

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

function toJsonValue(value: unknown): JsonValue {
  if (value === null) return null;
  if (typeof value === 'string') return { kind: 'string', text: value };
  if (typeof value === 'boolean') return { kind: 'boolean', text: String(value) };
  if (isLosslessNumber(value)) return { kind: 'number', text: value.value };
  return { kind: 'nested', text: Array.isArray(value) ? '[…]' : '{…}' };
}

const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * One JSON object.
 * @returns undefined when it is malformed, no object, nested too deep, names a key twice, or has half a character
 */
export function parseJsonRecord(text: string): JsonRecord | undefined {
  if (isTooDeep(text)) return undefined;
  let parsed: unknown;
  try {
    parsed = parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed) || isLosslessNumber(parsed))
    return undefined;
  const record = new Map<string, JsonValue>();
  for (const [key, value] of Object.entries(parsed)) {
    const read = toJsonValue(value);
    if (LONE_SURROGATE.test(key) || (read?.kind === 'string' && LONE_SURROGATE.test(read.text)))
      return undefined;
    record.set(key, read);
  }
  return record;
}
