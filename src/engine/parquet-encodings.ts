import { malformed, unsupported } from './parquet-fault';
import type { ParquetLibrary, Reader } from './parquet-library';

/** More values than these in one page would have to be held at once. */
const MOST_VALUES = 16 * 1024 * 1024;
/** Bytes that the values of one page may unfold to, where each repeats a part of the one before it. */
const MOST_UNFOLDED = 1024 * 1024 * 1024;

function* plainByteArrays(page: Uint8Array, { view, offset }: Reader): Generator<Uint8Array> {
  for (let at = offset; at < page.length;) {
    const length = view.getUint32(at, true);
    at += 4;
    if (at + length > page.length) throw malformed('a value is longer than its page');
    yield page.subarray(at, at + length);
    at += length;
  }
}

function lengths(library: ParquetLibrary, reader: Reader, count: number): Int32Array {
  const output = new Int32Array(count);
  library.deltaBinaryUnpack(reader, count, output);
  if (output.some((length) => length < 0)) throw malformed('a value has a negative length');
  return output;
}

function* suffixes(page: Uint8Array, reader: Reader, of: Int32Array): Generator<Uint8Array> {
  let at = reader.offset;
  for (const length of of) {
    if (at + length > page.length) throw malformed('a value is longer than its page');
    yield page.subarray(at, at + length);
    at += length;
  }
}

function* prefixed(prefixes: Int32Array, rest: Iterable<Uint8Array>): Generator<Uint8Array> {
  let before: Uint8Array = new Uint8Array(0);
  let index = 0;
  let unfolded = 0;
  for (const suffix of rest) {
    const prefix = prefixes[index] as number;
    if (prefix > before.length) throw malformed('a value repeats more of the one before it than there is');
    unfolded += prefix + suffix.length;
    if (unfolded > MOST_UNFOLDED)
      throw unsupported(`the values of a page unfold to more than ${MOST_UNFOLDED} bytes`);
    before = Buffer.concat([before.subarray(0, prefix), suffix]);
    index += 1;
    yield before;
  }
}

/**
 * The values of a page that has no dictionary, as they are stored. Byte arrays come one by one, since what they unfold
 * to is not bounded by the page.
 */
export function decodeValues(
  library: ParquetLibrary,
  page: Uint8Array,
  reader: Reader,
  about: { encoding: string; type: string; length: number | undefined; count: number },
): Iterator<unknown> {
  const { encoding, type, length, count } = about;
  if (count > MOST_VALUES) throw unsupported(`a page has more than ${MOST_VALUES} values`);
  if (count === 0) return [].values();
  switch (encoding) {
    case 'PLAIN':
      if (type === 'BYTE_ARRAY') return plainByteArrays(page, reader);
      return Array.prototype.values.call(library.readPlain(reader, type, count, length));
    case 'DELTA_BINARY_PACKED': {
      if (type !== 'INT32' && type !== 'INT64') throw malformed(`a page of ${type} is encoded as numbers`);
      const output = type === 'INT32' ? new Int32Array(count) : new BigInt64Array(count);
      library.deltaBinaryUnpack(reader, count, output);
      return output.values();
    }
    case 'DELTA_LENGTH_BYTE_ARRAY':
      return suffixes(page, reader, lengths(library, reader, count));
    case 'DELTA_BYTE_ARRAY': {
      const prefixes = lengths(library, reader, count);
      return prefixed(prefixes, suffixes(page, reader, lengths(library, reader, count)));
    }
    case 'BYTE_STREAM_SPLIT':
      return Array.prototype.values.call(library.byteStreamSplit(reader, count, type, length));
    default:
      throw unsupported(`a page is encoded as ${encoding}`);
  }
}
