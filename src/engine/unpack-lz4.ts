import { uncompressSync } from 'lz4-napi';
import { malformed } from './parquet-fault';

const BLOCK_HEADER_BYTES = 8;

/** @throws when it is no block of LZ4, or unpacks to more than `size` bytes */
export function unpackLz4Block(packed: Uint8Array, size: number): Buffer {
  const block = Buffer.alloc(packed.length + 4);
  block.writeUInt32LE(size, 0);
  block.set(packed, 4);
  return uncompressSync(block);
}

/**
 * Parquet's older codec LZ4: blocks as Hadoop frames them, each behind its two sizes, or one block without a frame. The
 * specification tells of both.
 * @throws when it is neither
 */
export function unpackFramedLz4(packed: Uint8Array, size: number): Buffer {
  const blocks: Buffer[] = [];
  const view = new DataView(packed.buffer, packed.byteOffset, packed.length);
  let unpacked = 0;
  for (let at = 0; at < packed.length;) {
    const isFramed = at + BLOCK_HEADER_BYTES <= packed.length;
    const blockSize = isFramed ? view.getUint32(at) : 0;
    const packedSize = isFramed ? view.getUint32(at + 4) : 0;
    const from = at + BLOCK_HEADER_BYTES;
    if (!isFramed || unpacked + blockSize > size || from + packedSize > packed.length) {
      if (blocks.length > 0) throw malformed('a page has a damaged frame of LZ4');
      return unpackLz4Block(packed, size);
    }
    const block = unpackLz4Block(packed.subarray(from, from + packedSize), blockSize);
    if (block.length !== blockSize) throw malformed('a page has a damaged frame of LZ4');
    blocks.push(block);
    unpacked += blockSize;
    at = from + packedSize;
  }
  return Buffer.concat(blocks);
}
