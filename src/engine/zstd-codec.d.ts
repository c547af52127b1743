declare module 'zstd-codec/lib/module.js' {
  interface DecompressStream {
    begin(): boolean;
    /** The chunk that `give` gets is a view of memory that is used again. False when the bytes are damaged. */
    transform(chunk: Uint8Array, give: (unpacked: Uint8Array) => void): boolean;
    delete(): void;
  }
  interface CompressStream {
    begin(level: number): boolean;
    transform(chunk: Uint8Array, give: (packed: Uint8Array) => void): boolean;
    end(give: (packed: Uint8Array) => void): boolean;
    delete(): void;
  }
  export interface ZstdBinding {
    ZstdDecompressStreamBinding: new () => DecompressStream;
    ZstdCompressStreamBinding: new () => CompressStream;
  }
  export function run(ready: (binding: ZstdBinding) => void): void;
}
