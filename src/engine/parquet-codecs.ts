import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { malformed, unsupported } from './parquet-fault';
import type { ParquetLibrary } from './parquet-library';
import { unpackFramedLz4, unpackLz4Block } from './unpack-lz4';
import { unpackZstdChunks, type Zstd } from './unpack-zstd';

export interface Codecs {
  library: ParquetLibrary;
  zstd: Zstd;
  /** Of all pages that are open, unpacked. */
  heldBytes: number;
}

function unzstd(zstd: Zstd, packed: Uint8Array, size: number): Uint8Array {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for (const piece of unpackZstdChunks(zstd, [packed])) {
    pieces.push(piece);
    bytes += piece.length;
    if (bytes > size) throw malformed('a page is larger than its header says');
  }
  return Buffer.concat(pieces);
}

function unpackAny({ library, zstd }: Codecs, codec: string, packed: Uint8Array, size: number): Uint8Array {
  switch (codec) {
    case 'UNCOMPRESSED':
      return packed;
    case 'SNAPPY': {
      const page = new Uint8Array(size);
      library.snappyUncompress(packed, page);
      return page;
    }
    case 'GZIP':
      return gunzipSync(packed, { maxOutputLength: Math.max(size, 1) });
    case 'BROTLI':
      return brotliDecompressSync(packed, { maxOutputLength: Math.max(size, 1) });
    case 'ZSTD':
      return unzstd(zstd, packed, size);
    case 'LZ4_RAW':
      return unpackLz4Block(packed, size);
    case 'LZ4':
      return unpackFramedLz4(packed, size);
    default:
      throw unsupported(
        `its pages are compressed as ${codec}; write it with snappy, gzip, brotli, zstd, LZ4_RAW or none`,
      );
  }
}

/** @returns a page in memory of its own, so that nothing can be read past its end */
export function unpackPage(codecs: Codecs, codec: string, packed: Uint8Array, size: number): Uint8Array {
  if (size === 0) return new Uint8Array(0);
  const page = unpackAny(codecs, codec, packed, size);
  if (page.length !== size) throw malformed('a page has another size than its header says');
  return page.byteOffset === 0 && page.buffer.byteLength === page.length ? page : new Uint8Array(page);
}
