import { isPlainNumber } from '../checks/read-float';
import type { JsonValue } from './parse-json-record';

/** The values of a record, in the order of the keys; undefined when the text is not written in just that way. */
export type FlatRecordParser = (text: string) => JsonValue[] | undefined;

const QUOTE = 34;
const BACKSLASH = 92;
const COMMA = 44;
const CLOSE = 125;

const TRUE: JsonValue = { kind: 'boolean', text: 'true' };
const FALSE: JsonValue = { kind: 'boolean', text: 'false' };

// The text was decoded from UTF-8, so that half a character can only be in it as an escape.

/** Where the string that begins at `start` closes; -1 when it has anything in it that takes more than a look. */
function closingQuote(text: string, start: number): number {
  for (let at = start; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at;
    if (code === BACKSLASH || code < 32) return -1;
  }
  return -1;
}

function endOfWord(text: string, start: number): number {
  let at = start;
  while (at < text.length && text.charCodeAt(at) !== COMMA && text.charCodeAt(at) !== CLOSE) at += 1;
  return at;
}

function toValue(word: string): JsonValue | undefined {
  if (word === 'null') return null;
  if (word === 'true') return TRUE;
  if (word === 'false') return FALSE;
  return isPlainNumber(word) ? { kind: 'number', text: word } : undefined;
}

function readEscaped(text: string, start: number): { value: string; end: number } | undefined {
  let at = start + 1;
  while (at < text.length && text.charCodeAt(at) !== QUOTE) at += text.charCodeAt(at) === BACKSLASH ? 2 : 1;
  try {
    const value = JSON.parse(text.slice(start, at + 1)) as string;
    return /\p{Surrogate}/u.test(value) ? undefined : { value, end: at + 1 };
  } catch {
    return undefined;
  }
}

/**
 * Reads objects whose keys are just these, in this order, without spaces between the parts: what Landfall writes, and
 * most other programs. It takes a tenth of the time of a parser that keeps the text of numbers; whatever it does not
 * take is left to that parser, so both must agree on every text that this one takes.
 */
export function compileFlatRecord(keys: readonly string[]): FlatRecordParser {
  const prefixes = keys.map((key, index) => `${index === 0 ? '{' : ','}${JSON.stringify(key)}:`);
  return (text) => {
    const values = new Array<JsonValue>(keys.length);
    let at = 0;
    for (let index = 0; index < prefixes.length; index += 1) {
      const prefix = prefixes[index] as string;
      if (!text.startsWith(prefix, at)) return undefined;
      at += prefix.length;
      if (text.charCodeAt(at) === QUOTE) {
        const close = closingQuote(text, at + 1);
        if (close !== -1) {
          values[index] = { kind: 'string', text: text.slice(at + 1, close) };
          at = close + 1;
          continue;
        }
        const escaped = readEscaped(text, at);
        if (!escaped) return undefined;
        values[index] = { kind: 'string', text: escaped.value };
        at = escaped.end;
        continue;
      }
      const end = endOfWord(text, at);
      const value = toValue(text.slice(at, end));
      if (value === undefined) return undefined;
      values[index] = value;
      at = end;
    }
    return text.charCodeAt(at) === CLOSE && at === text.length - 1 && keys.length > 0 ? values : undefined;
  };
}
