import type { TextEncoding } from '../definition/format';
import { decodeUtf8, type TextBlock } from './decode-utf8';
import { joined } from './joined-source';

/** The file is in another encoding than it should be in, as its first bytes say; nothing of it can be read. */
export class EncodingFault extends Error {
  override readonly name = 'EncodingFault';
  constructor(
    readonly expected: string,
    readonly received: string,
  ) {
    super(`expected ${expected}, got ${received}`);
  }
}

const REPLACEMENT = '\uFFFD';

/** Bytes 0x80 to 0x9f of Windows-1252, as Unicode's own table has them; five are not in use. */
const WINDOWS_1252 =
  '\u20AC\uFFFD\u201A\u0192\u201E\u2026\u2020\u2021\u02C6\u2030\u0160\u2039\u0152\uFFFD\u017D\uFFFD' +
  '\uFFFD\u2018\u2019\u201C\u201D\u2022\u2013\u2014\u02DC\u2122\u0161\u203A\u0153\uFFFD\u017E\u0178';

function markBadLines(text: string, lineEnd: string): TextBlock {
  const badLines: number[] = [];
  for (let at = text.indexOf(REPLACEMENT); at !== -1;) {
    badLines.push(text.lastIndexOf(lineEnd, at) + 1);
    const next = text.indexOf(lineEnd, at);
    at = next === -1 ? -1 : text.indexOf(REPLACEMENT, next);
  }
  return { text, badLines };
}

function decodeSingleBytes(
  encoding: 'latin1' | 'windows-1252',
  lineEnd: string,
): (bytes: Buffer) => TextBlock {
  if (encoding === 'latin1') return (bytes) => ({ text: bytes.toString('latin1'), badLines: [] });
  return (bytes) => {
    const text = bytes.toString('latin1');
    const mapped = text.replace(/[\x80-\x9f]/g, (each) => WINDOWS_1252.charAt(each.charCodeAt(0) - 0x80));
    return mapped === text ? { text, badLines: [] } : markBadLines(mapped, lineEnd);
  };
}

const LONE_SURROGATE = /\p{Surrogate}/u;
const isHighSurrogate = (unit: number): boolean => unit >= 0xd800 && unit < 0xdc00;

function decodeUnits(bytes: Buffer, bigEndian: boolean, lineEnd: string): TextBlock {
  const text = (bigEndian ? Buffer.from(bytes).swap16() : bytes).toString('utf16le');
  if (!LONE_SURROGATE.test(text)) return { text, badLines: [] };
  const badLines: number[] = [];
  let start = 0;
  for (const line of text.split(lineEnd)) {
    if (LONE_SURROGATE.test(line)) badLines.push(start);
    start += line.length + 1;
  }
  return { text: text.replace(/\p{Surrogate}/gu, REPLACEMENT), badLines };
}

async function* decodeUtf16(
  source: AsyncIterable<Uint8Array>,
  bigEndian: boolean,
  lineEnd: string,
): AsyncGenerator<TextBlock> {
  let open: Buffer = Buffer.alloc(0);
  for await (const chunk of source) {
    const bytes = Buffer.concat([open, chunk]);
    let ready = bytes.length - (bytes.length % 2);
    // A character may go on in the next chunk.
    if (
      ready > 0 &&
      isHighSurrogate(bigEndian ? bytes.readUInt16BE(ready - 2) : bytes.readUInt16LE(ready - 2))
    )
      ready -= 2;
    open = Buffer.from(bytes.subarray(ready));
    if (ready > 0) yield decodeUnits(bytes.subarray(0, ready), bigEndian, lineEnd);
  }
  if (open.length > 0) yield { text: REPLACEMENT, badLines: [0] };
}

async function* decodeBytes(
  source: AsyncIterable<Uint8Array>,
  decode: (bytes: Buffer) => TextBlock,
): AsyncGenerator<TextBlock> {
  for await (const { buffer, byteOffset, byteLength } of source)
    yield decode(Buffer.from(buffer, byteOffset, byteLength));
}

const MARKS = [
  ['UTF-8', [0xef, 0xbb, 0xbf]],
  ['UTF-16 (little-endian)', [0xff, 0xfe]],
  ['UTF-16 (big-endian)', [0xfe, 0xff]],
] as const;
type Mark = (typeof MARKS)[number][0];

const ALLOWED: Record<TextEncoding, readonly (Mark | undefined)[]> = {
  'utf-8': ['UTF-8', undefined],
  'utf-16': ['UTF-16 (little-endian)', 'UTF-16 (big-endian)'],
  'utf-16le': ['UTF-16 (little-endian)', undefined],
  'utf-16be': ['UTF-16 (big-endian)', undefined],
  latin1: [undefined],
  'windows-1252': [undefined],
};

interface Unmarked {
  mark: Mark | undefined;
  rest: AsyncIterable<Uint8Array>;
}

async function readMark(
  source: AsyncIterable<Uint8Array>,
  encoding: TextEncoding,
  because: string,
): Promise<Unmarked> {
  const iterator = source[Symbol.asyncIterator]();
  let first = Buffer.alloc(0);
  for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
    first = Buffer.concat([first, next.value]);
    if (first.length >= 3) break;
  }
  const found = MARKS.find(([, bytes]) => bytes.every((byte, at) => first[at] === byte));
  const mark = found?.[0];
  if (ALLOWED[encoding].includes(mark))
    return { mark, rest: joined(first.subarray(found?.[1].length ?? 0), iterator) };
  throw new EncodingFault(
    `${encoding}${because}`,
    mark ? `${mark}, as its byte order mark says` : 'no byte order mark, which says which UTF-16 it is',
  );
}

/**
 * The bytes behind the byte order mark, if there is one.
 * @throws EncodingFault when it says that they are in another encoding
 */
export const skipByteOrderMark = async (
  source: AsyncIterable<Uint8Array>,
  encoding: TextEncoding,
  because = '',
): Promise<AsyncIterable<Uint8Array>> => (await readMark(source, encoding, because)).rest;

/**
 * Decodes strictly, across borders of chunks, without the byte order mark.
 * @param lineEnd the character that ends lines, for telling which ones have bytes that cannot be decoded
 * @param because why it must be this encoding, for the words of the fault
 * @throws EncodingFault when a byte order mark says that it is another encoding, or `utf-16` has none
 */
export async function* decodeText(
  source: AsyncIterable<Uint8Array>,
  encoding: TextEncoding,
  { lineEnd = '\n', because = '' }: { lineEnd?: '\n' | '\r'; because?: string } = {},
): AsyncGenerator<TextBlock> {
  const { mark, rest } = await readMark(source, encoding, because);
  if (encoding === 'utf-8') yield* decodeUtf8(rest, lineEnd.charCodeAt(0));
  else if (encoding === 'latin1' || encoding === 'windows-1252')
    yield* decodeBytes(rest, decodeSingleBytes(encoding, lineEnd));
  else yield* decodeUtf16(rest, mark === 'UTF-16 (big-endian)' || encoding === 'utf-16be', lineEnd);
}
