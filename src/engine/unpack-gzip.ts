import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { PackingFault } from './packing-fault';

const CHUNK_BYTES = 256 * 1024;

/** By shape: where contexts are mixed (as Jest does), Node's own errors are of another `Error`. */
const isZlibError = (error: unknown): error is { code: string; message: string } =>
  typeof error === 'object' && error !== null && 'code' in error && String(error.code).startsWith('Z_');

/**
 * Unpacks member after member.
 * @throws PackingFault when the bytes are damaged, cut off, or have something behind the last member
 */
export async function* unpackGzip(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of source) {
      bytes += chunk.length;
      yield chunk;
    }
  }
  const packed = Readable.from(counted(), { objectMode: false, highWaterMark: CHUNK_BYTES });
  const unpacked = createGunzip({ chunkSize: CHUNK_BYTES });
  packed.on('error', (error) => unpacked.destroy(error));
  try {
    yield* packed.pipe(unpacked) as AsyncIterable<Uint8Array>;
    // Zlib stops at a zero byte behind a member, and would leave out whatever follows it.
    for await (const chunk of source) bytes += chunk.length;
    const left = bytes - unpacked.bytesWritten;
    if (left > 0) throw new PackingFault(`${left} bytes that are no gzip stand behind its end`);
  } catch (error) {
    if (isZlibError(error)) throw new PackingFault(error.message);
    throw error;
  } finally {
    packed.destroy();
  }
}
