import { isAscii, isUtf8 } from 'node:buffer';

export interface TextBlock {
  text: string;
  /** Places in `text` that begin a line (or the block) with bytes that are no UTF-8. */
  badLines: number[];
}

const LINE_FEED = 10;

/** How many bytes at the end begin a character that the next chunk completes. */
export function openBytes(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) {
      const width = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return width > back ? back : 0;
    }
  }
  return 0;
}

function decodeBadBlock(bytes: Buffer, lineEnd: number): TextBlock {
  const badLines: number[] = [];
  let text = '';
  for (let start = 0; start < bytes.length;) {
    const found = bytes.indexOf(lineEnd, start);
    const end = found === -1 ? bytes.length : found + 1;
    const line = bytes.subarray(start, end);
    if (!isUtf8(line)) badLines.push(text.length);
    text += line.toString('utf8');
    start = end;
  }
  return { text, badLines };
}

function decode(bytes: Buffer, lineEnd: number): TextBlock {
  // The same text twice as fast as from UTF-8, and most files have nothing else.
  if (isAscii(bytes)) return { text: bytes.toString('latin1'), badLines: [] };
  return isUtf8(bytes) ? { text: bytes.toString('utf8'), badLines: [] } : decodeBadBlock(bytes, lineEnd);
}

/** Decodes strictly, across borders of chunks. Blocks are never empty. */
export async function* decodeUtf8(
  source: AsyncIterable<Uint8Array>,
  lineEnd = LINE_FEED,
): AsyncGenerator<TextBlock> {
  let open: Buffer = Buffer.alloc(0);
  for await (const chunk of source) {
    const view = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const bytes = open.length === 0 ? view : Buffer.concat([open, view]);
    const ready = bytes.length - openBytes(bytes);
    open = Buffer.from(bytes.subarray(ready));
    if (ready > 0) yield decode(bytes.subarray(0, ready), lineEnd);
  }
  if (open.length > 0) yield decode(open, lineEnd);
}
