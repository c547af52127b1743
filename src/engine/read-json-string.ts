import type { RowBatch } from './row-batch';

const QUOTE = 34;
const BACKSLASH = 92;
const SPACE = 32;
/** What stands for what behind a backslash; `\u` takes more than a look. */
const ESCAPED = new Uint8Array(128);
for (const [letter, character] of Object.entries({
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}))
  ESCAPED[letter.charCodeAt(0)] = character.charCodeAt(0);

/**
 * Reads the JSON string that begins at `start`, into `field`: where it lies, or, with its escapes undone, behind what the
 * batch has in use.
 * @returns where it ends, behind its closing quote, or -1 when it cannot be sure of it
 */
export function readJsonString(
  bytes: Buffer,
  start: number,
  end: number,
  batch: RowBatch,
  field: { bytes: Buffer; start: number; end: number },
): number {
  let at = start + 1;
  for (; at < end; at += 1) {
    const code = bytes[at] as number;
    if (code === QUOTE) {
      field.bytes = bytes;
      field.start = start + 1;
      field.end = at;
      return at + 1;
    }
    if (code === BACKSLASH) break;
    if (code < SPACE) return -1;
  }
  batch.reserve(end - start);
  const into = batch.bytes;
  let to = batch.used + bytes.copy(into, batch.used, start + 1, at);
  for (; at < end; at += 1) {
    let code = bytes[at] as number;
    if (code === QUOTE) {
      field.bytes = into;
      field.start = batch.used;
      field.end = batch.used = to;
      return at + 1;
    }
    if (code < SPACE) return -1;
    if (code === BACKSLASH) {
      at += 1;
      code = at < end ? (ESCAPED[bytes[at] as number] ?? 0) : 0;
      if (code === 0) return -1;
    }
    into[to++] = code;
  }
  return -1;
}
