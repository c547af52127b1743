/** The part of WebAssembly that is used: TypeScript declares it with browsers only. */
declare namespace WebAssembly {
  interface Memory {
    readonly buffer: ArrayBuffer;
    /** By pages of 64 KiB. @throws RangeError when there is no more */
    grow(pages: number): number;
  }
  interface Instance {
    readonly exports: object;
  }
  interface Global {
    readonly value: unknown;
  }
  type Module = object;

  const Memory: new (size: { initial: number; maximum: number }) => Memory;
  const Module: new (bytes: Uint8Array) => Module;
  const Instance: new (module: Module, imports: { env: { memory: Memory } }) => Instance;
}
