import { withRoom } from './enlarge';
import type { RowBatch } from './row-batch';

const QUOTE = 34;
const BACKSLASH = 92;
const SPACE = 32;
/** Of a control character: `\u0000`. */
const LONGEST_ESCAPE = 6;
const HEXADECIMAL = Buffer.from('0123456789abcdef');
const SHORT_ESCAPES: Readonly<Record<number, string>> = { 8: 'b', 9: 't', 10: 'n', 12: 'f', 13: 'r' };
const ESCAPES = Uint8Array.from({ length: SPACE }, (_, code) => SHORT_ESCAPES[code]?.charCodeAt(0) ?? 0);
const SMALL = 48;

/** Bytes that grow at their end. */
export class GatheredBytes {
  bytes: Buffer;
  used = 0;

  constructor(capacity: number) {
    this.bytes = Buffer.allocUnsafeSlow(capacity);
  }

  private reserve(bytes: number): void {
    this.bytes = withRoom(this.bytes, this.used, bytes);
  }

  /** What was written since the last time, which nobody changes any more. */
  take(): Buffer {
    const taken = this.bytes.subarray(0, this.used);
    this.bytes = Buffer.allocUnsafeSlow(this.bytes.length);
    this.used = 0;
    return taken;
  }

  add(from: Uint8Array, start = 0, end = from.length): void {
    this.reserve(end - start);
    const { bytes } = this;
    let at = this.used;
    if (end - start > SMALL) bytes.set(from.subarray(start, end), at);
    else for (let place = start; place < end; place += 1) bytes[at++] = from[place] as number;
    this.used += end - start;
  }

  addText(text: string): void {
    this.reserve(text.length * 3);
    this.used += this.bytes.write(text, this.used);
  }

  /** As a JSON string, with the escapes that `JSON.stringify` has. */
  addJsonString(from: Uint8Array, start: number, end: number): void {
    this.reserve((end - start) * LONGEST_ESCAPE + 2);
    const { bytes } = this;
    let at = this.used;
    bytes[at++] = QUOTE;
    for (let place = start; place < end; place += 1) {
      const code = from[place] as number;
      if (code >= SPACE && code !== QUOTE && code !== BACKSLASH) {
        bytes[at++] = code;
        continue;
      }
      bytes[at++] = BACKSLASH;
      const short = code >= SPACE ? code : (ESCAPES[code] as number);
      if (short > 0) bytes[at++] = short;
      else {
        at += bytes.write('u00', at, 'latin1');
        bytes[at++] = HEXADECIMAL[code >> 4] as number;
        bytes[at++] = HEXADECIMAL[code & 15] as number;
      }
    }
    bytes[at++] = QUOTE;
    this.used = at;
  }

  /** In quotes, those inside written twice. */
  addCsvQuoted(from: Uint8Array, start: number, end: number): void {
    this.reserve((end - start) * 2 + 2);
    const { bytes } = this;
    let at = this.used;
    bytes[at++] = QUOTE;
    for (let place = start; place < end; place += 1) {
      const code = from[place] as number;
      bytes[at++] = code;
      if (code === QUOTE) bytes[at++] = QUOTE;
    }
    bytes[at++] = QUOTE;
    this.used = at;
  }
}

/** Writes one value of a batch. */
export type ValueWriter = (into: GatheredBytes, batch: RowBatch, start: number, end: number) => void;

export const addUnchanged: ValueWriter = (into, { bytes }, start, end) => into.add(bytes, start, end);
