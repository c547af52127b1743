/** The same bytes with room for `more` behind the first `used`: themselves, or a copy that is large enough for some time. */
export function withRoom(bytes: Buffer, used: number, more: number): Buffer {
  if (used + more <= bytes.length) return bytes;
  const larger = Buffer.allocUnsafeSlow((used + more) * 2);
  bytes.copy(larger, 0, 0, used);
  return larger;
}

type Numbers = Int32Array<ArrayBuffer> | Float64Array<ArrayBuffer> | Uint8Array<ArrayBuffer>;

/** A copy that is twice as long. */
export function doubled<T extends Numbers>(from: T): T {
  const into = new (from.constructor as new (length: number) => T)(from.length * 2);
  into.set(from);
  return into;
}
