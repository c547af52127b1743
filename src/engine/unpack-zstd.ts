import type { ZstdBinding } from 'zstd-codec/lib/module.js';
import { PackingFault } from './packing-fault';
import { ZstdFrames } from './zstd-frames';

/** In an object of its own: the binding has a `then` that never ends, and promises would ask it. */
export interface Zstd {
  binding: ZstdBinding;
}

/**
 * The reference decoder, as WebAssembly: Node's own has zstd only since 22.15. A new one each time, since its 16 MiB come
 * to pieces after many windows of different sizes, and a decoder that has run out of memory is of no more use.
 */
export async function loadZstd(): Promise<Zstd> {
  const { run } = await import('zstd-codec/lib/module.js');
  return new Promise<Zstd>((resolve) => run((binding) => resolve({ binding })));
}

/**
 * Unpacks frame after frame, at most one block (128 KiB unpacked) at a time, so that a bomb is noticed before it fills
 * the memory. Checksums are checked where frames have them.
 * @throws PackingFault when the bytes are damaged or cut off
 */
export function* unpackZstdChunks({ binding }: Zstd, chunks: Iterable<Uint8Array>): Generator<Buffer> {
  const unpacker = createUnpacker(binding);
  try {
    for (const chunk of chunks) yield* unpacker.push(chunk);
    unpacker.end();
  } finally {
    unpacker.close();
  }
}

/** The same for bytes that arrive in time. */
export async function* unpackZstd(source: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  const { binding } = await loadZstd();
  const unpacker = createUnpacker(binding);
  try {
    for await (const chunk of source) yield* unpacker.push(chunk);
    unpacker.end();
  } finally {
    unpacker.close();
  }
}

function createUnpacker({ ZstdDecompressStreamBinding: Stream }: ZstdBinding) {
  const frames = new ZstdFrames();
  const stream = new Stream();
  stream.begin();
  let isLost = false;
  const transform: typeof stream.transform = (packed, give) => {
    try {
      return stream.transform(packed, give);
    } catch {
      isLost = true;
      throw new PackingFault('it asks for more memory than is given');
    }
  };
  return {
    *push(chunk: Uint8Array): Generator<Buffer> {
      for (let at = 0; at < chunk.length;) {
        const end = frames.advance(chunk, at);
        const unpacked: Buffer[] = [];
        // A copy, since the decoder gives a view of its own memory.
        if (!transform(chunk.subarray(at, end), (bytes) => void unpacked.push(Buffer.from(bytes))))
          throw new PackingFault('its bytes are damaged');
        at = end;
        yield* unpacked;
      }
    },
    end: () => frames.end(),
    close: () => {
      if (!isLost) stream.delete();
    },
  };
}
