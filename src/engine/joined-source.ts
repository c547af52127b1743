/** Bytes that were read already, and all that comes behind them; without `return`, which would close the source. */
export function joined(first: Uint8Array, iterator: AsyncIterator<Uint8Array>): AsyncIterable<Uint8Array> {
  let begun = first.length === 0;
  return {
    [Symbol.asyncIterator]: () => ({
      next: () => {
        if (begun) return iterator.next();
        begun = true;
        return Promise.resolve({ done: false, value: first });
      },
    }),
  };
}
