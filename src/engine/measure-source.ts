import { createHash } from 'node:crypto';

/** Bytes on their way from the store, counted and hashed as they pass. */
export interface MeasuredSource extends AsyncIterable<Uint8Array> {
  /** So far. */
  readonly bytes: number;
  /** Reads what nobody has read yet, so that count and hash are of the whole object. */
  drain(): Promise<void>;
  /** Hexadecimal, of all that was read; once, at the end. */
  sha256(): string;
  /** The same; undefined where it was not asked for. */
  md5(): string | undefined;
}

export function measureSource(
  source: AsyncIterable<Uint8Array>,
  { md5 = false }: { md5?: boolean } = {},
): MeasuredSource {
  const hash = createHash('sha256');
  const md5Hash = md5 ? createHash('md5') : undefined;
  const iterator = source[Symbol.asyncIterator]();
  let bytes = 0;
  const next = async (): Promise<IteratorResult<Uint8Array, undefined>> => {
    const result = await iterator.next();
    if (result.done) return { done: true, value: undefined };
    bytes += result.value.length;
    hash.update(result.value);
    md5Hash?.update(result.value);
    return { done: false, value: result.value };
  };
  return {
    get bytes() {
      return bytes;
    },
    // Without `return`, so that a reader that stops early does not close the source under `drain`.
    [Symbol.asyncIterator]: () => ({ next }),
    async drain() {
      while (!(await next()).done);
    },
    sha256: () => hash.digest('hex'),
    md5: () => md5Hash?.digest('hex'),
  };
}
