import * as zlib from 'node:zlib';

const POLYNOMIAL = 0xedb88320;

const TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1;
  return value;
});

/** A tenth as fast as zlib's own, which Node has since 20.15 and 22.2. */
export function crc32ByTable(bytes: Uint8Array, before = 0): number {
  let value = ~before;
  for (const byte of bytes) value = (TABLE[(value ^ byte) & 0xff] as number) ^ (value >>> 8);
  return ~value >>> 0;
}

const fastest = (zlib.crc32 as typeof zlib.crc32 | undefined) ?? crc32ByTable;

/** CRC-32 as gzip has it (RFC 1952), gone on from that of the bytes `before`. */
export function crc32(bytes: Uint8Array, before = 0): number {
  // zlib takes no bytes to mean: begin anew.
  return bytes.length === 0 ? before : fastest(bytes, before);
}
