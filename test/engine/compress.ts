import type { ZstdBinding } from 'zstd-codec/lib/module.js';
import { loadZstd } from '../../src/engine/unpack-zstd';

/** One zstd frame; Node itself writes zstd only since 22.15. */
export function zstdFrame({ ZstdCompressStreamBinding }: ZstdBinding, chunks: readonly Uint8Array[]): Buffer {
  const stream = new ZstdCompressStreamBinding();
  const packed: Buffer[] = [];
  const keep = (bytes: Uint8Array): void => void packed.push(Buffer.from(bytes));
  stream.begin(3);
  for (const chunk of chunks) stream.transform(chunk, keep);
  stream.end(keep);
  stream.delete();
  return Buffer.concat(packed);
}

export const zstd = async (...texts: readonly (string | Uint8Array)[]): Promise<Buffer> =>
  zstdFrame(
    (await loadZstd()).binding,
    texts.map((text) => Buffer.from(text)),
  );
