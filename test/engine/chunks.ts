import fc from 'fast-check';

/** Bytes in chunks as a store may send them: any borders, also inside a character or a line end. */
export async function* inChunks(bytes: Buffer, borders: readonly number[]): AsyncGenerator<Uint8Array> {
  const places = [...new Set(borders.map((border) => border % (bytes.length + 1)))].sort((a, b) => a - b);
  let start = 0;
  for (const place of [...places, bytes.length]) {
    if (place > start) yield bytes.subarray(start, place);
    start = Math.max(start, place);
  }
  await Promise.resolve();
}

export const borders = fc.array(fc.nat(100_000), { maxLength: 12 });

export const bytesOf = (text: string): AsyncGenerator<Uint8Array> => inChunks(Buffer.from(text), []);

export async function all<T>(batches: AsyncIterable<readonly T[]>): Promise<T[]> {
  const found: T[] = [];
  for await (const batch of batches) found.push(...batch);
  return found;
}
