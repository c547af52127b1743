/** A key as bytes; equal keys have equal bytes, and none other. */
export interface KeySpan {
  bytes: Buffer;
  start: number;
  end: number;
}

export const spanOf = (text: string): KeySpan => {
  const bytes = Buffer.from(text);
  return { bytes, start: 0, end: bytes.length };
};

export const textOf = ({ bytes, start, end }: KeySpan): string => bytes.toString('utf8', start, end);

/** FNV-1a with a finish that spreads keys which differ in one digit. */
export function hashKey({ bytes, start, end }: KeySpan, seed: number): number {
  let value = 0x811c9dc5 ^ seed;
  for (let at = start; at < end; at += 1) value = Math.imul(value ^ (bytes[at] as number), 0x01000193);
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}
