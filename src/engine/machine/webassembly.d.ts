/** The part of WebAssembly that is used: TypeScript declares it with browsers only. */
declare namespace WebAssembly {
  class Memory {
    readonly buffer: ArrayBuffer;
    /** In pages of 64 KiB. */
    constructor(size: { initial: number; maximum: number });
    grow(pages: number): number;
  }

  class Module {
    constructor(bytes: Uint8Array);
  }

  class Instance {
    readonly exports: object;
    constructor(module: Module, imports: { env: { memory: Memory } });
  }

  interface Global {
    readonly value: unknown;
  }
}
